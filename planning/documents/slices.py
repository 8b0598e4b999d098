"""What CI may do with slices of pull requests on their platform: tenants whose names begin as planning/tenants.py says."""

from planning import arns
from planning.documents.statements import Conditions, Statement, allow
from planning.names import PROJECT, PULL_REQUESTS, Names
from planning.tenants import OfPullRequests

OF_PULL_REQUESTS = f"{PROJECT}/{PULL_REQUESTS}*"
"""What the tag `deployment` says of everything that a stack of a pull request makes."""

OF_OTHERS: Conditions = {
    "StringNotLike": {"aws:ResourceTag/deployment": OF_PULL_REQUESTS},
    "Null": {"aws:ResourceTag/deployment": "false"},
}
"""Of what has a tag that says another deployment: by itself a negated operator holds where there is no tag too
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)."""

_CACHE_USERS = (
    "elasticache:AddTagsToResource",
    "elasticache:CreateUser",
    "elasticache:DeleteUser",
    "elasticache:ModifyUser",
    "elasticache:RemoveTagsFromResource",
)
_SECRETS = (
    "secretsmanager:CreateSecret",
    "secretsmanager:DeleteSecret",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:GetSecretValue",
    "secretsmanager:ListSecretVersionIds",
    "secretsmanager:PutSecretValue",
    "secretsmanager:TagResource",
    "secretsmanager:UntagResource",
    "secretsmanager:UpdateSecret",
    "secretsmanager:UpdateSecretVersionStage",
)
_CONTRACTS = (
    "ssm:AddTagsToResource",
    "ssm:DeleteParameter",
    "ssm:ListTagsForResource",
    "ssm:PutParameter",
    "ssm:RemoveTagsFromResource",
)
_READ_ROLES = ("iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies")


def on_platform(platform: Names, region: str) -> tuple[Statement, ...]:
    """Reads the platform's contract, and makes, changes and removes what slices have beside it.

    Of what is the platform's own, it takes users of slices into its group of users, and encrypts the slices' secrets with its key.
    """
    account, here, slices = platform.account, f"{region}:{platform.account}", OfPullRequests(platform)
    cache_users = [f"arn:aws:elasticache:{here}:user:{name}" for name in slices.cache_users]
    associations = f"arn:aws:eks:{here}:podidentityassociation/{platform.any_cluster}"
    return (
        allow(
            "ReadContract",
            ("ssm:GetParameter", "ssm:GetParameters"),
            resources=arns.parameter(region, account, f"/{PROJECT}/{platform.environment}/*"),
        ),
        allow("Contracts", _CONTRACTS, resources=arns.parameter(region, account, slices.parameters)),
        allow("ReadRoles", _READ_ROLES, resources=arns.role(account, slices.roles)),
        allow("Secrets", _SECRETS, resources=arns.secret(region, account, slices.secrets)),
        # Secrets Manager uses the key as whoever makes, changes or reads a secret:
        # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
        allow(
            "KeyOfSecrets",
            ("kms:Decrypt", "kms:GenerateDataKey*"),
            resources=f"arn:aws:kms:{here}:key/*",
            conditions={
                "StringEquals": {
                    "aws:ResourceTag/deployment": platform.deployment,
                    "kms:ViaService": f"secretsmanager.{region}.amazonaws.com",
                }
            },
        ),
        allow("CacheUsers", _CACHE_USERS, resources=cache_users),
        # It names the group, and each user who comes or goes.
        allow(
            "CacheMembers",
            "elasticache:ModifyUserGroup",
            resources=[*cache_users, f"arn:aws:elasticache:{here}:usergroup:{platform.environment}-*"],
        ),
        *_associations(arns.cluster(region, account, platform.any_cluster), associations),
    )


def objects(platform: Names) -> tuple[Statement, ...]:
    """Finds and deletes what pods of slices wrote into the platform's buckets, in every version, and reads none of it."""
    bucket, prefix = arns.bucket(platform.any_bucket), OfPullRequests(platform).prefixes
    return (
        allow("FindObjects", "s3:ListBucketVersions", resources=bucket, conditions={"StringLike": {"s3:prefix": prefix}}),
        # DeleteObjects takes both: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html.
        allow("DeleteObjects", ("s3:DeleteObject", "s3:DeleteObjectVersion"), resources=f"{bucket}/{prefix}"),
    )


def _associations(cluster: str, associations: str) -> tuple[Statement, ...]:
    """AWS names them: a slice's are known by their tag, and one that has none is new.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
    """
    made: Conditions = {"StringLike": {"aws:RequestTag/deployment": OF_PULL_REQUESTS}}
    ours: Conditions = {"StringLike": {"aws:ResourceTag/deployment": OF_PULL_REQUESTS}}
    return (
        allow("ReadAssociations", ("eks:DescribePodIdentityAssociation", "eks:ListTagsForResource"), resources=associations),
        allow("MakeAssociations", "eks:CreatePodIdentityAssociation", resources=cluster, conditions=made),
        allow(
            "TagNewAssociations",
            "eks:TagResource",
            resources=associations,
            conditions={**made, "Null": {"aws:ResourceTag/deployment": "true"}},
        ),
        allow(
            "Associations",
            ("eks:DeletePodIdentityAssociation", "eks:TagResource", "eks:UntagResource", "eks:UpdatePodIdentityAssociation"),
            resources=associations,
            conditions=ours,
        ),
    )
