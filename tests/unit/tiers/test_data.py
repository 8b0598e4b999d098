"""Where data is, and who reaches it."""

import json
from typing import Any

import pytest

from tests.unit.registrations import Recorded


@pytest.mark.parametrize("service", ["registry", "online-store"])
def test_only_the_clusters_nodes_reach_databases(dev: Recorded, service: str) -> None:
    rules = [each.inputs for each in dev.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") if each.name.startswith(service)]
    assert [rule["referencedSecurityGroupId"] for rule in rules] == ["sg-cluster-main"]


@pytest.mark.parametrize("group", ["aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup"])
def test_databases_are_in_data_subnets(dev: Recorded, group: str) -> None:
    assert all("-data-" in subnet for subnet in dev.one(group).inputs["subnetIds"])


def test_clusters_and_nodes_are_in_private_subnets(dev: Recorded) -> None:
    assert all("-private-" in subnet for subnet in dev.one("aws:eks/cluster:Cluster").inputs["vpcConfig"]["subnetIds"])
    for node_class in dev.all("kubernetes:eks.amazonaws.com/v1:NodeClass"):
        assert all("-private-" in term["id"] for term in node_class.inputs["spec"]["subnetSelectorTerms"])


@pytest.mark.parametrize(
    "purpose", ["logs", "audit", "offline-features", "feature-staging", "decision-log", "models", "training-data", "checkpoints"]
)
def test_every_bucket_is_complete(dev: Recorded, purpose: str) -> None:
    bucket = f"ml-platform-dev-{purpose}-111111111111"
    settings = {each.type.rpartition(":")[2] for each in dev.registrations if each.name == purpose and each.inputs.get("bucket") == bucket}
    expected = {
        "Bucket",
        "BucketVersioning",
        "BucketServerSideEncryptionConfiguration",
        "BucketPublicAccessBlock",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketLifecycleConfiguration",
    }
    assert settings - {"BucketLogging"} == expected
    assert ("BucketLogging" in settings) is (purpose != "logs")


def granted(recorded: Recorded, name: str) -> list[dict[str, Any]]:
    return json.loads(recorded.one("aws:iam/rolePolicy:RolePolicy", name).inputs["policy"])["Statement"]


def test_model_servers_read_releases_and_write_nothing(dev: Recorded) -> None:
    statements = granted(dev, "serving-model-server-buckets")
    assert {statement["Resource"] for statement in statements} == {
        "arn:aws:s3:::ml-platform-dev-models-111111111111",
        "arn:aws:s3:::ml-platform-dev-models-111111111111/release/*",
    }
    assert not any("Put" in action or "Delete" in action for statement in statements for action in statement["Action"])


def test_trainers_never_write_a_release(dev: Recorded) -> None:
    writes = [each["Resource"] for each in granted(dev, "training-trainer-buckets") if "s3:PutObject" in each["Action"]]
    assert writes == [
        "arn:aws:s3:::ml-platform-dev-checkpoints-111111111111/*",
        "arn:aws:s3:::ml-platform-dev-models-111111111111/candidates/*",
    ]


def test_a_development_environment_can_be_destroyed(dev: Recorded) -> None:
    assert all(bucket.inputs["forceDestroy"] for bucket in dev.all("aws:s3/bucket:Bucket"))
    assert dev.one("aws:rds/instance:Instance").inputs["skipFinalSnapshot"] is True
    assert dev.one("aws:eks/cluster:Cluster").inputs["deletionProtection"] is False
    assert {key.inputs["deletionWindowInDays"] for key in dev.all("aws:kms/key:Key")} == {7}
    assert all(repository.inputs["forceDelete"] for repository in dev.all("aws:ecr/repository:Repository"))
