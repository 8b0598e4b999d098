"""What a stop of the cloud that was cut short keeps."""

import json
import os
import signal
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from localcloud import emulator, lifecycle, processes
from localcloud.instance import Instance


@pytest.fixture
def instance(tmp_path: Path) -> Generator[Instance]:
    made = Instance(tmp_path)
    lifecycle.start(made)
    made.path("state", ".pulumi", "stacks", "ml-platform", "dev.json").write_text("{}")
    yield made
    lifecycle.stop(made)


def _cut_short_in_a_stop(instance: Instance, monkeypatch: pytest.MonkeyPatch, *, then: signal.Signals) -> list[str]:
    """What the next start says. The emulator stands still while it is told to end; afterwards it is sent `then`."""
    pid = json.loads(instance.path("run", "emulator.json").read_text())["pid"]
    os.kill(pid, signal.SIGSTOP)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(processes, "_wait_until_gone", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            lifecycle.stop(instance)
    os.kill(pid, then)
    deadline = time.monotonic() + 30
    while processes.alive(instance, emulator.NAME):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    said: list[str] = []
    lifecycle.start(instance, said.append)
    return said


def _interrupted(*_: object) -> bool:
    raise KeyboardInterrupt


def test_an_emulator_that_saved_after_a_stop_was_cut_short_is_resumed(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _cut_short_in_a_stop(instance, monkeypatch, then=signal.SIGCONT) == []
    assert lifecycle.status(instance).stacks == ["ml-platform/dev"]


def test_an_emulator_that_was_killed_after_a_stop_was_cut_short_is_not(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    # It had saved once before: that is not what it held now.
    lifecycle.stop(instance)
    lifecycle.start(instance)
    said = _cut_short_in_a_stop(instance, monkeypatch, then=signal.SIGKILL)
    assert "did not stop cleanly (emulator ended)" in said[0]
    assert lifecycle.status(instance).stacks == []
