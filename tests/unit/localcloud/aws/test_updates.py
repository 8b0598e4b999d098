"""What an update sends, where AWS wants other than the new values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws import engine
from localcloud.aws.clients import Clients
from localcloud.aws.facts import facts
from localcloud.aws.resource import Account, Resource
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from localcloud.provider.values import Properties

ENDPOINT, ADDON, PROJECT = "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:eks/addon:Addon", "aws:codebuild/project:Project"
# What is read is of no account here: it is only there.
_THERE: dict[str, Any] = {"VpcEndpoints": [{"State": "available"}], "addon": {"addonName": "two"}, "projects": [{"name": "one"}]}


class Recorded(Clients):
    """Keeps what would be sent to change something."""

    def __init__(self) -> None:
        super().__init__("eu-west-1")
        self.sent: list[dict[str, Any]] = []

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        if operation.startswith(("modify_", "update_")):
            self.sent.append(parameters)
        return _THERE

    def wait(self, service: str, waiter: str, parameters: dict[str, Any]) -> None:
        pass


Sent = Callable[[str, Properties, Properties], list[dict[str, Any]]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sent:
    """What turns the first properties of a type into the second."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    def sent(type: str, old: Properties, new: Properties) -> list[dict[str, Any]]:
        clients = Recorded()
        resource = Resource(ROWS[type], facts(type), clients, Account("111111111111", "eu-west-1", {}, Instance(tmp_path)))
        engine.update(resource, "id", old, old, new)
        return clients.sent

    return sent


_GATEWAY: Properties = {"vpcId": "vpc-1", "serviceName": "s3", "routeTableIds": ["rtb-1"], "policy": "{}"}
_ADDON: Properties = {"clusterName": "one", "addonName": "two", "addonVersion": "1", "serviceAccountRoleArn": "arn:one"}
_NAMED = {"clusterName": "one", "addonName": "two"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            {"routeTableIds": ["rtb-2"]}, {"AddRouteTableIds": ["rtb-2"], "RemoveRouteTableIds": ["rtb-1"]}, id="lists by element"
        ),
        pytest.param({"policy": '{"a": 1}', "routeTableIds": None}, {"PolicyDocument": '{"a": 1}'}, id="a list of AWS's own is let be"),
        pytest.param({"policy": ""}, {"ResetPolicy": True}, id="an empty policy is AWS's own"),
        pytest.param({"securityGroupIds": ["sg-1"]}, {"AddSecurityGroupIds": ["sg-1"]}, id="a first group"),
    ],
)
def test_endpoint_is_changed_by_what_differs(sent: Sent, change: Properties, expected: Properties) -> None:
    assert sent(ENDPOINT, _GATEWAY, {**_GATEWAY, **change}) == [{"VpcEndpointId": "id", **expected}]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"addonVersion": "2"}, [{"addonVersion": "2", "serviceAccountRoleArn": "arn:one"}], id="the role is sent each time"),
        pytest.param({"resolveConflictsOnUpdate": "PRESERVE", "preserve": True}, [], id="what is for later calls is not sent"),
        pytest.param(
            {"podIdentityAssociations": None},
            [{"podIdentityAssociations": [], "serviceAccountRoleArn": "arn:one"}],
            id="associations that are no longer given are taken away",
        ),
    ],
)
def test_addon_is_updated_for_what_aws_would_change(sent: Sent, change: Properties, expected: list[Properties]) -> None:
    old = {**_ADDON, "podIdentityAssociations": [{"serviceAccount": "a", "roleArn": "arn:two"}]}
    assert sent(ADDON, old, {**old, **change}) == [{**_NAMED, **each} for each in expected]


def test_configuration_of_a_project_that_is_no_longer_given_is_taken_away(sent: Sent) -> None:
    new: Properties = {"name": "one", "buildTimeout": 5}
    old = {**new, "vpcConfig": {"vpcId": "vpc-1"}, "logsConfig": {"s3Logs": {"status": "ENABLED"}}, "concurrentBuildLimit": 2}
    changed = {"vpcConfig": {}, "logsConfig": {}, "concurrentBuildLimit": -1}
    assert {name: value for name, value in sent(PROJECT, old, new)[0].items() if name in changed} == changed
