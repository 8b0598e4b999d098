"""The permissions boundary: what no role of an environment can ever do, whatever its own policies say."""

from collections.abc import Sequence

from planning import arns
from planning.documents import limits, replication
from planning.documents.replication import Replica
from planning.documents.statements import Statement, allow, deny, deny_all_but, document
from planning.names import STATE_KEY, Names

PURPOSE = "boundary"

# What clusters in Auto Mode, their nodes, workloads and the deploy role call, besides S3, Secrets Manager and STS, which are allowed by
# name. Each role's own policies say what of it they may.
SERVICES = (
    "acm",
    "athena",
    "autoscaling",
    "budgets",
    "cloudwatch",
    "codebuild",
    "cognito-idp",
    "ec2",
    "ecr",
    "eks",
    "eks-auth",
    "elasticache",
    "elasticloadbalancing",
    "firehose",
    "glue",
    "kinesis",
    "kms",
    "logs",
    "rds",
    "rds-db",
    "shield",
    "sns",
    "sqs",
    "ssm",
    "tag",
    "wafv2",
    "xray",
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html
GLOBAL = ("budgets:*", "iam:*", "shield:*", "sts:*")
PASSED_TO = (
    "codebuild.amazonaws.com",
    "ec2.amazonaws.com",
    "eks.amazonaws.com",
    "firehose.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "pods.eks.amazonaws.com",
    "s3.amazonaws.com",
)
READ_IAM = ("iam:GetInstanceProfile", "iam:GetPolicy*", "iam:GetRole*", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole",
            "iam:ListPolicyVersions", "iam:ListRole*")  # fmt: skip
# Those that IAM holds against the boundary that the role has, or is to get:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
GRANT_RIGHTS = ("iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
                "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy")  # fmt: skip
MANAGE_ROLES = ("iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole")
MANAGE_POLICIES = ("iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:TagPolicy",
                   "iam:UntagPolicy")  # fmt: skip

MAKE_DATABASE_SECRETS = ("secretsmanager:CreateSecret", "secretsmanager:RotateSecret", "secretsmanager:TagResource")


def boundary(names: Names, region: str, *, keeps_audit_logs: bool, replicas: Sequence[Replica] = ()) -> str:
    """The most that a role of the environment may do. It names all that Auto Mode's AWS policies allow, and refuses

    - to change or remove itself, and to make roles that do not carry it;
    - to change the roles of CI, so that no deployment gives the next one more;
    - IAM users and their keys;
    - any other region than the environment's, and those of its `replicas`;
    - buckets, secrets and roles of another name than the environment's, all but writing copies to its `replicas`;
    - states and the key that encrypts them, to all but the roles of CI;
    - where `keeps_audit_logs`, to delete what audits rest on: decisions too, and their lock is never bypassed.

    Raises Refused for a document that IAM would not take.
    """
    account, roles = names.account, arns.role(names.account, names.any_role)
    ci_roles = arns.role(account, f"{names.environment}-ci-*")
    own = arns.policy(account, names.policy(PURPOSE))
    statements = [
        allow("Services", [f"{service}:*" for service in SERVICES], resources="*"),
        *_by_name(names, region, ci_roles),
        allow("ReadIam", READ_IAM, resources="*"),
        allow("GrantRights", GRANT_RIGHTS, resources=roles, conditions={"StringEquals": {"iam:PermissionsBoundary": own}}),
        allow("Roles", MANAGE_ROLES, resources=roles),
        allow("Policies", MANAGE_POLICIES, resources=arns.policy(account, names.any_role)),
        allow("PassRoles", "iam:PassRole", resources=roles, conditions={"StringEquals": {"iam:PassedToService": PASSED_TO}}),
        allow("InstanceProfiles", "iam:AddRoleToInstanceProfile", resources=f"arn:aws:iam::{account}:instance-profile/eks*"),
        allow("ServiceRoles", "iam:CreateServiceLinkedRole", resources=arns.role(account, "aws-service-role/*")),
        deny("Boundary", MANAGE_POLICIES, resources=[own, arns.policy(account, f"{names.environment}-ci-*")]),
        deny("BoundaryOfRoles", "iam:DeleteRolePermissionsBoundary", resources="*"),
        deny("CiRoles", (*GRANT_RIGHTS, *MANAGE_ROLES), resources=ci_roles),
        deny("Users", ("iam:*AccessKey*", "iam:*Group*", "iam:*LoginProfile*", "iam:*User*"), resources="*"),
        *([allow("Replica", replication.WRITES, resources=_copies(replicas))] if replicas else []),
        deny_all_but("Region", GLOBAL, conditions={"StringNotEquals": {"aws:RequestedRegion": _regions(region, replicas)}}),
        *([_audit_logs(names, region)] if keeps_audit_logs else []),
    ]
    return limits.managed(document(*statements), names.policy(PURPOSE))


def _by_name(names: Names, region: str, ci_roles: str) -> tuple[Statement, ...]:
    """What holds data, or leads to it."""
    account, buckets = names.account, arns.bucket(names.any_bucket)
    return (
        allow("Buckets", "s3:*", resources=[buckets, f"{buckets}/*"]),
        *states(names, ci_roles),
        allow("Secrets", "secretsmanager:*", resources=arns.secret(region, account, names.any_secret)),
        allow("DatabaseSecrets", MAKE_DATABASE_SECRETS, resources=arns.secret(region, account, "rds!*")),
        allow("BecomeRoles", ("sts:AssumeRole", "sts:TagSession"), resources=arns.role(account, names.any_role)),
    )


def states(names: Names, ci_roles: str | list[str]) -> tuple[Statement, ...]:
    """The states of stacks and their key are for roles of CI alone. `aws:PrincipalArn` is the role's, not the session's:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn."""
    bucket = arns.bucket(names.state_bucket)
    return (
        allow("States", "s3:*", resources=[bucket, f"{bucket}/*"], conditions={"ArnLike": {"aws:PrincipalArn": ci_roles}}),
        deny(
            "StateKey",
            "kms:*",
            resources="*",
            conditions={"ForAnyValue:StringEquals": {"kms:ResourceAliases": STATE_KEY}, "ArnNotLike": {"aws:PrincipalArn": ci_roles}},
        ),
    )


def _copies(replicas: Sequence[Replica]) -> str | list[str]:
    copies = sorted({f"{each.bucket_arn}/*" for each in replicas})
    return copies[0] if len(copies) == 1 else copies


def _regions(region: str, replicas: Sequence[Replica]) -> str | list[str]:
    others = sorted({each.region for each in replicas} - {region})
    return [region, *others] if others else region


def _audit_logs(names: Names, region: str) -> Statement:
    buckets = [arns.bucket(names.bucket(purpose)) for purpose in ("audit", "decision-log")]
    return deny(
        "AuditLogs",
        ("logs:DeleteLogGroup", "logs:DeleteLogStream", "s3:BypassGovernanceRetention", "s3:DeleteBucket", "s3:DeleteObject*"),
        resources=[
            arns.log_group(region, names.account, f"/aws/eks/{names.any_cluster}"),
            *(arn for bucket in buckets for arn in (bucket, f"{bucket}/*")),
        ],
    )
