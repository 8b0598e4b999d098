"""What the provider tells the engine about types as a whole."""

from __future__ import annotations

from pathlib import Path

from localcloud.aws.provider import AwsProvider
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance


def test_secret_inputs_are_those_of_the_official_provider(tmp_path: Path) -> None:
    provider = AwsProvider(Instance(tmp_path))
    assert {type: found for type in ROWS if (found := provider.secret_properties(type))} == {
        "aws:elasticache/replicationGroup:ReplicationGroup": {"authToken", "authTokenWo"},
        "aws:elasticache/user:User": {"passwords", "passwordsWo"},
        "aws:rds/instance:Instance": {"password", "passwordWo"},
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {"token"},
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {"token"},
        "aws:secretsmanager/secretVersion:SecretVersion": {"secretBinary", "secretString", "secretStringWo"},
        "aws:ssm/parameter:Parameter": {"value", "valueWo"},
    }


def test_type_without_a_row_has_no_secrets(tmp_path: Path) -> None:
    assert AwsProvider(Instance(tmp_path)).secret_properties("aws:secretsmanager/secretRotation:SecretRotation") == frozenset()
