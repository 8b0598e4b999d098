"""Inputs that are refused, and names that are filled in."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.aws.check import failures, named
from localcloud.aws.facts import facts
from localcloud.aws.gaps import Gap, accepted_not_verified
from localcloud.aws.rows import ROWS
from localcloud.provider.values import UNKNOWN

VPC, BUCKET, KEY, DATABASE = "aws:ec2/vpc:Vpc", "aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:rds/instance:Instance"


@pytest.mark.parametrize(
    ("type", "inputs", "reason"),
    [
        pytest.param(VPC, {"cidr_block": "x"}, f"{VPC} has no input cidr_block; did you mean cidrBlock?", id="unknown name"),
        pytest.param(VPC, {"ipv6NetmaskLength": 56}, "ipv6NetmaskLength is not modelled by the local cloud", id="not in the row"),
        pytest.param(VPC, {"enableDnsSupport": [True]}, "enableDnsSupport: got list; expected boolean", id="wrong type"),
        pytest.param(DATABASE, {}, f"{DATABASE}: instanceClass is required", id="required"),
        pytest.param(
            "aws:s3/bucketVersioning:BucketVersioning",
            {"bucket": "b", "versioningConfiguration": {"state": "Enabled"}},
            "versioningConfiguration has no member state; did you mean status?",
            id="unknown member",
        ),
        pytest.param(
            "aws:ssm/parameter:Parameter",
            {"type": "String", "value": "a", "insecureValue": "b"},
            "insecureValue conflicts with value",
            id="conflict",
        ),
    ],
)
def test_input_is_refused_with_its_reason(type: str, inputs: dict[str, Any], reason: str) -> None:
    found = failures(ROWS[type], facts(type), inputs)
    assert any(reason in failure.reason for failure in found), found


def test_unknown_at_preview_is_no_failure() -> None:
    assert failures(ROWS[KEY], facts(KEY), {"policy": UNKNOWN, "enableKeyRotation": UNKNOWN}) == []


def _named(name: str, old: dict[str, Any], new: dict[str, Any], seed: bytes = b"seed", type: str = BUCKET) -> Any:
    return named(ROWS[type], facts(type), name, old, new, seed)


def test_automatic_name_is_kept_by_an_update_and_new_for_a_replacement() -> None:
    first = _named("Models", {}, {})
    assert first["bucket"].startswith("models-")
    assert _named("Models", first, {}, b"other")["bucket"] == first["bucket"]
    assert _named("Models", {}, {}, b"other")["bucket"] != first["bucket"]


def test_given_name_is_taken_as_it_is() -> None:
    assert _named("models", {"bucket": "old", "__defaults": ["bucket"]}, {"bucket": "given"}) == {"bucket": "given"}


def test_automatic_name_meets_the_limit_of_its_type() -> None:
    assert len(_named("m" * 80, {}, {})["bucket"]) == 63


def test_gaps_of_a_stack_are_those_that_its_resources_use() -> None:
    cluster = ("aws:eks/cluster:Cluster", {"computeConfig": {"enabled": True}, "kubernetesNetworkConfig": {}})
    found = accepted_not_verified([cluster, ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})])
    assert found == [Gap("aws:eks/cluster:Cluster", "computeConfig", "not kept", "the emulator drops it")]
