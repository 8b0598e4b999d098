"""Creating when calls fail: what is repeated, what is adopted, what the engine is told."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from localcloud.aws import adoption, engine
from localcloud.aws.clients import CallFailed, Clients, NoAnswer
from localcloud.aws.expressions import root_fields
from localcloud.aws.facts import facts
from localcloud.aws.resource import Account, Resource
from localcloud.aws.rows import ROWS
from localcloud.aws.searches import SEARCHES
from localcloud.faults import Fault, Faults
from localcloud.instance import Instance
from localcloud.provider.interface import InitFailed, Refused
from localcloud.provider.values import Properties

_NO_ANSWER = NoAnswer("no answer")
URN = "urn:pulumi:probe::probe::aws:cloudwatch/logGroup:LogGroup::group"
# It is described by what its create call makes, and there is one per VPC: making it is finding it.
_FOUND_BY_CREATE = {"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"}


class Answers(Clients):
    """Clients whose calls are answered by the test: a response, or an exception to be raised, one after another per operation."""

    def __init__(self, **answers: list[Any]) -> None:
        super().__init__("eu-west-1")
        self.answers, self.made = answers, list[str]()

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.made.append(operation)
        answer = self.answers[operation].pop(0) if len(self.answers[operation]) > 1 else self.answers[operation][0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("LOCALCLOUD_DIR", str(tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "000000000000")


@pytest.fixture
def group(tmp_path: Path) -> Callable[[Clients], Resource]:
    type = "aws:cloudwatch/logGroup:LogGroup"
    account = Account("111111111111", "eu-west-1", {"deployment": "probe"}, Instance(tmp_path))
    return lambda clients: Resource(ROWS[type], facts(type), clients, account)


GROUP: Properties = {"name": "/probe", "retentionInDays": 7}
THERE = {"logGroups": [{"logGroupName": "/probe", "retentionInDays": 7}]}
ABSENT = {"logGroups": list[Any]()}
OURS = {"tags": {"deployment": "probe"}}
TAKEN = CallFailed("create_log_group", "ResourceAlreadyExistsException", "", 400)


def test_failure_after_the_create_call_returns_the_id_with_what_is_there(group: Callable[[Clients], Resource]) -> None:
    refused = CallFailed("put_retention_policy", "InvalidParameterException", "", 400)
    answers = Answers(create_log_group=[{}], put_retention_policy=[refused], describe_log_groups=[THERE], list_tags_for_resource=[OURS])
    with pytest.raises(InitFailed, match="was created, but: put_retention_policy") as raised:
        engine.create(group(answers), URN, GROUP)
    assert raised.value.id == "/probe"
    assert raised.value.state["retentionInDays"] == 7


def test_when_reading_fails_too_the_id_comes_with_what_was_sent(group: Callable[[Clients], Resource]) -> None:
    answers = Answers(create_log_group=[{}], put_retention_policy=[_NO_ANSWER], describe_log_groups=[_NO_ANSWER])
    with pytest.raises(InitFailed) as raised:
        engine.create(group(answers), URN, GROUP)
    assert (raised.value.id, raised.value.state["name"]) == ("/probe", "/probe")


def test_answer_that_was_lost_is_no_failure_when_the_object_is_there(group: Callable[[Clients], Resource]) -> None:
    answers = Answers(create_log_group=[_NO_ANSWER], describe_log_groups=[THERE], list_tags_for_resource=[OURS])
    id, state = engine.create(group(answers), URN, GROUP)
    assert (id, state["tagsAll"]) == ("/probe", {"deployment": "probe"})


def test_create_call_that_had_no_effect_raises_its_own_error(group: Callable[[Clients], Resource]) -> None:
    with pytest.raises(Refused, match="no answer"):
        engine.create(group(Answers(create_log_group=[_NO_ANSWER], describe_log_groups=[ABSENT])), URN, GROUP)


def test_create_whose_outcome_cannot_be_seen_says_so_and_is_remembered(group: Callable[[Clients], Resource]) -> None:
    resource = group(Answers(create_log_group=[_NO_ANSWER], describe_log_groups=[_NO_ANSWER]))
    with pytest.raises(Refused, match=r"whether .* group was made is not known .*: `pulumi up` takes it up if it was"):
        engine.create(resource, URN, GROUP)
    assert adoption.creating(resource).of(URN) is not None


def test_create_that_was_refused_is_not_remembered(group: Callable[[Clients], Resource]) -> None:
    refused = CallFailed("create_log_group", "LimitExceededException", "", 400)
    resource = group(Answers(create_log_group=[refused], describe_log_groups=[ABSENT]))
    with pytest.raises(CallFailed, match="LimitExceeded"):
        engine.create(resource, URN, GROUP)
    assert adoption.creating(resource).of(URN) is None


def test_object_without_the_stack_s_tags_is_refused_with_the_remedy(group: Callable[[Clients], Resource]) -> None:
    theirs = {"tags": {"deployment": "other"}}
    answers = Answers(create_log_group=[TAKEN], describe_log_groups=[THERE], list_tags_for_resource=[theirs])
    with pytest.raises(Refused, match="import it with `pulumi import aws:cloudwatch/logGroup:LogGroup NAME '/probe'`"):
        engine.create(group(answers), URN, GROUP)


def test_object_that_this_run_has_given_to_a_resource_is_not_given_twice(group: Callable[[Clients], Resource]) -> None:
    answers = Answers(create_log_group=[{}, TAKEN], put_retention_policy=[{}], describe_log_groups=[THERE], list_tags_for_resource=[OURS])
    resource = group(answers)
    engine.create(resource, URN, GROUP)
    with pytest.raises(Refused, match="/probe exists already"):
        engine.create(resource, f"{URN}-twin", GROUP)


def test_creation_that_broke_off_is_completed_by_the_next_update(group: Callable[[Clients], Resource]) -> None:
    without = {"logGroups": [{"logGroupName": "/probe"}]}
    answers = Answers(describe_log_groups=[without, THERE], list_tags_for_resource=[OURS], put_retention_policy=[{}])
    state = engine.update(group(answers), "/probe", {"name": "/probe", engine.UNFINISHED: True}, GROUP, GROUP)
    assert "put_retention_policy" in answers.made
    assert engine.UNFINISHED not in state


@pytest.mark.parametrize(("operation", "kind", "calls"), [
    ("describe_vpcs", "error", 2), ("describe_vpcs", "lost", 2),
    ("create_vpc", "throttling", 2), ("create_vpc", "error", 1), ("create_vpc", "lost", 1),
])  # fmt: skip
def test_only_what_had_no_effect_is_sent_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, operation: str, kind: Any, calls: int
) -> None:
    faults = Faults(Instance(tmp_path))
    clients = Clients("eu-west-1", faults)
    sent: list[str] = []
    ec2: Any = clients._client("ec2")  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(ec2, operation, lambda **_: sent.append(operation) or {})
    faults.arm(Fault(kind, operation))
    if calls == 1:
        with pytest.raises(Refused):
            clients.call("ec2", operation, {})
    else:
        clients.call("ec2", operation, {})
    assert faults.calls == calls


def test_cancelled_provider_does_not_wait(tmp_path: Path) -> None:
    faults = Faults(Instance(tmp_path))
    clients = Clients("eu-west-1", faults)
    clients.cancel()
    faults.arm(Fault("throttling", "create_vpc"))
    with pytest.raises(CallFailed, match="Throttling"):
        clients.call("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"})
    assert faults.calls == 1


def test_every_type_whose_id_aws_makes_can_be_searched() -> None:
    assert {type for type, row in ROWS.items() if "response" in row.id} - _FOUND_BY_CREATE == SEARCHES.keys()


@pytest.mark.parametrize("type", SEARCHES)
def test_search_asks_for_what_botocore_and_the_type_have(type: str) -> None:
    session: Any = boto3
    client = session.client(ROWS[type].service, region_name="eu-west-1")
    assert SEARCHES[type].operation in client.meta.method_to_api_mapping
    assert root_fields(SEARCHES[type].request) <= facts(type).inputs.keys()


def test_connection_that_breaks_while_something_is_made_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            # It ends with the socket.
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    asked.append(connection.recv(65536))
                    connection.close()

        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(Refused, match="create_vpc"):
            Clients("eu-west-1").call("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"})
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert len(asked) == 1
