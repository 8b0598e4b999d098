"""What counts as a difference, and what replaces."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.aws.compare import changes, elements, tag_changes
from localcloud.aws.facts import facts
from localcloud.aws.rows import ROWS
from localcloud.provider.interface import Change
from localcloud.provider.values import UNKNOWN

REPOSITORY, TOPIC = "aws:ecr/repository:Repository", "aws:sns/topic:Topic"
DATABASE, CLUSTER, GROUP = "aws:rds/instance:Instance", "aws:eks/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup"


def _changes(type: str, state: dict[str, Any], new: dict[str, Any], old: dict[str, Any] | None = None) -> list[Change]:
    return changes(ROWS[type], facts(type), state, state if old is None else old, new)


@pytest.mark.parametrize(
    ("type", "state", "new"),
    [
        pytest.param(DATABASE, {"engineVersion": "8.4.6"}, {"engineVersion": "8.4"}, id="a version by its prefix"),
        pytest.param(DATABASE, {"vpcSecurityGroupIds": ["a", "b"]}, {"vpcSecurityGroupIds": ["b", "a"]}, id="a list in another order"),
        pytest.param(DATABASE, {"allocatedStorage": 20}, {"allocatedStorage": "20"}, id="a number as text"),
        pytest.param(DATABASE, {"availabilityZone": "eu-west-1a"}, {}, id="AWS's own choice"),
        pytest.param(DATABASE, {"deleteAutomatedBackups": True}, {}, id="a default"),
        pytest.param(GROUP, {"port": 6379}, {}, id="the engine's own port"),
        pytest.param("aws:budgets/budget:Budget", {"limitAmount": "100.0"}, {"limitAmount": "100"}, id="an amount in more digits"),
        pytest.param(TOPIC, {"deliveryPolicy": '{"a":1}'}, {"deliveryPolicy": '{ "a": 1 }'}, id="JSON that is typed as text"),
        pytest.param(REPOSITORY, {"imageScanningConfiguration": {"scanOnPush": True}}, {}, id="an object that is left to AWS"),
        pytest.param(REPOSITORY, {"encryptionConfigurations": [{"encryptionType": "KMS"}]}, {}, id="a list that is left to AWS"),
        pytest.param("aws:iam/role:Role", {"assumeRolePolicy": '{"a":1}'}, {"assumeRolePolicy": '{ "a": 1 }'}, id="JSON in other spacing"),
        pytest.param(
            CLUSTER, {"vpcConfig": {"subnetIds": ["s"], "vpcId": "v"}}, {"vpcConfig": {"subnetIds": ["s"]}}, id="what AWS adds to an object"
        ),
    ],
)
def test_same_meaning_is_no_change(type: str, state: dict[str, Any], new: dict[str, Any]) -> None:
    assert _changes(type, state, new) == []


@pytest.mark.parametrize(
    ("type", "state", "new", "expected"),
    [
        pytest.param(DATABASE, {"kmsKeyId": "a"}, {"kmsKeyId": "b"}, Change("kmsKeyId", "update", True), id="the key of a database"),
        pytest.param(DATABASE, {"multiAz": False}, {"multiAz": True}, Change("multiAz", "update"), id="a standby is added in place"),
        pytest.param(
            DATABASE, {"engineVersion": "8.4.6"}, {"engineVersion": "9.0"}, Change("engineVersion", "update"), id="a version in place"
        ),
        pytest.param(CLUSTER, {"roleArn": "a"}, {"roleArn": UNKNOWN}, Change("roleArn", "update", True), id="unknown at preview"),
        pytest.param(
            CLUSTER,
            {"encryptionConfig": {"resources": ["secrets"], "provider": {"keyArn": "k"}}},
            {},
            Change("encryptionConfig", "delete", True),
            id="encryption taken off a cluster",
        ),
        pytest.param(GROUP, {"engine": "valkey"}, {"engine": "redis"}, Change("engine", "update", True), id="back from Valkey"),
        pytest.param(GROUP, {"engine": "redis"}, {"engine": "valkey"}, Change("engine", "update"), id="on to Valkey in place"),
        pytest.param(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            {"cidrIpv4": "10.0.0.0/8"},
            {"referencedSecurityGroupId": "sg-1"},
            Change("cidrIpv4", "delete", True),
            id="another kind of source",
        ),
    ],
)
def test_change_is_found_with_whether_it_replaces(type: str, state: dict[str, Any], new: dict[str, Any], expected: Change) -> None:
    assert expected in _changes(type, state, new)


def test_what_was_added_behind_pulumi_is_a_change() -> None:
    assert _changes("aws:cloudwatch/logGroup:LogGroup", {"kmsKeyId": "k"}, {}, old={}) == [Change("kmsKeyId", "delete")]


def test_tags_are_named_under_the_resource_or_the_provider() -> None:
    found = tag_changes({"tagsAll": {"own": "1", "gone": "1"}}, {"own": "2", "default": "1"}, {"own": "2"})
    assert found == [Change("tagsAll.default", "add"), Change("tagsAll.gone", "delete"), Change("tags.own", "update")]


def test_elements_of_changed_lists_are_told_apart() -> None:
    old, new = {"a": [1, 2], "b": [1], "c": [1], "name": "x"}, {"a": [2, 3], "name": "y"}
    found = elements({"a", "b", "name"}, old, new)
    assert found == {"added": {"a": [3], "b": None}, "dropped": {"a": [1], "b": [1]}}
