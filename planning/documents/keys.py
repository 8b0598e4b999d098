"""Who may do what with a KMS key: one key for each domain of an environment's data."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from planning import arns
from planning.documents import publishers
from planning.documents.statements import Conditions, Statement, allow, document

Domain = Literal["features", "models", "clusters", "logs"]
DOMAINS: tuple[Domain, ...] = get_args(Domain)

SERVICES: Mapping[Domain, tuple[str, ...]] = {
    "features": ("elasticache", "kinesis", "rds", "s3", "secretsmanager"),
    "models": ("s3",),
    "clusters": ("ec2", "ecr", "eks"),
    "logs": ("s3", "sns"),
}
"""Through which services the account may use the key of a domain; by itself it may not:
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service."""

# What manages a key and neither encrypts nor decrypts. KMS refuses a policy without PutKeyPolicy for whoever makes the key.
ADMINISTER = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
]
_USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
_GRANT = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
_FOR_AWS: Conditions = {"Bool": {"kms:GrantIsForAWSResource": "true"}}


Service = Literal["kinesis", "s3", "secretsmanager"]
_USED: Mapping[Service, tuple[str, ...]] = {
    # https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
    "kinesis": ("kms:GenerateDataKey",),
    "s3": ("kms:Decrypt", "kms:GenerateDataKey"),
    "secretsmanager": ("kms:Decrypt",),
}


def domain_key(domain: Domain, *, region: str, account: str, own: Sequence[Statement] = ()) -> str:
    """The policy of a domain's key: the account's own IAM policies decide who administers it and, through the services of the domain,
    who uses it; AWS services get grants for what the account has them encrypt. `own` is what the domain needs besides."""
    account_root = {"AWS": arns.account_root(account)}
    through = {"kms:CallerAccount": account, "kms:ViaService": [f"{service}.{region}.amazonaws.com" for service in SERVICES[domain]]}
    # EKS takes no key whose CreateGrant asks for GrantIsForAWSResource:
    # https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
    grants_through = [name for name in through["kms:ViaService"] if not name.startswith("eks.")]
    statements = [
        allow("Administration", ADMINISTER, principal=account_root, resources="*"),
        allow("Use", _USE, principal=account_root, resources="*", conditions={"StringEquals": through}),
        allow(
            "Grants",
            _GRANT,
            principal=account_root,
            resources="*",
            conditions={"StringEquals": {**through, "kms:ViaService": grants_through}, **_FOR_AWS},
        ),
    ]
    return document(*statements, *own)


def cluster_volumes(region: str, account: str, roles: Sequence[str]) -> tuple[Statement, ...]:
    """What a cluster needs: `roles` (names) use the key for volumes, grants included, for Auto Mode launches nodes as the cluster's
    role (https://docs.aws.amazon.com/eks/latest/userguide/auto-kms.html); EKS itself is granted the key for Kubernetes secrets."""
    principal = {"AWS": [arns.role(account, name) for name in roles]}
    return (
        allow("NodeVolumes", _USE, principal=principal, resources="*"),
        allow("NodeVolumeGrants", _GRANT, principal=principal, resources="*", conditions=_FOR_AWS),
        allow(
            "KubernetesSecrets",
            "kms:CreateGrant",
            principal={"AWS": arns.account_root(account)},
            resources="*",
            conditions={"StringEquals": {"kms:CallerAccount": account, "kms:ViaService": f"eks.{region}.amazonaws.com"}},
        ),
    )


def log_writers(region: str, account: str, log_groups: Sequence[str]) -> tuple[Statement, ...]:
    """What logs and alarms need: CloudWatch Logs for the log groups whose names match `log_groups` (patterns) and no other, the publishers
    of the alarm topic, and the delivery of flow logs; each for this account only.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-cmk-policy.html
    """
    return (
        allow(
            "LogGroups",
            ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            principal={"Service": f"logs.{region}.amazonaws.com"},
            resources="*",
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": [arns.log_group(region, account, name) for name in log_groups]}},
        ),
        *(
            allow(
                f"{publisher.sid}Alarms",
                ["kms:Decrypt", "kms:GenerateDataKey*"],
                principal={"Service": publisher.service},
                resources="*",
                conditions={"StringEquals": {"aws:SourceAccount": account}},
            )
            for publisher in publishers.PUBLISHERS
        ),
        # Nothing says as whom ElastiCache uses the key of a topic: it may, for messages to the account's topics.
        allow(
            "CacheEvents",
            ["kms:Decrypt", "kms:GenerateDataKey*"],
            principal={"Service": "elasticache.amazonaws.com"},
            resources="*",
            conditions={"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": arns.topic(region, account, "*")}},
        ),
        allow(
            "FlowLogs",
            _USE,
            principal={"Service": "delivery.logs.amazonaws.com"},
            resources="*",
            conditions={
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": arns.log_deliveries(region, account)},
            },
        ),
    )


def use_through(region: str, key_arn: str, services: Sequence[Service]) -> str:
    """Reading and writing S3 objects that the key encrypts, reading such secrets, putting records into such streams, whichever is listed,
    and nothing else with the key."""
    return document(
        *(
            allow(
                service.capitalize(),
                _USED[service],
                resources=key_arn,
                conditions={"StringEquals": {"kms:ViaService": f"{service}.{region}.amazonaws.com"}},
            )
            for service in services
        )
    )
