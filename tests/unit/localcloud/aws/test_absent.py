"""Types that the emulator does not have: their requests are held against AWS's model, and Pulumi's state alone has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws import engine
from localcloud.aws.clients import Clients
from localcloud.aws.facts import facts
from localcloud.aws.reading import read
from localcloud.aws.resource import Account, Resource
from localcloud.aws.row import Row
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from localcloud.provider.interface import Refused
from localcloud.provider.values import Properties

RESERVATION, WEBHOOK = ROWS["aws:ec2/subnetCidrReservation:SubnetCidrReservation"], ROWS["aws:codebuild/webhook:Webhook"]
# One with defaults and tags, as if the emulator did not have it.
FLOW_LOG = replace(ROWS["aws:ec2/flowLog:FlowLog"], id="join('', ['fl-', made_up])", absent="a test")
URN = "urn:pulumi:probe::probe::TYPE::one"
RESERVED: Properties = {"subnetId": "subnet-1", "cidrBlock": "10.0.0.16/28", "reservationType": "prefix"}
HOOKED: Properties = {"projectName": "runner", "branchFilter": "main"}


class Silent(Clients):
    """Sends nothing: a call is a failure."""

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        raise AssertionError(f"{operation} was sent")


MakeResource = Callable[[Row], Resource]


@pytest.fixture
def resource(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MakeResource:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("LOCALCLOUD_DIR", str(tmp_path))
    clients, account = Silent("eu-west-1"), Account("111111111111", "eu-west-1", {"deployment": "probe"}, Instance(tmp_path))
    return lambda row: Resource(row, facts(row.type), clients, account)


def test_created_one_is_what_was_given(resource: MakeResource) -> None:
    _, state = engine.create(resource(RESERVATION), URN, RESERVED)
    assert state == {**RESERVED, "region": "eu-west-1"}


def test_defaults_and_tags_are_held_too(resource: MakeResource) -> None:
    _, state = engine.create(resource(FLOW_LOG), URN, {"vpcId": "vpc-1", "tags": {"a": "b"}})
    assert (state["maxAggregationInterval"], state["tagsAll"]) == (600, {"deployment": "probe", "a": "b"})


def test_id_has_the_form_of_aws_and_shows_that_it_is_made_up(resource: MakeResource) -> None:
    id, _ = engine.create(resource(RESERVATION), URN, RESERVED)
    assert re.fullmatch("scr-0{8}[0-9a-f]{9}", id)


def test_no_two_have_one_id(resource: MakeResource) -> None:
    # The engine makes a replacement before it deletes what it replaces.
    assert engine.create(resource(RESERVATION), URN, RESERVED)[0] != engine.create(resource(RESERVATION), URN, RESERVED)[0]


def test_id_that_comes_from_the_inputs_is_that_of_aws(resource: MakeResource) -> None:
    assert engine.create(resource(WEBHOOK), URN, HOOKED)[0] == "runner"


@pytest.mark.parametrize(
    ("row", "inputs", "reason"),
    [
        pytest.param(WEBHOOK, {"projectName": "r"}, "Invalid length for parameter projectName", id="too short"),
        pytest.param(RESERVATION, {"subnetId": "subnet-1"}, 'Missing required parameter in input: "Cidr"', id="missing"),
    ],
)
def test_create_that_aws_s_model_does_not_allow_is_refused(resource: MakeResource, row: Row, inputs: Properties, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        engine.create(resource(row), URN, inputs)


def test_update_that_aws_s_model_does_not_allow_is_refused(resource: MakeResource) -> None:
    hook = resource(WEBHOOK)
    id, state = engine.create(hook, URN, HOOKED)
    with pytest.raises(Exception, match="requiresCommentApproval"):
        engine.update(hook, id, state, HOOKED, {**HOOKED, "pullRequestBuildPolicy": {"approverRoles": ["GITHUB_ADMIN"]}})


def test_delete_that_aws_s_model_does_not_allow_is_refused(resource: MakeResource) -> None:
    with pytest.raises(Refused, match="Invalid length for parameter projectName"):
        engine.delete(resource(WEBHOOK), "r", {"projectName": "r"})


def test_update_changes_what_is_held(resource: MakeResource) -> None:
    hook = resource(WEBHOOK)
    id, state = engine.create(hook, URN, HOOKED)
    assert engine.update(hook, id, state, HOOKED, {**HOOKED, "branchFilter": "release"})["branchFilter"] == "release"


def test_refresh_finds_what_is_held(resource: MakeResource) -> None:
    id, state = engine.create(resource(RESERVATION), URN, RESERVED)
    assert read(resource(RESERVATION), id, state, RESERVED) == state


def test_import_is_refused_with_the_reason(resource: MakeResource) -> None:
    with pytest.raises(Refused, match=f"{RESERVATION.type} scr-1 cannot be imported: {RESERVATION.absent}"):
        read(resource(RESERVATION), "scr-1", {}, {})


@pytest.mark.parametrize("inputs", [RESERVED, {"subnetId": "subnet-1"}], ids=["made", "refused"])
def test_nothing_is_remembered_that_could_be_adopted(resource: MakeResource, tmp_path: Path, inputs: Properties) -> None:
    try:
        engine.create(resource(RESERVATION), URN, inputs)
    except Refused:
        assert inputs != RESERVED
    assert list(tmp_path.glob("creating/*")) == []


def test_delete_of_what_is_held_sends_nothing(resource: MakeResource) -> None:
    id, state = engine.create(resource(RESERVATION), URN, RESERVED)
    engine.delete(resource(RESERVATION), id, state)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.type) for row in ROWS.values() if row.absent])
def test_absent_type_states_no_gap_of_a_single_property(row: Row) -> None:
    assert [*row.not_kept, *row.not_changed, *row.unread, *row.stand_ins] == []
