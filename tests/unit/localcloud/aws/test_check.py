"""Inputs that are refused, and names that are filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.check import carried, failures, named
from localcloud.aws.facts import facts, known_types
from localcloud.aws.provider import AwsProvider
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from localcloud.provider.interface import Refused, Target
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


DEFAULT_GROUP, CLUSTER = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "aws:eks/cluster:Cluster"
RULE = {"protocol": "tcp", "fromPort": 1, "toPort": 1}


@pytest.mark.parametrize(
    ("type", "inputs", "path"),
    [
        pytest.param(DEFAULT_GROUP, {"ingress": [RULE, {**RULE, "self": True}]}, "ingress[1].self", id="not picked out of a list"),
        pytest.param(CLUSTER, {"vpcConfig": {"subnetIds": ["s"], "vpcId": "v"}}, "vpcConfig.vpcId", id="unknown to the API"),
        pytest.param(
            CLUSTER, {"kubernetesNetworkConfig": {"serviceIpv6Cidr": "fc00::/7"}}, "kubernetesNetworkConfig.serviceIpv6Cidr", id="an output"
        ),
    ],
)
def test_member_that_no_request_carries_is_refused_by_name(type: str, inputs: dict[str, Any], path: str) -> None:
    found = {each.property: each.reason for each in failures(ROWS[type], facts(type), inputs)}
    assert "is not modelled by the local cloud; extend its row in localcloud/aws/rows" in found[path]


@pytest.mark.parametrize("type", [type for type in known_types() if type not in ROWS])
def test_type_without_a_row_is_refused_by_name(type: str, tmp_path: Path) -> None:
    target = Target(f"urn:pulumi:s::p::{type}::n", type, "n")
    with pytest.raises(Refused, match=f"{type} is not modelled by the local cloud; add its row to localcloud/aws/rows"):
        AwsProvider(Instance(tmp_path)).check(target, {}, {}, b"")


def test_property_without_a_call_is_refused_by_name_in_every_row() -> None:
    for type, row in ROWS.items():
        for name in facts(type).inputs.keys() - carried(row):
            reasons = [each.reason for each in failures(row, facts(type), {name: "x"}) if each.property == name]
            assert f"{type}: {name} is not modelled by the local cloud; extend its row in localcloud/aws/rows" in reasons


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
