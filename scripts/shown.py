"""Running a program that runs pulumi, on this terminal."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

INTERRUPTED = 130


def shown(
    argv: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    output: IO[bytes] | None = None,
    errors: IO[bytes] | None = None,
) -> int:
    """The exit code of a program with its own display; 130 when it was interrupted, however it ended then.

    An interrupt reaches it once: it finishes what it has begun, and then ends. What goes to `output` and `errors` is not displayed.
    """
    came: list[int] = []
    running: list[subprocess.Popen[bytes]] = []

    def forward(number: int, _frame: object) -> None:
        came.append(number)
        # From a terminal it has it already, and a second one would abort it.
        if running and (number == signal.SIGTERM or not _in_foreground()):
            running[0].send_signal(signal.SIGINT)

    before = {number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        running.append(subprocess.Popen(argv, cwd=directory, env=dict(environment), stdout=output, stderr=errors))
        code = running[0].wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return INTERRUPTED if came else code


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
