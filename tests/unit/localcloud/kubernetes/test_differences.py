"""Differences: what an update changes, and what somebody else has changed."""

from typing import Any

import pytest

from localcloud.kubernetes.differences import changes, observed, without_nulls
from localcloud.provider.interface import Change


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, ()),
        ({"a": 1}, {"a": True}, (Change("a", "update"),)),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, (Change("a.b", "update"), Change("a.c", "add"))),
        ({"a": [1, 2]}, {"a": [1]}, (Change("a[1]", "delete"),)),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}, {}]}, (Change("a[0].b", "update"), Change("a[1]", "add"))),
        ({"l": {"x.y/z": "1"}}, {"l": {"x.y/z": "2"}}, (Change('l["x.y/z"]', "update"),)),
    ],
)
def test_every_change_is_named_by_its_path(old: dict[str, Any], new: dict[str, Any], expected: tuple[Change, ...]) -> None:
    assert changes(old, new, ()) == expected


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        ({"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}, True),
        ({"metadata": {"labels": {"name": "a"}}}, {"metadata": {"labels": {"name": "b"}}}, False),
        ({"roleRef": {"name": "a"}}, {"roleRef": {"name": "b"}}, True),
        ({"spec": {"scopes": ["a"]}}, {"spec": {"scopes": ["b"]}}, True),
        ({"spec": {"scopes": ["a"]}}, {}, True),
        ({"spec": {"scopesOf": 1}}, {"spec": {"scopesOf": 2}}, False),
    ],
)
def test_a_change_of_what_cannot_change_replaces(old: dict[str, Any], new: dict[str, Any], replaces: bool) -> None:
    found = changes(old, new, ("metadata.name", "roleRef", "spec.scopes"))
    assert any(change.replaces for change in found) is replaces


@pytest.mark.parametrize(
    ("inputs", "desired", "live", "expected"),
    [
        pytest.param({"a": "1000m"}, {"a": "1"}, {"a": "1"}, {"a": "1000m"}, id="stored in another form"),
        pytest.param({"a": False}, {}, {}, {"a": False}, id="a default that is not stored"),
        pytest.param({"a": "1"}, {"a": "1"}, {"a": "2"}, {"a": "2"}, id="changed"),
        pytest.param({"a": {"b": "1"}}, {"a": {"b": "1"}}, {"a": {}}, {"a": {}}, id="removed"),
        pytest.param({"a": {"b": "1"}}, {"a": {"b": "1"}}, {"a": {"b": "1", "c": "2"}}, {"a": {"b": "1"}}, id="another's field"),
        pytest.param({"a": [1]}, {"a": [1]}, {"a": [1, 2]}, {"a": [1, 2]}, id="a longer list"),
    ],
)
def test_only_what_others_changed_is_drift(
    inputs: dict[str, Any], desired: dict[str, Any], live: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert observed(inputs, desired, live) == expected


def test_nulls_are_not_sent() -> None:
    assert without_nulls({"a": None, "b": [{"c": None, "d": 0}]}) == {"b": [{"d": 0}]}
