"""Calls that are made once for each of a list: of what AWS has, or of what the program gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud.aws import engine
from localcloud.aws.clients import Clients
from localcloud.aws.facts import facts
from localcloud.aws.resource import Account, Resource
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from localcloud.provider.interface import Refused
from localcloud.provider.values import Properties

_POLICY, _BUDGET = "aws:iam/policy:Policy", "aws:budgets/budget:Budget"
_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
_ID = "arn:aws:iam::111111111111:policy/p"
_TOPIC = "arn:aws:sns:eu-west-1:111111111111:t"


class Recorded(Clients):
    """Calls that are answered per operation by the test, and kept with what they were given."""

    def __init__(self, **answers: dict[str, Any]) -> None:
        super().__init__("eu-west-1")
        self.answers, self.calls = answers, list[tuple[str, dict[str, Any]]]()

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((operation, parameters))
        return self.answers.get(operation, {})

    def given(self, operation: str, name: str) -> list[Any]:
        return [parameters[name] for made, parameters in self.calls if made == operation]


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("LOCALCLOUD_DIR", str(tmp_path))


def _resource(type: str, clients: Clients) -> Resource:
    return Resource(ROWS[type], facts(type), clients, Account("111111111111", "eu-west-1", {}, Instance.here()))


def _versions(*ids: str) -> dict[str, Any]:
    """The last one is the default version."""
    return {"Versions": [{"VersionId": id, "IsDefaultVersion": id == ids[-1]} for id in ids]}


def _changed_policy(*ids: str) -> Recorded:
    policy = {"PolicyName": "p", "Path": "/", "Arn": _ID, "DefaultVersionId": ids[-1]}
    clients = Recorded(get_policy={"Policy": policy}, list_policy_versions=_versions(*ids))
    old: Properties = {"name": "p", "policy": '{"old": 1}'}
    engine.update(_resource(_POLICY, clients), _ID, {**old, "path": "/", "tagsAll": {}}, old, {"name": "p", "policy": '{"new": 1}'})
    return clients


@pytest.mark.parametrize(
    ("versions", "deleted"),
    [
        pytest.param(("v1", "v2", "v3", "v4"), [], id="of four none"),
        pytest.param(("v1", "v2", "v3", "v4", "v5"), ["v1"], id="of five the first"),
        pytest.param(("v11", "v10", "v9", "v8", "v12"), ["v8"], id="in the order of numbers, not of letters"),
        pytest.param(("v2", "v3", "v4", "v5", "v1"), ["v2"], id="not the one in force"),
    ],
)
def test_changed_policy_makes_room_for_its_new_version(versions: tuple[str, ...], deleted: list[str]) -> None:
    made = _changed_policy(*versions)
    assert made.given("delete_policy_version", "VersionId") == deleted
    assert made.given("create_policy_version", "SetAsDefault") == [True]


def test_policy_is_read_from_the_version_in_force() -> None:
    assert _changed_policy("v1", "v2", "v3").given("get_policy_version", "VersionId") == ["v3"]


def test_policy_is_deleted_after_every_other_version() -> None:
    clients = Recorded(list_policy_versions=_versions("v1", "v2", "v3"))
    engine.delete(_resource(_POLICY, clients), _ID, {"name": "p"})
    made = [(operation, parameters.get("VersionId")) for operation, parameters in clients.calls if operation.startswith("delete")]
    assert made == [("delete_policy_version", "v1"), ("delete_policy_version", "v2"), ("delete_policy", None)]


def test_changed_notifications_of_a_budget_take_the_place_of_all_that_are_there() -> None:
    there = [{"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": limit} for limit in (80.0, 90.0)]
    clients = Recorded(describe_budget={"Budget": {"BudgetName": "b"}}, describe_notifications_for_budget={"Notifications": there})
    wanted = [
        {
            "notificationType": "FORECASTED",
            "comparisonOperator": "GREATER_THAN",
            "threshold": limit,
            "thresholdType": "PERCENTAGE",
            "subscriberEmailAddresses": ["a@example.com"],
            "subscriberSnsTopicArns": [_TOPIC],
        }
        for limit in (50, 60)
    ]
    old: Properties = {"name": "b", "budgetType": "COST", "timeUnit": "MONTHLY"}
    engine.update(_resource(_BUDGET, clients), "111111111111:b", old, old, old | {"notifications": wanted})
    assert [each["Threshold"] for each in clients.given("delete_notification", "Notification")] == [80.0, 90.0]
    assert [each["Threshold"] for each in clients.given("create_notification", "Notification")] == [50, 60]
    told = [{"SubscriptionType": "EMAIL", "Address": "a@example.com"}, {"SubscriptionType": "SNS", "Address": _TOPIC}]
    assert clients.given("create_notification", "Subscribers") == [told, told]
    assert clients.given("update_budget", "NewBudget") == []


_SUBSCRIBED: Properties = {"topic": _TOPIC, "protocol": "https", "endpoint": "https://example.com/"}


def _subscribed(*listed: str) -> tuple[str, Properties]:
    """What the create call does not tell is listed so; each has the endpoint that was subscribed."""
    attributes = {"TopicArn": _TOPIC, "Protocol": "https", "Endpoint": "https://example.com/", "PendingConfirmation": "true"}
    clients = Recorded(
        subscribe={"SubscriptionArn": "pending confirmation"},
        list_subscriptions_by_topic={"Subscriptions": [{"SubscriptionArn": each} for each in listed]},
        get_subscription_attributes={"Attributes": attributes},
    )
    urn = f"urn:pulumi:probe::probe::{_SUBSCRIPTION}::alarms"
    return engine.create(_resource(_SUBSCRIPTION, clients), urn, _SUBSCRIBED)


def test_id_that_the_create_call_does_not_tell_is_searched_for() -> None:
    id, state = _subscribed(f"{_TOPIC}:1")
    assert (id, state["pendingConfirmation"]) == (f"{_TOPIC}:1", True)


def test_object_whose_id_is_found_nowhere_is_no_success() -> None:
    with pytest.raises(Refused, match="subscribe did not tell what it made, and it is not listed"):
        _subscribed()


@pytest.mark.parametrize(("pending", "calls"), [(True, 0), (False, 1)])
def test_subscription_that_waits_for_its_confirmation_is_only_forgotten(pending: bool, calls: int) -> None:
    clients = Recorded()
    engine.delete(_resource(_SUBSCRIPTION, clients), f"{_TOPIC}:1", {**_SUBSCRIBED, "pendingConfirmation": pending})
    assert len(clients.given("unsubscribe", "SubscriptionArn")) == calls
