"""A pulumi that says what a test wants it to, in a project with a stack file, and an account of moto's."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from moto import mock_aws

ACCOUNT = "123456789012"  # moto's

# What it was called with is kept. It answers by its first word; where INTERRUPT is that word, its caller is interrupted first.
_PULUMI = f"""#!{sys.executable} -SE
import json, os, pathlib, signal, sys, time
here, words = pathlib.Path({{here!r}}), sys.argv[1:]
with (here / "calls").open("a") as calls:
    calls.write(" ".join(words) + "\\n")
if os.environ.get("INTERRUPT") == words[0]:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    os.kill(os.getppid(), signal.SIGINT)
    signal.sigtimedwait([signal.SIGINT], 20)
answer = json.loads((here / (words[0] + ".json")).read_text())
if "--event-log" in words and answer["events"] is not None:
    log = pathlib.Path(words[words.index("--event-log") + 1])
    log.write_text("".join(json.dumps(each) + "\\n" for each in answer["events"]) + answer["cut_short"])
print(answer["said"])
print(answer["errors"], file=sys.stderr)
sys.exit(answer["code"])
"""


@dataclass(frozen=True)
class Project:
    """A project in the working directory with a stack `staging`."""

    directory: Path

    def answer(
        self, command: str, said: Any = "", *, errors: str = "", events: Sequence[Any] | None = (), code: int = 0, cut_short: str = ""
    ) -> None:
        """How pulumi answers from now on. What is said may be a document."""
        text = said if isinstance(said, str) else json.dumps(said)
        content = {"said": text, "errors": errors, "events": events, "code": code, "cut_short": cut_short}
        (self.directory / f"{command}.json").write_text(json.dumps(content))

    @property
    def calls(self) -> list[str]:
        path = self.directory / "calls"
        return [line.split(" -", maxsplit=1)[0] for line in path.read_text().splitlines()] if path.exists() else []


@contextmanager
def project(directory: Path, monkeypatch: pytest.MonkeyPatch, account: str = ACCOUNT) -> Generator[Project]:
    """A project whose stack file names an account, with its pulumi on PATH; its state is empty."""
    (directory / "stacks").mkdir()
    (directory / "bin").mkdir()
    (directory / "Pulumi.yaml").write_text("name: ml-platform\nstackConfigDir: stacks\n")
    settings = {"account": account, "region": "eu-west-1"}
    (directory / "stacks" / "Pulumi.staging.yaml").write_text(yaml.safe_dump({"config": {"ml-platform:settings": settings}}))
    pulumi = directory / "bin" / "pulumi"
    pulumi.write_text(_PULUMI.replace("{here!r}", repr(str(directory))))
    pulumi.chmod(0o755)
    monkeypatch.chdir(directory)
    monkeypatch.setenv("PATH", f"{directory / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    made = Project(directory)
    made.answer("stack", {"deployment": {"resources": []}})
    with mock_aws():
        yield made
