"""The AWS calls with which a deployment makes, changes and removes what holds data, and the keys that encrypt it."""

from planning import arns
from planning.documents.boundary import MAKE_DATABASE_SECRETS
from planning.documents.keys import SERVICES
from planning.documents.statements import Statement, allow, deny, matching
from planning.names import Names

_DATABASES = (
    "rds:AddSourceIdentifierToSubscription",
    "rds:AddTagsToResource",
    "rds:CreateDBInstance",
    "rds:CreateDBParameterGroup",
    "rds:CreateDBSnapshot",
    "rds:CreateDBSubnetGroup",
    "rds:CreateEventSubscription",
    "rds:DeleteDBInstance",
    "rds:DeleteDBParameterGroup",
    "rds:DeleteDBSubnetGroup",
    "rds:DeleteEventSubscription",
    "rds:ModifyDBInstance",
    "rds:ModifyDBParameterGroup",
    "rds:ModifyDBSubnetGroup",
    "rds:ModifyEventSubscription",
    "rds:RebootDBInstance",
    "rds:RemoveSourceIdentifierFromSubscription",
    "rds:RemoveTagsFromResource",
    "rds:ResetDBParameterGroup",
)
_CACHES = (
    "elasticache:AddTagsToResource",
    "elasticache:CreateCacheParameterGroup",
    "elasticache:CreateCacheSubnetGroup",
    "elasticache:CreateReplicationGroup",
    "elasticache:CreateSnapshot",
    "elasticache:CreateUser",
    "elasticache:CreateUserGroup",
    "elasticache:DecreaseReplicaCount",
    "elasticache:DeleteCacheParameterGroup",
    "elasticache:DeleteCacheSubnetGroup",
    "elasticache:DeleteReplicationGroup",
    "elasticache:DeleteUser",
    "elasticache:DeleteUserGroup",
    "elasticache:IncreaseReplicaCount",
    "elasticache:ModifyCacheParameterGroup",
    "elasticache:ModifyCacheSubnetGroup",
    "elasticache:ModifyReplicationGroup",
    "elasticache:ModifyReplicationGroupShardConfiguration",
    "elasticache:ModifyUser",
    "elasticache:ModifyUserGroup",
    "elasticache:RemoveTagsFromResource",
    "elasticache:ResetCacheParameterGroup",
)
_BUCKETS = (
    "s3:CreateBucket",
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketLogging",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
)
_SECRETS = (
    "secretsmanager:CreateSecret",
    "secretsmanager:DeleteSecret",
    # The provider looks for the version that it made: https://github.com/pulumi/pulumi-aws/issues/1751.
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:TagResource",
    "secretsmanager:UntagResource",
    "secretsmanager:UpdateSecret",
    "secretsmanager:UpdateSecretVersionStage",
)
_KEYS = (
    "kms:CancelKeyDeletion",
    "kms:DisableKeyRotation",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
)


def data(names: Names, region: str, *, destroyable: bool) -> tuple[Statement, ...]:
    """Makes, changes and removes what holds data, and reads none of it.

    Where the environment is `destroyable`, objects may go with their buckets; elsewhere whoever retires it needs more than CI has.
    """
    environment, here = names.environment, f"{region}:{names.account}"
    bucket = arns.bucket(names.any_bucket)
    # CreateDBInstance names an option group even where it is RDS's own:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-create-and-modify-examples.html
    options = f"arn:aws:rds:{here}:og:default*"
    emptying = ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions")
    return (
        allow(
            "Databases",
            _DATABASES,
            resources=[*_named(f"arn:aws:rds:{here}", environment, ("db", "es", "snapshot"), ("pg", "subgrp")), options],
        ),
        # RDS makes the secret of a database that manages its own password as whoever makes the database, and shows it to nobody:
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
        allow(
            "DatabaseSecrets",
            MAKE_DATABASE_SECRETS,
            resources=arns.secret(region, names.account, "rds!*"),
        ),
        allow(
            "Caches",
            _CACHES,
            resources=_named(
                f"arn:aws:elasticache:{here}",
                environment,
                ("cluster", "replicationgroup", "snapshot", "user", "usergroup"),
                ("parametergroup", "subnetgroup"),
            ),
        ),
        allow("Secrets", _SECRETS, resources=arns.secret(region, names.account, names.any_secret)),
        allow("Buckets", _BUCKETS, resources=bucket),
        *([allow("Emptying", emptying, resources=[bucket, f"{bucket}/*"])] if destroyable else []),
        *_keys(names, region),
    )


def _named(prefix: str, environment: str, named: tuple[str, ...], auto_named: tuple[str, ...]) -> list[str]:
    """ARNs of kinds that have the environment's name first, and of kinds that Pulumi names after what they are in the program."""
    return [*(f"{prefix}:{kind}:{environment}-*" for kind in named), *(f"{prefix}:{kind}:*" for kind in auto_named)]


def _keys(names: Names, region: str) -> tuple[Statement, ...]:
    """A key has no name: the environment's are known by their tag. They are used through the services of their domains only.

    It may take KMS five minutes to heed a tag, a new key's too: what is done with one before then can end with AccessDenied, and succeeds
    when it is repeated (https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html).
    """
    key, alias = f"arn:aws:kms:{region}:{names.account}:key/*", f"arn:aws:kms:{region}:{names.account}:alias/{names.environment}-*"
    deployed = matching(names.deployment)
    ours = {deployed: {"aws:ResourceTag/deployment": names.deployment}}
    made = {deployed: {"aws:RequestTag/deployment": names.deployment}}
    untagged = {"Null": {"aws:ResourceTag/deployment": "true"}}
    services = sorted({f"{service}.{region}.amazonaws.com" for each in SERVICES.values() for service in each})
    return (
        allow("MakeKeys", "kms:CreateKey", resources="*", conditions=made),
        # CreateKey asks for it while the key has no tag: https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html.
        allow("TagNewKeys", "kms:TagResource", resources=key, conditions={**made, **untagged}),
        # A new key has no alias; one that has, and no tag, is somebody else's: that of the states, say.
        deny(
            "OthersKeys",
            "kms:TagResource",
            resources=key,
            conditions={"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/*"}, **untagged},
        ),
        allow("Keys", _KEYS, resources=key, conditions=ours),
        allow("KeysOfAliases", ("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"), resources=key, conditions=ours),
        allow("Aliases", ("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"), resources=alias),
        allow(
            "UseKeys",
            ("kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey*"),
            resources=key,
            conditions={**ours, "StringEquals": {**ours.get("StringEquals", {}), "kms:ViaService": services}},
        ),
        # ECR asks for it of whoever makes a repository: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html.
        # In a key's policy it has no effect: https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html.
        allow("RetireGrants", "kms:RetireGrant", resources=key, conditions=ours),
    )
