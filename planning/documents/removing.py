"""Of what may be made, changed and removed: what removes it."""

from collections.abc import Iterable, Iterator

from planning.documents.slices import OF_PULL_REQUESTS
from planning.documents.statements import Statement, actions_of, allow

_VERBS = ("Delete", "Detach", "Disassociate", "Release", "Retire", "Revoke", "Schedule", "Unsubscribe")
# They begin like those that remove, and change what stays.
_CHANGES = ("ec2:DeleteTags", "logs:DeleteRetentionPolicy", "logs:DisassociateKmsKey")
# How AWS names the removal of a part, for it has no other action for that: the configuration of a bucket, a budget, the policy of a topic,
# a member of a group, a label of a version; and the protection of a copy that a drill left is taken off before it is deleted.
REMOVES_BY_A_CHANGE = (
    "budgets:ModifyBudget",
    "elasticache:ModifyUserGroup",
    "rds:ModifyDBInstance",
    "rds:RemoveSourceIdentifierFromSubscription",
    "s3:PutBucketLogging",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "secretsmanager:UpdateSecretVersionStage",
    "sns:SetTopicAttributes",
)
_LOOKS = ("Describe", "Get", "List")
# The provider looks whether the version of a secret is gone by reading it.
_READS = "kms:Decrypt"

_FOUND = (
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribeSnapshots",
    "ec2:DescribeVolumes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroups",
    "iam:GetInstanceProfile",
    "iam:ListInstanceProfiles",
    "rds:DescribeDBSnapshots",
    "tag:GetResources",
)
_LEFT_BEHIND = (
    "ec2:DeleteLaunchTemplate",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteSnapshot",
    "ec2:DeleteVolume",
    "ec2:TerminateInstances",
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DeleteTargetGroup",
    "iam:DeleteInstanceProfile",
    "iam:RemoveRoleFromInstanceProfile",
    "rds:DeleteDBSnapshot",
)


def removing(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The same statements with those of their actions that look or remove, on the same things under the same conditions; what is denied
    stays denied."""
    for each in statements:
        kept = [action for action in actions_of(each) if _removes(action)]
        if each["Effect"] == "Deny":
            yield each
        elif kept:
            yield {**each, "Action": kept}


def left_behind() -> tuple[Statement, ...]:
    """Finds what controllers in clusters and drills leave, and deletes it by the tag, as scripts/leftovers.py does."""
    ours = {"StringLike": {"aws:ResourceTag/deployment": OF_PULL_REQUESTS}}
    return (
        allow("FindLeftBehind", _FOUND, resources="*"),
        allow("LeftBehind", _LEFT_BEHIND, resources="*", conditions=ours),
    )


def _removes(action: str) -> bool:
    verb = action.partition(":")[2]
    return action in (*REMOVES_BY_A_CHANGE, _READS) or (verb.startswith((*_VERBS, *_LOOKS)) and action not in _CHANGES)
