"""What `make down` says of what it could not take away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud import creating, demo, emulator, processes
from localcloud.creating import Creating
from localcloud.instance import Instance

URN = "urn:pulumi:dev::probe::aws:ec2/vpc:Vpc::vpc"
ACCOUNT = "111111111111"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instance:
    """A cloud in which an update broke off while it made a VPC."""
    made = Instance(tmp_path)
    Creating(made, f"{ACCOUNT} eu-west-1", "aws:ec2/vpc:Vpc").begin(URN, {})
    monkeypatch.setattr(processes, "start_time", lambda _: 1)
    return made


def _left(instance: Instance, monkeypatch: pytest.MonkeyPatch, **objects: dict[str, Any]) -> str:
    monkeypatch.setattr(emulator, "held", lambda *_: objects)
    return demo._left(instance, ACCOUNT, "dev")  # pyright: ignore[reportPrivateUsage]


def test_remedy_for_what_is_left_is_told_for_what_is_in_the_program_and_for_what_is_not(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _left(instance, monkeypatch, ec2={"vpcs eu-west-1 vpc-1": {}})
    assert "vpcs eu-west-1 vpc-1: NOT EXPECTED" in said
    assert "as vpc. What of it is still in the program `make demo STACK=dev` takes up; then `make down STACK=dev` again." in said
    assert "Delete the rest by hand" in said
    assert creating.cut_short(instance) == [URN]


def test_what_broke_off_is_forgotten_when_nothing_is_left(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _left(instance, monkeypatch) == "Nothing is left in its account."
    assert creating.cut_short(instance) == []
