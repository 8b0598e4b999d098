"""What the engine's steps come to."""

import pytest

from operations.preview.changes import changes, top_of
from planning.refusal import Refused
from tests.unit.operations.preview.previewed import (
    BUCKET,
    DATABASE,
    PARAMETER,
    Step,
    created,
    deleted,
    replaced,
    same,
    step,
    updated,
    urn,
)


@pytest.mark.parametrize(
    ("steps", "actions"),
    [
        ([same()], []),
        ([created(BUCKET)], ["create"]),
        ([step("import", BUCKET, after={})], ["create"]),
        ([updated(BUCKET, {}, {"a": 1})], ["update"]),
        ([deleted(BUCKET)], ["delete"]),
        ([*replaced(DATABASE, {}, {}, "kmsKeyId")], ["replace"]),
        ([*reversed(replaced(DATABASE, {}, {}, "kmsKeyId"))], ["replace"]),
        ([step("read", BUCKET, after={})], []),
        ([created(BUCKET, "a"), deleted(BUCKET, "b")], ["create", "delete"]),
        # What an update before this one replaced and did not get to delete.
        ([updated(BUCKET, {}, {}), deleted(BUCKET)], ["delete"]),
    ],
)
def test_each_resource_has_one_change_whatever_its_steps(steps: list[Step], actions: list[str]) -> None:
    assert [each.action for each in changes({"steps": steps})] == actions


def test_a_component_is_no_resource() -> None:
    component = {"op": "create", "urn": urn("ml-platform:components:Bucket", "b"), "newState": {"type": "t", "custom": False}}
    assert changes({"steps": [component]}) == []


def test_an_operation_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="got operation `unmake`"):
        changes({"steps": [step("unmake", BUCKET, before={})]})


def test_a_replacement_names_the_parts_that_cause_it() -> None:
    why = {"ebs[0].encrypted": {"kind": "update-replace", "inputDiff": False}, "tags.a": {"kind": "update", "inputDiff": False}}
    (found,) = changes({"steps": [step("replace", BUCKET, "b", {}, {}, replaceReasons=["ebs", "name"], detailedDiff=why)]})
    assert found.reasons == ("ebs[0].encrypted", "name")


def test_only_a_replacement_has_what_causes_it() -> None:
    (found,) = changes({"steps": [updated(PARAMETER, {}, {}, replaceReasons=["name"])]})
    assert found.reasons == ()


@pytest.mark.parametrize(("path", "top"), [("a", "a"), ("a.b", "a"), ("a[0].b", "a"), ('["a.b"].c', "a.b"), ("", "")])
def test_a_path_begins_with_its_property(path: str, top: str) -> None:
    assert top_of(path) == top
