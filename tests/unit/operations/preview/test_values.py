"""What is shown of properties, and what never is."""

import json
from typing import Any

import pytest

from operations.preview.changes import Change, changes
from operations.preview.values import ABSENT, KNOWN_AFTER, SECRET, Difference, at, differences
from planning.billed import UNKNOWN
from tests.unit.operations.preview.previewed import BUCKET, PARAMETER, created, updated

LOST = "correct-horse-battery"
SAME_SECRET = {"password": SECRET}


def change(before: dict[str, Any], after: dict[str, Any], type_: str = BUCKET, **more: Any) -> Change:
    (found,) = changes({"steps": [updated(type_, before, after, **more)]})
    return found


def shown(before: Any, after: Any) -> list[tuple[str, str, str]]:
    return [(each.path, each.before, each.after) for each in differences(change({"p": before}, {"p": after}))]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("8.0", "8.4", [("p", "8.0", "8.4")]),
        (20, 40, [("p", "20", "40")]),
        (False, True, [("p", "false", "true")]),
        (1, True, [("p", "1", "true")]),
        ("same", "same", []),
        ("known", UNKNOWN, [("p", "known", KNOWN_AFTER)]),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [("p.b", "2", "3")]),
        ({"a": 1}, {"a": 1, "b": None}, [("p.b", ABSENT, "null")]),
        (["a"], ["a", "b"], [("p", "[a]", "[a, b]")]),
        (["a"], ["a", UNKNOWN], [("p", "[a]", f"[a, {KNOWN_AFTER}]")]),
        ([{"a": 1}], [{"a": 2}], [("p[0].a", "1", "2")]),
        ('{"Statement": [{"Action": "a"}]}', '{"Statement": [{"Action": "b"}]}', [("p.Statement[0].Action", "a", "b")]),
        ('{"a": 1}', '{ "a": 1 }', []),
        ("{no json", "{no json either", [("p", "{no json", "{no json either")]),
        ('{"a": 1, "b": {"c": 2}}', UNKNOWN, [("p", "(2 parts)", KNOWN_AFTER)]),
        ({"a": '{"b": 1}'}, {"a": UNKNOWN}, [("p.a", "(1 part)", KNOWN_AFTER)]),
        ([{"a": 1}], UNKNOWN, [("p", "(1 part)", KNOWN_AFTER)]),
        ({"a": 1}, {}, [("p.a", "1", ABSENT), ("p", ABSENT, "{}")]),
    ],
)
def test_what_differs_is_shown_part_by_part(before: Any, after: Any, found: list[tuple[str, str, str]]) -> None:
    assert shown(before, after) == found


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        (BUCKET, {"password": LOST}),
        (BUCKET, {"masterPassword": LOST}),
        (BUCKET, {"authToken": [LOST]}),
        (BUCKET, {"passwords": [LOST, LOST]}),
        (BUCKET, {"tags": {"apiKey": LOST}}),
        (BUCKET, {"credentials": {"deep": [{"er": LOST}]}}),
        (BUCKET, {"environment": [{"name": "DB_PASSWORD", "value": LOST}]}),
        (BUCKET, {"document": json.dumps({"user": "u", "password": LOST})}),
        (BUCKET, {"document": json.dumps({"a": json.dumps({"secret_key": LOST})})}),
        (BUCKET, {"address": f"mysql://user:{LOST}@host"}),
        (BUCKET, {"arguments": ["--password", LOST, f"--token={LOST}"]}),
        (BUCKET, {"key": "-----BEGIN RSA PRIVATE KEY-----\n" + LOST}),
        (PARAMETER, {"type": "SecureString", "value": LOST}),
        (PARAMETER, {"type": "SecureString", "insecureValue": LOST}),
        ("kubernetes:core/v1:Secret", {"data": {"a": LOST}, "stringData": {"b": LOST}}),
    ],
)
@pytest.mark.parametrize("old", [{}, {"outputs": {"known": LOST}, "additionalSecretOutputs": ["known"]}])
def test_no_secret_is_shown(type_: str, inputs: dict[str, Any], old: dict[str, Any]) -> None:
    found = differences(change(inputs, {name: [value, "x"] for name, value in inputs.items()}, type_, old=old, diffReasons=["known"]))
    assert found
    assert not [each for each in found if LOST in f"{each.before}{each.after}"]


def test_a_secret_that_changes_is_said_to() -> None:
    assert differences(change(SAME_SECRET, SAME_SECRET, diffReasons=["password"])) == [Difference("password", SECRET, SECRET)]


def test_whether_a_password_is_managed_is_no_secret() -> None:
    found = differences(change({"manageMasterUserPassword": False}, {"manageMasterUserPassword": True}))
    assert found == [Difference("manageMasterUserPassword", "false", "true")]


def test_a_secret_to_be_is_known_after_and_not_shown() -> None:
    assert differences(change({"password": LOST}, {"password": UNKNOWN})) == [Difference("password", SECRET, KNOWN_AFTER)]


def test_what_was_changed_outside_is_shown_with_the_value_that_is_there() -> None:
    found = differences(change({"size": 1}, {"size": 1}, old={"outputs": {"size": 2}}, detailedDiff={"size": {"kind": "update"}}))
    assert found == [Difference("size", "2", "1")]


def test_all_of_what_is_created_was_not_there() -> None:
    (found,) = changes({"steps": [created(BUCKET, bucket="name")]})
    assert differences(found) == [Difference("bucket", ABSENT, "name")]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("kmsKeyId", ("a", "b")),
        ("nested", ("1", "2")),
        ("nested.part", ("1", "2")),
        ("several", ("", "")),
    ],
)
def test_a_cause_has_its_values_where_it_is_one_property(path: str, found: tuple[str, str]) -> None:
    before = {"kmsKeyId": "a", "nested": {"part": 1}, "several": {"a": 1, "b": 1}}
    after = {"kmsKeyId": "b", "nested": {"part": 2}, "several": {"a": 2, "b": 2}}
    cause = at(change(before, after), path)
    assert (cause.before, cause.after) == found
