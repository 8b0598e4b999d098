"""Running the real Pulumi CLI against an instance."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
        with _Interrupts() as interrupts:
            # Outside a terminal an interrupt for the whole group, as CI's cancel is, must reach pulumi once as well.
            group = None if _in_foreground() else 0
            command = subprocess.Popen(argv, cwd=self.project, env=dict(self.environment), process_group=group)
            interrupts.go_to(command)
            code = command.wait()
        # A pulumi that is cancelled before its first operation ends with 0, one that has only just been started by the signal.
        return INTERRUPTED if interrupts.came and code <= 0 else code

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


class _Interrupts:
    """While it is entered, interrupts are for the command to handle; from a terminal it gets them already, a second one would
    abort it."""

    def __init__(self) -> None:
        self.came = False
        self._command: subprocess.Popen[bytes] | None = None
        self._early = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "_Interrupts":
        self._before = {number: signal.signal(number, self._forward) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def go_to(self, command: subprocess.Popen[bytes]) -> None:
        """One that came while the command was being started reaches it now: also from a terminal, because nobody knows whether the
        command was there to get it. If it was, it has begun nothing yet that a second one could make it forget."""
        self._command = command
        if self._early:
            command.send_signal(signal.SIGINT)

    def _forward(self, number: int, _frame: object) -> None:
        self.came = True
        if self._command is None:
            self._early = True
        elif number == signal.SIGTERM or not _in_foreground():
            self._command.send_signal(signal.SIGINT)


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
