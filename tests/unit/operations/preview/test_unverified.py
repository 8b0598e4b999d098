"""What of a change the local cloud only takes the program's word for."""

from typing import Any

import pytest

from operations.preview.unverified import WHOLE_TYPE, Gap, unverified

TYPE, ABSENT = "aws:rds/instance:Instance", "aws:budgets/budget:Budget"
GAPS = [
    Gap(TYPE, "performanceInsightsEnabled", "not kept", "the emulator drops it"),
    Gap(TYPE, "restore.sourceName", "not read", "nothing returns it"),
    Gap(TYPE, "multiAz", "change refused", "the emulator makes no change of it"),
    Gap(TYPE, "caCertIdentifier", "replacement not known", "not in the source that was read"),
    Gap(TYPE, "endpoint", "stand-in", "on this machine"),
    Gap(ABSENT, WHOLE_TYPE, "held in Pulumi's state only", "the emulator has no budgets"),
]


def step(op: str, type_: str = TYPE, inputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"op": op, "newState": {"type": type_, "inputs": inputs or {}}, **more}


def names(*steps: dict[str, Any]) -> list[str]:
    return [line.partition(": ")[0].removeprefix(f"{TYPE}.") for line in (text for text in unverified(steps, GAPS))]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (step("create", inputs={"performanceInsightsEnabled": True, "multiAz": True}), ["performanceInsightsEnabled"]),
        (step("create", inputs={"performanceInsightsEnabled": None}), []),
        (step("create", inputs={"restore": {"sourceName": "x"}}), ["restore.sourceName"]),
        (step("create", inputs={"restore": [{"sourceName": "x"}]}), ["restore.sourceName"]),
        (step("create", inputs={"restore": {}}), []),
        (step("update", detailedDiff={"multiAz": {}}), ["multiAz"]),
        (step("update", detailedDiff={"restore[0].sourceName": {}}), ["restore.sourceName"]),
        (step("update", detailedDiff={"restore": {}}), ["restore.sourceName"]),
        (step("update", diffReasons=["caCertIdentifier"]), ["caCertIdentifier"]),
        (step("update", inputs={"performanceInsightsEnabled": True}, detailedDiff={"tags.owner": {}}), []),
        (step("replace", detailedDiff={"performanceInsightsEnabled": {}}), ["performanceInsightsEnabled"]),
        (step("update", detailedDiff={"endpoint": {}}), []),
        (step("same", inputs={"performanceInsightsEnabled": True}), []),
        (step("create", "aws:s3/bucket:Bucket", {"performanceInsightsEnabled": True}), []),
    ],
)
def test_what_a_change_rests_on_is_named(changed: dict[str, Any], found: list[str]) -> None:
    assert names(changed) == found


@pytest.mark.parametrize("changed", [step("create", ABSENT), step("update", ABSENT, detailedDiff={"limitAmount": {}})])
def test_a_type_that_is_not_there_at_all_is_named_whole(changed: dict[str, Any]) -> None:
    assert unverified([changed], GAPS) == (f"{ABSENT}: the emulator has no budgets",)


def test_the_reason_is_given_and_each_is_said_once() -> None:
    changed = step("create", inputs={"performanceInsightsEnabled": True})
    assert unverified([changed, changed], GAPS) == (f"{TYPE}.performanceInsightsEnabled: the emulator drops it",)


def test_a_resource_that_goes_rests_on_nothing() -> None:
    gone = {"op": "delete", "oldState": {"type": TYPE, "inputs": {"performanceInsightsEnabled": True}}}
    assert unverified([gone], GAPS) == ()
