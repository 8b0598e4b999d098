"""Running a slow command so that somebody who watches knows what it does, how long it takes, and why it failed."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_QUIET_INTERVAL_SECONDS = 15.0


class CommandFailed(RuntimeError):
    """A command ended with an error; the message has the end of its output."""


@dataclass(frozen=True)
class Step:
    """What is shown of a command: its title and how long it usually takes, the first time."""

    title: str
    usually: str


def run(step: Step, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path) -> None:
    """Runs `argv`, its output in `log`, and shows the time that passes: ticking on a terminal, else a line every 15 s.

    Raises CommandFailed with the end of the output. An interrupt ends the command too.
    """
    began = time.monotonic()
    show = _Ticker(step, log)
    with log.open("wb") as output:
        command = subprocess.Popen(argv, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        while command.poll() is None:
            show.tick(time.monotonic() - began)
            time.sleep(0.2)
    except BaseException:
        command.terminate()
        command.wait()
        raise
    show.end(time.monotonic() - began, command.returncode == 0)
    if command.returncode != 0:
        raise CommandFailed(f"`{' '.join(argv[:4])} …` ended with {command.returncode}. The end of its output:\n{tail(log)}")


def tail(log: Path, lines: int = 25) -> str:
    """The last lines of a log, indented."""
    return "\n".join(f"    {line}" for line in log.read_text(errors="replace").splitlines()[-lines:])


class _Ticker:
    def __init__(self, step: Step, log: Path) -> None:
        self._step = step
        self._log = log
        self._terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._next = 0.0
        self._say(f"  {step.title}: usually {step.usually} the first time", last=not self._terminal)

    def tick(self, seconds: float) -> None:
        if seconds < self._next:
            return
        self._next = seconds + (1.0 if self._terminal else _QUIET_INTERVAL_SECONDS)
        if seconds > 0.5:
            self._say(
                f"  {self._step.title}: {_clock(seconds)} of usually {self._step.usually}{self._last_line()}", last=not self._terminal
            )

    def end(self, seconds: float, succeeded: bool) -> None:
        self._say(f"  {self._step.title}: {'done' if succeeded else 'FAILED'} after {_clock(seconds)}", last=True)

    def _last_line(self) -> str:
        with self._log.open("rb") as log:
            log.seek(max(0, self._log.stat().st_size - 400))
            lines = [line.strip() for line in log.read().decode(errors="replace").splitlines() if line.strip()]
        return f" · {lines[-1][:70]}" if lines else ""

    def _say(self, text: str, *, last: bool) -> None:
        if self._terminal:
            text = f"\r\033[K{text}"
        print(text, end="\n" if last else "", flush=True)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
