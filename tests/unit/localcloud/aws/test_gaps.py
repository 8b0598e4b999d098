"""What is said to be verified, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.aws import gaps_text
from localcloud.aws.gaps import Gap, accepted_not_verified, emulator, gaps, verified
from localcloud.aws.rows import ROWS
from localcloud.aws.share import share
from localcloud.instance import CHECKOUT

CLUSTER, DATABASE, VPC = "aws:eks/cluster:Cluster", "aws:rds/instance:Instance", "aws:ec2/vpc:Vpc"
WEBHOOK = "aws:codebuild/webhook:Webhook"


def _registered(type: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return {"type": type, "custom": True, "inputs": inputs}


def test_version_of_the_emulator_is_the_pinned_one() -> None:
    assert emulator().replace(" ", "==") in (CHECKOUT / "requirements" / "emulator.in").read_text()


@pytest.mark.parametrize(
    ("path", "is_verified"),
    [
        pytest.param("vpcConfig.subnetIds", True, id="read back"),
        pytest.param("computeConfig.nodePools", False, id="dropped with its object"),
        pytest.param("vpcConfig.controlPlaneEgressMode", False, id="dropped out of its object"),
        pytest.param("bootstrapSelfManagedAddons", False, id="never read by anybody"),
        pytest.param("accessConfig.bootstrapClusterCreatorAdminPermissions", True, id="never read, and its effect is seen"),
        pytest.param("vpcConfig.vpcId", False, id="never sent"),
    ],
)
def test_verified_is_what_is_sent_and_read_back(path: str, is_verified: bool) -> None:
    assert (path in verified(CLUSTER)) is is_verified


def test_gaps_of_a_stack_are_those_that_its_resources_use() -> None:
    cluster = (CLUSTER, {"computeConfig": {"enabled": True}, "kubernetesNetworkConfig": {}})
    assert accepted_not_verified([cluster, (VPC, {"cidrBlock": "10.0.0.0/16"})]) == [
        Gap(CLUSTER, "computeConfig", "not kept", "the emulator drops it")
    ]


def test_uncertain_fact_of_a_sent_property_is_listed() -> None:
    encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    assert ("rules.blockedEncryptionTypes", "replacement not known") in {(gap.path, gap.kind) for gap in gaps() if gap.type == encryption}


def test_type_that_the_emulator_does_not_have_is_one_gap() -> None:
    assert [(gap.path, gap.kind) for gap in gaps() if gap.type == WEBHOOK] == [("the whole type", "held in Pulumi's state only")]


def test_every_property_that_is_given_to_an_absent_type_is_accepted_and_not_verified() -> None:
    found = accepted_not_verified([(WEBHOOK, {"projectName": "a", "filterGroups": [{"filters": []}]})])
    assert [gap.path for gap in found] == ["filterGroups", "projectName"]


def test_every_gap_and_every_type_is_shown() -> None:
    text = gaps_text.text(sorted(ROWS))
    assert [gap for gap in gaps() if f"  {gap.path} ({gap.kind}): {gap.reason}" not in text] == []
    assert [type for type in ROWS if f"\n{type.removeprefix('aws:').rpartition(':')[0]} " not in text] == []


def test_share_counts_each_property_of_a_type_once_and_objects_by_member() -> None:
    cluster = _registered(CLUSTER, {"name": "a", "vpcConfig": {"subnetIds": [], "controlPlaneEgressMode": "x"}, "__defaults": []})
    found = share([cluster, cluster, _registered(DATABASE, {"allocatedStorage": 1, "password": "x"})])
    assert found.unverified == {(CLUSTER, "vpcConfig.controlPlaneEgressMode"), (DATABASE, "password")}
    assert str(found) == "verified 3 of 5 properties (60.0 %)"


def test_share_counts_nothing_of_an_absent_type_as_verified() -> None:
    assert str(share([_registered(WEBHOOK, {"projectName": "a", "branchFilter": "main"})])).startswith("verified 0 of 2")


def test_share_leaves_other_providers_out() -> None:
    assert str(share([_registered("kubernetes:core/v1:Namespace", {"metadata": {}}), {"type": VPC, "custom": False}])).startswith(
        "verified 0 of 0"
    )
