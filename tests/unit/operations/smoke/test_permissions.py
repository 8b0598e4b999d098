"""What smoke asks of AWS, and who may."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from operations.smoke import check, environment
from planning.documents import ci
from planning.names import Names
from tests.unit.operations.smoke.live import CONTRACT, World

ACTIONS = {
    ("cloudwatch", "describe_alarms"): "cloudwatch:DescribeAlarms",
    ("eks", "describe_cluster"): "eks:DescribeCluster",
    ("eks", "describe_pod_identity_association"): "eks:DescribePodIdentityAssociation",
    ("eks", "list_pod_identity_associations"): "eks:ListPodIdentityAssociations",
    ("elasticache", "describe_replication_groups"): "elasticache:DescribeReplicationGroups",
    ("kinesis", "describe_stream_summary"): "kinesis:DescribeStreamSummary",
    ("kms", "describe_key"): "kms:DescribeKey",
    ("kms", "get_key_rotation_status"): "kms:GetKeyRotationStatus",
    ("rds", "describe_db_instances"): "rds:DescribeDBInstances",
    ("s3", "get_bucket_encryption"): "s3:GetEncryptionConfiguration",
    ("s3", "get_bucket_policy"): "s3:GetBucketPolicy",
    ("s3", "get_bucket_versioning"): "s3:GetBucketVersioning",
    ("s3", "get_public_access_block"): "s3:GetBucketPublicAccessBlock",
}
"""By service and operation: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html."""

BESIDE = ("ssm:GetParameter", "secretsmanager:GetSecretValue", "kms:Decrypt", "sts:AssumeRole")
"""For the contract, the passwords of readers, and the clusters."""


def allowed(policies: dict[str, str]) -> list[str]:
    statements: list[dict[str, Any]] = [each for policy in policies.values() for each in json.loads(policy)["Statement"]]
    return [
        action
        for each in statements
        if each["Effect"] == "Allow"
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    ]


def test_what_smoke_asks_is_what_docs_and_these_tests_list() -> None:
    world = World()
    needs = frozenset[check.Needs](["clusters", "nodes", "registry", "online-store"])
    check.run(environment.checks(CONTRACT, world.access()), needs)
    assert world.asked == set(ACTIONS)


@pytest.mark.parametrize("action", [*ACTIONS.values(), *BESIDE])
def test_the_deploy_role_may_ask_it(action: str) -> None:
    policies = dict(ci.deploy(Names(environment="dev", account="111111111111"), "eu-west-1", destroyable=False))
    assert any(fnmatchcase(action, each) for each in allowed(policies))


def test_a_preview_is_given_nothing_for_it() -> None:
    policies = dict(ci.preview(Names(environment="dev", account="111111111111"), "eu-west-1"))
    missing = {action for action in (*ACTIONS.values(), *BESIDE) if action not in allowed(policies)}
    assert missing == {"cloudwatch:DescribeAlarms", "eks:ListPodIdentityAssociations", "secretsmanager:GetSecretValue", "sts:AssumeRole"}
