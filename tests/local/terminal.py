"""Commands at a terminal of their own: Ctrl-C is a key there, and goes to whoever is in the foreground."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_SPAWN = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


def in_a_terminal(argv: Sequence[str], directory: Path, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The exit code is that of the command. Its display is thrown away."""
    return subprocess.Popen(
        [sys.executable, "-c", _SPAWN, *argv],
        cwd=directory, env=variables, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, bufsize=0,
    )  # fmt: skip


def press_ctrl_c(running: subprocess.Popen[bytes]) -> None:
    assert running.stdin is not None
    running.stdin.write(b"\x03")
    running.stdin.close()
