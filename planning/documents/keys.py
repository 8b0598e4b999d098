"""Who may use a KMS key."""

from collections.abc import Sequence

from planning import arns
from planning.documents.statements import allow, document

_USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
_GRANT = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]


def data_key(*, region: str, account: str, volume_roles: Sequence[str], log_groups: Sequence[str]) -> str:
    """The policy of the key that encrypts an environment's data.

    - the account's own IAM policies decide who manages and uses it;
    - `volume_roles` (names) may use it for node volumes, grants included: Auto Mode launches nodes as the cluster's role
      (https://docs.aws.amazon.com/eks/latest/userguide/auto-kms.html);
    - CloudWatch Logs may use it for the log groups whose names match `log_groups` (patterns), and for no other;
    - log delivery may use it for what this account has delivered to a bucket, flow logs among it
      (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html#AWS-logs-SSE-KMS-S3).
    """
    roles = [arns.role(account, name) for name in volume_roles]
    return document(
        allow("Account", "kms:*", principal={"AWS": arns.account_root(account)}, resources="*"),
        allow("NodeVolumes", _USE, principal={"AWS": roles}, resources="*"),
        allow(
            "NodeVolumeGrants",
            _GRANT,
            principal={"AWS": roles},
            resources="*",
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        allow(
            "Logs",
            ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            principal={"Service": f"logs.{region}.amazonaws.com"},
            resources="*",
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": [arns.log_group(region, account, name) for name in log_groups]}},
        ),
        allow(
            "LogDelivery",
            _USE,
            principal={"Service": "delivery.logs.amazonaws.com"},
            resources="*",
            conditions={
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": arns.log_deliveries(region, account)},
            },
        ),
    )


def use_for_objects(region: str, key_arn: str) -> str:
    """Reading and writing S3 objects that the key encrypts, and nothing else with it."""
    return document(
        allow(
            "Objects",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            resources=key_arn,
            conditions={"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        )
    )
