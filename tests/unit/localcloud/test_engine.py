"""How interrupts reach a command that runs pulumi."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from localcloud import engine
from localcloud.engine import INTERRUPTED, Engine

# Tells who sent the first interrupt.
_COMMAND = """
import json, os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
print(json.dumps({"pid": os.getpid()}), flush=True)
print(json.dumps({"sender": signal.sigwaitinfo([signal.SIGINT]).si_pid}), flush=True)
"""
_RUN = """
import os, sys
from pathlib import Path
from localcloud.engine import Engine
sys.exit(Engine(Path.cwd(), os.environ).ran([sys.executable, "-c", sys.argv[1]]))
"""


def _running() -> subprocess.Popen[str]:
    """A process that runs the command outside a terminal, as the leader of a group."""
    running = subprocess.Popen(
        [sys.executable, "-c", _RUN, _COMMAND],
        cwd=Path(__file__).parents[3], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert running.stdout is not None
    assert json.loads(running.stdout.readline())["pid"] != running.pid
    return running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_for_the_whole_group_reaches_the_command_once_and_as_an_interrupt(number: signal.Signals) -> None:
    """A second interrupt would make pulumi abort, and forget what it has begun."""
    running = _running()
    os.killpg(running.pid, number)
    said = running.communicate(timeout=10)[0]
    assert json.loads(said)["sender"] == running.pid
    assert running.returncode == INTERRUPTED


def test_a_command_that_ends_by_itself_has_its_own_exit_code(tmp_path: Path) -> None:
    assert Engine(tmp_path, os.environ).ran([sys.executable, "-c", "raise SystemExit(7)"]) == 7


@pytest.mark.parametrize("in_a_terminal", [True, False], ids=["in a terminal", "outside one"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_while_the_command_is_being_started_reaches_it(
    number: signal.Signals, in_a_terminal: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = subprocess.Popen
    monkeypatch.setattr(engine, "_in_foreground", lambda: in_a_terminal)

    def interrupted_start(*arguments: Any, **options: Any) -> Any:
        os.kill(os.getpid(), number)
        return start(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", interrupted_start)
    began = time.monotonic()
    assert Engine(tmp_path, os.environ).ran(["sleep", "20"]) == INTERRUPTED
    assert time.monotonic() - began < 20
