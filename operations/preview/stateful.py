"""What holds something that no update brings back once it is deleted; what replaces it begins empty."""

from collections.abc import Mapping

from policies.rules import stateful_protected
from scripts.diagram_things import KINDS

_MORE: Mapping[str, str] = {
    "aws:backup/vault:Vault": "backup vault",
    "aws:cloudwatch/logGroup:LogGroup": "log group",
    "aws:dynamodb/table:Table": "DynamoDB table",
    "aws:ebs/volume:Volume": "EBS volume",
    # AWS moves no cluster, database or cache into another one: an update that replaces it fails underway.
    "aws:ec2/vpc:Vpc": "VPC",
    "aws:ecr/repository:Repository": "ECR repository",
    "aws:efs/fileSystem:FileSystem": "EFS file system",
    "aws:elasticache/cluster:Cluster": "ElastiCache cluster",
    "aws:elasticache/serverlessCache:ServerlessCache": "ElastiCache",
    "aws:fsx/lustreFileSystem:LustreFileSystem": "FSx file system",
    "aws:kinesis/stream:Stream": "Kinesis stream",
    "aws:secretsmanager/secret:Secret": "secret",
    "kubernetes:core/v1:Namespace": "namespace, with all that is in it",
    "kubernetes:core/v1:PersistentVolumeClaim": "volume claim",
}
"""With what production may not go without the protection of (`policies/rules/stateful_protected.py`), these are all."""

_TITLES: Mapping[str, str] = {
    **{type_: type_.rpartition(":")[2] for type_ in stateful_protected.RULE.types or ()},
    "aws:kms/key:Key": "KMS key",
    "aws:rds/cluster:Cluster": "RDS cluster",
    **{type_: kind.title for type_, kind in KINDS.items()},
    **_MORE,
}

STATEFUL = frozenset({*(stateful_protected.RULE.types or ()), *_MORE})


def title(type_: str) -> str:
    """What people call it: `RDS instance`; for other types the last word of the engine's."""
    return _TITLES.get(type_) or type_.rpartition(":")[2]
