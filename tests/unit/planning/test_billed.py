"""What a stack has, out of states and previews."""

from typing import Any

import pytest

from planning import billed
from planning.refusal import Refused

TYPE = "aws:kms/key:Key"


def state(name: str, **more: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:dev::p::{TYPE}::{name}", "type": TYPE, "custom": True, "inputs": {"name": name}, **more}


def step(op: str, name: str, *, old: bool = True, new: bool = True) -> dict[str, Any]:
    found: dict[str, Any] = {"op": op, "urn": state(name)["urn"]}
    return {**found, **({"oldState": state(name)} if old else {}), **({"newState": state(name)} if new else {})}


PREVIEW = {
    "steps": [
        step("create", "new", old=False),
        step("update", "changed"),
        step("same", "kept"),
        step("delete", "gone", new=False),
        step("replace", "replaced"),
    ],
    "changeSummary": {"same": 1},
}


def names(resources: list[billed.Resource]) -> list[str]:
    return [each.name for each in resources]


@pytest.mark.parametrize(
    "left_out",
    [
        state("it", custom=False),
        state("it", external=True),
        state("it", delete=True),
        {**state("it"), "type": "pulumi:providers:aws"},
    ],
    ids=["a component", "what is only read", "what waits to be deleted", "a provider"],
)
def test_what_the_stack_does_not_pay_for_is_left_out(left_out: dict[str, Any]) -> None:
    assert names(billed.of_state([state("paid"), left_out])) == ["paid"]


def test_after_a_preview_is_what_would_be_there() -> None:
    assert names(billed.after(PREVIEW)) == ["new", "changed", "kept", "replaced"]


def test_before_a_preview_is_what_is_there() -> None:
    assert names(billed.before(PREVIEW)) == ["changed", "kept", "gone", "replaced"]


def test_the_steps_of_a_replacement_count_once() -> None:
    steps = [step("create-replacement", "it"), step("replace", "it"), step("delete-replaced", "it", new=False)]
    assert names(billed.after({"steps": steps})) == ["it"]
    assert names(billed.before({"steps": steps})) == ["it"]


def test_a_preview_that_leaves_out_what_stays_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        billed.after({**PREVIEW, "changeSummary": {"same": 7}})
    assert str(refused.value) == "got 1 unchanged resources; expected all 7 that its summary counts; preview with --show-sames"


def test_what_is_no_preview_is_refused() -> None:
    with pytest.raises(Refused, match="got a file without `steps`; expected what `pulumi preview --json --show-sames` prints"):
        billed.before({})
