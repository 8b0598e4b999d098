"""Running the real Pulumi CLI against an instance."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud import toolchain

INTERRUPTED = 130


class EngineFailed(RuntimeError):
    """A pulumi command ended with an error; the message has what it said."""


@dataclass(frozen=True)
class Engine:
    """The pinned pulumi, in a project's directory, with an environment made by `localcloud.environment`."""

    project: Path
    environment: Mapping[str, str]

    def shown(self, *arguments: str) -> int:
        """Runs pulumi with its own live display on this terminal. Returns its exit code, or 130 when it was interrupted.

        A Ctrl-C reaches pulumi once: it finishes what it has begun, so that the state stays right, and then ends.
        """
        return self.ran(self._argv(arguments))

    def ran(self, argv: Sequence[str]) -> int:
        """Runs a program that runs pulumi, on this terminal and with interrupts as above. Returns its exit code."""
        command = subprocess.Popen(argv, cwd=self.project, env=dict(self.environment))
        with _interrupts_sent_to(command) as interrupts:
            code = command.wait()
        # A pulumi that is cancelled before its first operation ends with 0.
        return code or (INTERRUPTED if interrupts else 0)

    def said(self, *arguments: str) -> str:
        """Runs pulumi and returns its stdout. Raises EngineFailed."""
        done = subprocess.run(
            self._argv(arguments), cwd=self.project, env=dict(self.environment), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise EngineFailed(f"`pulumi {' '.join(arguments)}` ended with {done.returncode}:\n{done.stdout}{done.stderr}".rstrip())
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """What pulumi said, as JSON. Raises EngineFailed."""
        return json.loads(self.said(*arguments))

    def stack_names(self) -> set[str]:
        """The project's stacks in the instance's state. Raises EngineFailed."""
        return {each["name"].rpartition("/")[2] for each in self.json("stack", "ls", "--json")}

    def _argv(self, arguments: Sequence[str]) -> list[str]:
        return [str(toolchain.binary("pulumi")), *arguments]


@contextmanager
def _interrupts_sent_to(command: subprocess.Popen[bytes]) -> Generator[list[int]]:
    """Until `command` ends, interrupts are its own to handle; from a terminal it gets them already, a second one would abort it.

    Gives the signals that came.
    """
    came: list[int] = []

    def forward(number: int, _frame: object) -> None:
        came.append(number)
        if number == signal.SIGTERM or not _in_foreground():
            command.send_signal(signal.SIGINT)

    before = {number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
