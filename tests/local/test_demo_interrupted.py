"""`make demo` and `make down` on the dev stack, as somebody types them, interrupted and killed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.instance import Instance
from tests.local.home import checkout_copy
from tests.local.interruptions import await_nothing
from tests.local.kills import Moment, begun, find, kill_during
from tests.local.terminal import in_a_terminal, press_ctrl_c


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout of its own, with its local cloud where it is by itself; nothing of it runs when the test is done."""
    monkeypatch.delenv("LOCALCLOUD_DIR", raising=False)
    copy = checkout_copy(tmp_path / "checkout")
    yield copy
    assert _made(copy, "down")[0] == 0
    await_nothing(Instance(copy / ".localcloud"), seconds=5)


def _made(checkout: Path, target: str) -> tuple[int, str]:
    running = begun(["make", target], checkout, os.environ)
    said = running.communicate(timeout=200)[0]
    return running.returncode, said


def _killed(checkout: Path, target: str, moment: Moment) -> str:
    running = begun(["make", target], checkout, os.environ)
    said = kill_during(running, Instance(checkout / ".localcloud"), moment)
    assert running.returncode != 0
    return said


def test_ctrl_c_in_make_demo_while_a_control_plane_starts_ends_it_within_5_s(checkout: Path) -> None:
    instance = Instance(checkout / ".localcloud")
    running = in_a_terminal(["make", "demo"], checkout, {**os.environ, "TERM": "dumb"})
    while find(instance, "kube-apiserver") is None:
        assert running.poll() is None, "it ended before the control plane was started"
    press_ctrl_c(running)
    pressed = time.monotonic()
    assert running.wait(5) != 0
    await_nothing(instance, seconds=5 - (time.monotonic() - pressed))


def test_make_demo_and_make_down_go_on_after_a_kill_and_say_how(checkout: Path) -> None:
    assert "Go on with `make demo STACK=dev`" in _killed(checkout, "demo", Moment("engine", 40, 0.3))
    code, said = _made(checkout, "demo")
    assert code == 0, said
    assert "Removed the lock on stack dev of a pulumi that is gone" in said
    assert "`make down STACK=dev` goes on" in _killed(checkout, "down", Moment("aws-provider", 20, 0.3))
    code, said = _made(checkout, "down")
    assert code == 0, said
    assert "Stack dev is destroyed." in said
    assert "NOT EXPECTED" not in said
