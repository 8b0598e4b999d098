"""The AWS calls with which a preview, and the refresh before it, reads what a stack is made of: of each type its settings, never its
data; of secrets the values too, which the stack's state holds anyhow.

The actions are those of https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html, read November 2026. Nothing
was tried on AWS: a call of the provider that is missing here ends a preview with AccessDenied and the call's name.
"""

from planning import arns
from planning.documents.managing_events import in_catalog
from planning.documents.statements import Statement, allow
from planning.names import PROJECT, Names

# Describe calls that take no resource, or of which the provider names none.
_ANYWHERE = (
    "budgets:ListTagsForResource",
    "budgets:ViewBudget",
    "codebuild:BatchGetProjects",
    "ec2:DescribeAddresses",
    "ec2:DescribeAddressesAttribute",
    "ec2:DescribeFlowLogs",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "ec2:GetSubnetCidrReservations",
    "eks:DescribeAddonVersions",
    "elasticache:DescribeCacheClusters",
    "elasticache:DescribeCacheParameterGroups",
    "elasticache:DescribeCacheParameters",
    "elasticache:DescribeCacheSubnetGroups",
    "elasticache:DescribeReplicationGroups",
    "elasticache:DescribeUserGroups",
    "elasticache:DescribeUsers",
    "elasticache:ListTagsForResource",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListResourceTags",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "rds:DescribeDBInstances",
    "rds:DescribeDBParameterGroups",
    "rds:DescribeDBParameters",
    "rds:DescribeDBSubnetGroups",
    "rds:DescribeEventSubscriptions",
    "rds:ListTagsForResource",
    "sns:GetSubscriptionAttributes",
    "ssm:DescribeParameters",
)
_CLUSTERS = (
    "eks:DescribeAccessEntry",
    "eks:DescribeAddon",
    "eks:DescribeCluster",
    "eks:DescribePodIdentityAssociation",
    "eks:ListAssociatedAccessPolicies",
    "eks:ListTagsForResource",
)
# ListBucket is what S3 asks of HeadBucket, by which the provider sees whether a bucket is there: names of objects, and no object.
_BUCKETS = (
    "s3:GetAccelerateConfiguration",
    "s3:GetBucketAcl",
    "s3:GetBucketCORS",
    "s3:GetBucketLocation",
    "s3:GetBucketLogging",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketRequestPayment",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetBucketWebsite",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
)
_IAM = (
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListPolicyVersions",
    "iam:ListRolePolicies",
)
# A preview asks the provider for differences, and only a refresh makes it read: so not GetSecretValue, by which it sees that a version
# is there (https://github.com/pulumi/pulumi-aws/issues/1751). `pulumi preview --refresh` is the deploy role's, and scripts/drift.py leaves
# those versions out for who reads no secret.
_SECRETS = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:ListSecretVersionIds",
)


def reading(names: Names, region: str) -> tuple[Statement, ...]:
    """Reads the settings of what the environment is made of, and the contract that it publishes."""
    account, environment = names.account, names.environment
    here = f"{region}:{account}"
    return (
        allow("Read", _ANYWHERE, resources="*"),
        allow("ReadClusters", _CLUSTERS, resources=_of_clusters(here, names)),
        allow("ReadBuckets", _BUCKETS, resources=arns.bucket(names.any_bucket)),
        allow("ReadIam", _IAM, resources=[arns.role(account, names.any_role), arns.policy(account, names.any_role)]),
        allow("ReadLogGroups", "logs:ListTagsForResource", resources=f"arn:aws:logs:{here}:log-group:*"),
        allow(
            "ReadStreams",
            ("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:ListTagsForResource", "kinesis:ListTagsForStream"),
            resources=arns.stream(region, account, f"{environment}-*"),
        ),
        allow(
            "ReadDeliveries",
            ("firehose:DescribeDeliveryStream", "firehose:ListTagsForDeliveryStream"),
            resources=arns.delivery_stream(region, account, f"{environment}-*"),
        ),
        allow(
            "ReadCatalog",
            ("glue:GetDatabase", "glue:GetPartitionIndexes", "glue:GetTable", "glue:GetTags"),
            resources=in_catalog(names, region),
        ),
        allow(
            "ReadWorkgroups",
            ("athena:GetWorkGroup", "athena:ListTagsForResource"),
            resources=arns.workgroup(region, account, f"{environment}-*"),
        ),
        allow(
            "ReadTopics", ("sns:GetTopicAttributes", "sns:ListTagsForResource"), resources=arns.topic(region, account, f"{environment}-*")
        ),
        allow(
            "ReadRepositories",
            ("ecr:DescribeRepositories", "ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"),
            resources=arns.repository(region, account, names.any_repository),
        ),
        allow(
            "ReadContract",
            ("ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"),
            resources=arns.parameter(region, account, f"/{PROJECT}/{environment}/*"),
        ),
        allow("ReadSecrets", _SECRETS, resources=arns.secret(region, account, names.any_secret)),
    )


def watching(names: Names, region: str) -> tuple[Statement, ...]:
    """Reads besides what scripts/smoke.py asks of an environment that is there: which alarms are raised, and which role pods get."""
    here = f"{region}:{names.account}"
    return (
        allow("ReadAlarms", "cloudwatch:DescribeAlarms", resources="*"),
        allow("FindAssociations", "eks:ListPodIdentityAssociations", resources=f"arn:aws:eks:{here}:cluster/{names.any_cluster}"),
    )


def _of_clusters(here: str, names: Names) -> list[str]:
    return [f"arn:aws:eks:{here}:{kind}/{names.any_cluster}" for kind in ("cluster", "access-entry", "addon", "podidentityassociation")]
