"""Faults strike once, where they are asked for."""

import json
from pathlib import Path

import pytest

from localcloud.faults import Fault, Faults, Injected, NoSuchFault, set_faults
from localcloud.instance import Instance


class Broken(Exception):
    pass


class Silent(Exception):
    pass


INJECTED = Injected(error=Broken(), throttling=Broken("too many"), lost=Silent())


def test_without_a_file_calls_go_through(tmp_path: Path) -> None:
    assert Faults(Instance(tmp_path)).around("create_vpc", lambda: "made", INJECTED) == "made"


def test_a_fault_strikes_at_the_nth_call_of_its_operation_and_not_again(tmp_path: Path) -> None:
    set_faults(Instance(tmp_path), Fault("error", "create_vpc", nth=2))
    faults = Faults(Instance(tmp_path))
    assert [faults.around(operation, lambda: "made", INJECTED) for operation in ("create_vpc", "create_subnet")] == ["made", "made"]
    with pytest.raises(Broken):
        faults.around("create_vpc", lambda: "made", INJECTED)
    assert json.loads((tmp_path / "faults.json").read_text()) == [], "the next provider meets none"
    assert faults.around("create_vpc", lambda: "made", INJECTED) == "made"


@pytest.mark.parametrize("kind", ["lost", "killed"])
def test_lost_and_killed_strike_after_the_call_has_taken_effect(tmp_path: Path, kind: str) -> None:
    ended: list[int] = []
    made: list[str] = []
    faults = Faults(Instance(tmp_path), ended.append)
    faults.arm(Fault(kind))  # pyright: ignore[reportArgumentType]
    if kind == "lost":
        with pytest.raises(Silent):
            faults.around("create_vpc", lambda: made.append("vpc"), INJECTED)
    else:
        faults.around("create_vpc", lambda: made.append("vpc"), INJECTED)
    assert (made, ended) == (["vpc"], [137] if kind == "killed" else [])


def test_a_kind_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "faults.json").write_text('[{"fault": "flood"}]')
    with pytest.raises(NoSuchFault, match="'flood' is no fault; there are error"):
        Faults(Instance(tmp_path))
