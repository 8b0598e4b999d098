"""Commands that a preview runs: in sessions of their own, so that an interrupt ends them in an order that leaves nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_GRACE_SECONDS = 5.0


class Stopped(RuntimeError):
    """The run was interrupted while, or before, a command ran."""


class Failed(RuntimeError):
    """A command ended with an error; the message has what it said."""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@dataclass
class Commands:
    """Runs commands until `stop`; from then on only what cleans up. Safe between threads."""

    _running: set[subprocess.Popen[str]] = field(default_factory=set["subprocess.Popen[str]"])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    def run(self, *argv: str, at: Path, environment: Mapping[str, str] = os.environ, cleaning: bool = False) -> Said:
        """What a command said. Raises Stopped; `cleaning` runs it even then."""
        with self._lock:
            if self._stopped and not cleaning:
                raise Stopped
            child = subprocess.Popen(
                argv, cwd=at, env=dict(environment), text=True, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            if not cleaning:
                self._running.add(child)
        out, err = child.communicate()
        with self._lock:
            self._running.discard(child)
            if self._stopped and not cleaning:
                raise Stopped
        return Said(child.returncode, out, err)

    def must(self, *argv: str, at: Path, environment: Mapping[str, str] = os.environ) -> str:
        """What a command wrote on stdout. Raises Failed with all that it said, and Stopped."""
        said = self.run(*argv, at=at, environment=environment)
        if said.code != 0:
            command = " ".join([Path(argv[0]).name, *argv[1:]])
            raise Failed(f"`{command}` ended with {said.code}:\n{said.out}{said.err}".rstrip())
        return said.out

    def stop(self) -> None:
        """Ends what runs: an engine is asked first, and has 5 s to end its plugins."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for asked in (signal.SIGINT, signal.SIGKILL):
            for child in running:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, asked)
            deadline = time.monotonic() + _GRACE_SECONDS
            while any(child.poll() is None for child in running) and time.monotonic() < deadline:
                time.sleep(0.05)


@contextmanager
def step(stack: str, what: str) -> Generator[None]:
    """Says on stderr what begins, and when it is done how long it took."""
    print(f"preview: {stack}: {what} ...", file=sys.stderr, flush=True)
    began = time.monotonic()
    yield
    print(f"preview: {stack}: {what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
