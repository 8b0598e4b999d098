"""Kills at a chosen moment of an update: of the engine, of a plugin, or of a process of the local cloud."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
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


@dataclass(frozen=True)
class Moment:
    """From the engine's `step`-th operation on the victim is looked for; it is killed `pause_seconds` after it was seen."""

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
    said = _until_step(running, moment.step)
    while (victim := find(instance, moment.victim)) is None:
        assert not _ended(running, 0.02), f"it ended without a {moment.victim}:\n{said}{running.communicate()[0]}"
    assert not _ended(running, moment.pause_seconds), f"it ended before the kill:\n{said}{running.communicate()[0]}"
    os.kill(victim, signal.SIGKILL)
    return said + running.communicate(timeout=150)[0]


def find(instance: Instance, victim: str) -> int | None:
    """The process id; None when there is no such process now."""
    if victim in _OF_PULUMI:
        return next((pid for pid in processes_of(instance) if _OF_PULUMI[victim].search(command_line(pid))), None)
    return next((pid_of(instance, name) for name in processes.running(instance) if name.startswith(victim)), None)


def _until_step(running: subprocess.Popen[str], step: int) -> str:
    said = ""
    assert running.stdout is not None
    for line in running.stdout:
        said += line
        step -= bool(_STEP.search(line))
        if step <= 0:
            break
    return said


def _ended(running: subprocess.Popen[str], within_seconds: float) -> bool:
    with suppress(subprocess.TimeoutExpired):
        running.wait(within_seconds)
    return running.returncode is not None
