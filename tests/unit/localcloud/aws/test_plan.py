"""What a preview hands to those who use a resource that is not made or updated yet."""

from typing import Any

import pytest

from localcloud.aws.clients import Clients
from localcloud.aws.facts import facts
from localcloud.aws.plan import planned
from localcloud.aws.resource import Account, Resource
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from localcloud.provider.values import UNKNOWN

TYPE = "aws:eks/cluster:Cluster"
GIVEN: dict[str, Any] = {"name": "c", "vpcConfig": {"subnetIds": ["a", "b"]}}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Resource:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    return Resource(ROWS[TYPE], facts(TYPE), Clients("eu-west-1"), Account("111111111111", "eu-west-1", {}, Instance.here()))


def test_of_a_new_object_what_aws_fills_in_is_unknown(cluster: Resource) -> None:
    assert planned(cluster, {}, GIVEN)["vpcConfig"]["clusterSecurityGroupId"] is UNKNOWN


def test_of_an_object_that_is_there_what_aws_filled_in_stays(cluster: Resource) -> None:
    state = {"name": "c", "vpcConfig": {"subnetIds": ["a"], "clusterSecurityGroupId": "sg-1"}}
    assert planned(cluster, state, GIVEN)["vpcConfig"] == {"subnetIds": ["a", "b"], "clusterSecurityGroupId": "sg-1"}
