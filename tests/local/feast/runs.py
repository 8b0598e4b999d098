"""Feast as its users run it: its command and their scripts, in a directory with a feature_store.yaml, with some role's credentials."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

from localcloud.toolchain import binary
from localcloud.toolchain.catalogue import FEAST

_SECONDS = 300

Ask = Callable[[str, int], dict[str, object]]


@dataclass(frozen=True)
class Feast:
    """Where things are run, one after another, each in a process of its own."""

    requests: IO[str]
    answers: IO[str]

    def begin(self, request: Mapping[str, object]) -> None:
        """`end` waits for it; nothing else is begun before that."""
        print(json.dumps({**request, "seconds": _SECONDS}), file=self.requests, flush=True)

    def end(self) -> int:
        """The exit code of what was begun."""
        return int(self.answers.readline())


@contextmanager
def feast() -> Generator[Feast]:
    binary(FEAST.name)
    server = [str(FEAST.python), str(Path(__file__).with_name("warm.py"))]
    with subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Feast(process.stdin, process.stdout)
        process.stdin.close()
        assert process.wait(timeout=_SECONDS) == 0


@dataclass(frozen=True)
class Project:
    """A copy of the example's repository, configured for one project and for what one service account may do."""

    feast: Feast
    directory: Path
    environment: Mapping[str, str]

    def run(self, *argv: str, succeeds: bool = True) -> str:
        """What `feast ...`, or a script of the repository or elsewhere, printed."""
        self.begin(*argv)
        return self.end(succeeds=succeeds)

    def begin(self, *argv: str) -> None:
        script = argv[0] if argv[0] == "feast" else str(self.directory / argv[0])
        where = {"directory": str(self.directory), "environment": {**self.environment}, "output": str(self._output)}
        self.feast.begin({"argv": [script, *argv[1:]], **where})

    def end(self, *, succeeds: bool = True) -> str:
        code, said = self.feast.end(), self._output.read_text(errors="replace")
        assert (code == 0) is succeeds, f"it ended with {code}:\n{said}"
        return said

    def rows(self, *argv: str) -> list[dict[str, object]]:
        """The lines of JSON that a script printed."""
        return [json.loads(line) for line in self.run(*argv).splitlines() if line.startswith("{")]

    def but(self, configuration: Mapping[str, str], **environment: str) -> Project:
        """The same with other words in feature_store.yaml, and other variables."""
        changed = Path(tempfile.mkdtemp(prefix=f"{self.directory.name}-", dir=self.directory.parent))
        for file in self.directory.iterdir():
            text = file.read_text()
            if file.name == "feature_store.yaml":
                for old, new in configuration.items():
                    assert text.count(old) == 1, f"{text.count(old)} of {old} in:\n{text}"
                    text = text.replace(old, new)
            (changed / file.name).write_text(text)
        return replace(self, directory=changed, environment={**self.environment, **environment})

    @contextmanager
    def serving(self) -> Generator[Ask]:
        """Feast's own feature server, and how it is asked for a service's features of a customer."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        command = [str(FEAST.executable), "serve", "--host", "127.0.0.1", "--port", str(port)]
        with self._output.open("w") as said:
            server = subprocess.Popen(command, cwd=self.directory, env=self.environment, stdout=said, stderr=said, start_new_session=True)
        try:
            deadline = time.monotonic() + _SECONDS
            while not _answers(port):
                assert server.poll() is None, self._output.read_text()
                assert time.monotonic() < deadline, self._output.read_text()
                time.sleep(0.1)
            yield partial(_ask, port)
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()

    @property
    def _output(self) -> Path:
        return self.directory / "said"


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
            return True
    except OSError:
        return False


def _ask(port: int, service: str, customer: int) -> dict[str, object]:
    body = json.dumps({"feature_service": service, "entities": {"customer_id": [customer]}}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/get-online-features", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        said = json.load(answer)
    names = said["metadata"]["feature_names"]
    return {name: result["values"][0] for name, result in zip(names, said["results"], strict=True)}
