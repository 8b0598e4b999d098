"""Kills at a chosen moment of an update: of the engine, of a plugin, or of a process of the local cloud."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localcloud import processes
from localcloud.instance import Instance
from tests.local.interruptions import command_line, pid_of, processes_of

_OF_PULUMI = {
    "engine": re.compile(r"/pulumi (up|destroy) "),
    "language-host": re.compile(r"localcloud\.language_host"),
    "aws-provider": re.compile(r"localcloud\.aws\.provider"),
    "kubernetes-provider": re.compile(r"localcloud\.kubernetes\.provider"),
}
_STEP = re.compile(r" (creating|updating|deleting) \(")
_AT_MOST_LATER = 3


@dataclass(frozen=True)
class Moment:
    """From the engine's `step`-th operation on the victim is looked for. It is killed `pause_seconds` after it was seen, and on a
    machine so fast that three more operations begin meanwhile, at the third: the update must have more to come."""

    victim: str
    step: int
    pause_seconds: float

    def __str__(self) -> str:
        return f"{self.victim}-{self.step}-{self.pause_seconds}"


def begun(argv: list[str], directory: Path, variables: Mapping[str, str]) -> subprocess.Popen[str]:
    """A command that runs pulumi, whose output is read by `kill_during`."""
    return subprocess.Popen(
        argv, cwd=directory, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace",
    )  # fmt: skip


def kill_during(running: subprocess.Popen[str], instance: Instance, moment: Moment) -> str:
    """Returns what the command said, when it has ended. Fails when it ends before there was anything to kill."""
    output = _Output(running)
    output.await_steps(moment.step)
    seen, victim = moment.step, find(instance, moment.victim)
    while victim is None:
        seen = output.steps
        assert not output.is_over(0.02), f"it ended without a {moment.victim}:\n{output.said}"
        victim = find(instance, moment.victim)
    output.await_steps(seen + _AT_MOST_LATER, moment.pause_seconds)
    assert not output.is_over(0), f"it ended before the kill:\n{output.said}"
    os.kill(victim, signal.SIGKILL)
    assert output.is_over(150), f"it has not ended:\n{output.said}"
    return output.said


def find(instance: Instance, victim: str) -> int | None:
    """The process id; None when there is no such process now."""
    if victim in _OF_PULUMI:
        return next((pid for pid in processes_of(instance) if _OF_PULUMI[victim].search(command_line(pid))), None)
    return next((pid_of(instance, name) for name in processes.running(instance) if name.startswith(victim)), None)


class _Output:
    """What a command says, read while it is waited for."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self.said = ""
        self.steps = 0
        self._is_over = False
        self._running = running
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def await_steps(self, steps: int, seconds: float | None = None) -> None:
        """Returns when the engine begins that many operations, when the time is over, or when nothing more will be said."""
        with self._news:
            self._news.wait_for(lambda: self.steps >= steps or self._is_over, seconds)

    def is_over(self, within_seconds: float) -> bool:
        """Whether everything has ended that could say something."""
        with self._news:
            return self._news.wait_for(lambda: self._is_over, within_seconds)

    def _read(self) -> None:
        assert self._running.stdout is not None
        for line in self._running.stdout:
            with self._news:
                self.said += line
                self.steps += bool(_STEP.search(line))
                self._news.notify()
        self._running.wait()
        with self._news:
            self._is_over = True
            self._news.notify()
