"""Feast as its users run it: its command and their scripts, in a directory with a feature_store.yaml, with some role's credentials."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from localcloud.toolchain import binary
from localcloud.toolchain.catalogue import FEAST

_SECONDS = 300


@dataclass(frozen=True)
class Feast:
    """Where things are run, one after another, each in a process of its own."""

    requests: IO[str]
    answers: IO[str]

    def begin(self, run: Run) -> None:
        """`end` waits for it; nothing else is begun before that."""
        request = {"argv": run.argv, "directory": str(run.directory), "environment": run.environment, "output": str(run.output)}
        print(json.dumps({**request, "seconds": _SECONDS}), file=self.requests, flush=True)

    def end(self, run: Run, *, succeeds: bool = True) -> str:
        """All that it printed."""
        code, said = self.answers.readline().strip(), run.output.read_text(errors="replace")
        assert (code == "0") is succeeds, f"{' '.join(run.argv)} ended with {code}:\n{said}"
        return said


@dataclass(frozen=True)
class Run:
    argv: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str]

    @property
    def output(self) -> Path:
        return self.directory / "said"


@contextmanager
def feast() -> Generator[Feast]:
    binary(FEAST.name)
    server = Path(__file__).with_name("warm_feast.py")
    # Its group is its own: Ctrl-C ends the tests, which end it.
    with subprocess.Popen(
        [str(FEAST.python), str(server)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Feast(process.stdin, process.stdout)
        process.stdin.close()
        assert process.wait() == 0


@dataclass(frozen=True)
class Project:
    """A copy of the example's repository, configured for one project and one role."""

    feast: Feast
    directory: Path
    environment: Mapping[str, str]

    def run(self, *argv: str, succeeds: bool = True) -> str:
        """What `feast ...` or `SCRIPT.py ...` printed."""
        run = self.begin(*argv)
        return self.feast.end(run, succeeds=succeeds)

    def begin(self, *argv: str) -> Run:
        script = str(self.directory / argv[0]) if argv[0].endswith(".py") else argv[0]
        run = Run((script, *argv[1:]), self.directory, self.environment)
        self.feast.begin(run)
        return run
