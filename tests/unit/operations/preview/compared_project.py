"""A clone of a project with a base and a head, whose local cloud and pulumi write down what they are asked and do nothing else."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from operations.preview.comparison import Wanted, compare
from operations.preview.document import StackPreview

PASSWORD = "of-the-base-state"
GAP = {"type": "aws:s3/bucket:Bucket", "path": "acl", "kind": "not kept", "reason": "the emulator drops it"}
URN = "urn:pulumi:dev::ml-platform::aws:s3/bucket:Bucket::models"
BUCKET = {"urn": URN, "type": "aws:s3/bucket:Bucket", "custom": True, "id": "models", "inputs": {"acl": "private"}}

# Which revision's it is, is the name of the directory that it runs in. What `fails` holds the words of ends with an error.
_RECORDING = f"""#!{sys.executable}
import json, os, pathlib, sys, time
here = pathlib.Path({{here!r}})
words = [pathlib.Path(word).name if "/" in word else word for word in sys.argv[1:]]
call = " ".join([{{name!r}}, pathlib.Path.cwd().name, *words])
with (here / "calls").open("a") as calls:
    calls.write(call + "\\n")
if (here / "sleeps").exists() and (here / "sleeps").read_text() in call:
    (here / "asleep").touch()
    time.sleep(60)
failing = (here / "fails").exists() and (here / "fails").read_text() in call
"""

_LOCALCLOUD = """
if failing:
    sys.exit("the cloud says no")
if words[0] == "env":
    print(f"export PATH={here / 'bin'}:/usr/bin:/bin")
elif words[0] == "gaps":
    print((here / "gaps.json").read_text())
"""

_PULUMI = """
if words[:2] == ["stack", "export"] and words[words.index("--stack") + 1] == "risk":
    sys.exit("error: no stack named 'risk' found")
if words[:2] == ["stack", "export"]:
    print((here / "state.json").read_text())
elif words[0] == "preview":
    events = sys.argv[sys.argv.index("--event-log") + 1]
    pathlib.Path(events).write_text((here / "events").read_text())
    print((here / "preview.json").read_text())
elif failing:
    print("the engine says " + (here / "password").read_text())
if failing:
    sys.exit(255)
"""

_COST = """
print(json.dumps({"usd_per_month": "1"}))
"""


@dataclass
class Project:
    """The clone, with stacks `dev` and `prod`, and what its programs were asked."""

    directory: Path
    _here: Path
    _kept: Path
    preview: dict[str, Any] = field(default_factory=lambda: {"steps": [{"op": "same", "urn": URN, "newState": BUCKET}]})
    events: list[dict[str, Any]] = field(default_factory=list["dict[str, Any]"])

    def write(self, path: str, text: str) -> None:
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=True).stdout.strip()

    def compare(self, *stacks: str, account: bool = False, jobs: int = 1) -> list[StackPreview]:
        (self._here / "preview.json").write_text(json.dumps(self.preview))
        (self._here / "events").write_text("".join(json.dumps(event) + "\n" for event in self.events))
        wanted = Wanted(base="main", head=None, stacks=stacks, account=account, jobs=jobs, kept=self._kept)
        return compare(self.directory, wanted)

    def make(self, what: str, words: str) -> None:
        """What a call with these words does from now on: it `fails`, or `sleeps`."""
        (self._here / what).write_text(words)

    def took(self, what: str) -> None:
        (self._here / what).unlink()

    @property
    def asleep(self) -> bool:
        return (self._here / "asleep").exists()

    @property
    def calls(self) -> list[str]:
        """What was called, in which revision, since the last time that this was read."""
        file = self._here / "calls"
        found = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return found

    @property
    def kept(self) -> int:
        """How many bases are kept, and would be used again."""
        return len(list(self._kept.glob("*/ready")))


def stack_file(account: str, **more: str) -> str:
    settings = "".join(f"    {name}: {value}\n" for name, value in {"account": f'"{account}"', "region": "eu-west-1", **more}.items())
    return f"config:\n  ml-platform:settings:\n{settings}secretsprovider: awskms://alias/state\nencryptedkey: abc\n"


def project(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    here = directory / "here"
    (here / "bin").mkdir(parents=True)
    made = Project(directory / "clone", here, directory / "kept")
    made.write("localcloud/__init__.py", "")
    made.write("localcloud/toolchain.py", _RECORDING.format(here=str(here), name="toolchain"))
    made.write("localcloud/__main__.py", _RECORDING.format(here=str(here), name="localcloud") + _LOCALCLOUD)
    made.write("scripts/cost.py", "import json\n" + _COST)
    made.write("stacks/Pulumi.dev.yaml", stack_file("111111111111"))
    made.write("stacks/Pulumi.prod.yaml", stack_file("333333333333"))
    made.write("tiers/network.py", "")
    made.write("requirements/project.txt", "pulumi==1\n")
    made.write(".gitignore", "__pycache__/\n")
    pulumi = here / "bin" / "pulumi"
    pulumi.write_text(_RECORDING.format(here=str(here), name="pulumi") + _PULUMI)
    pulumi.chmod(0o755)
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps(PASSWORD)}
    (here / "password").write_text(PASSWORD)
    (here / "state.json").write_text(json.dumps({"deployment": {"resources": [{**BUCKET, "outputs": {"password": secret}}]}}))
    (here / "gaps.json").write_text(json.dumps([GAP]))
    made.git("init", "--quiet", "--initial-branch", "main")
    made.git("add", ".")
    made.git("commit", "--quiet", "--message", "base")
    made.git("switch", "--quiet", "--create", "topic")
    monkeypatch.setenv("PATH", f"{here / 'bin'}:{os.environ['PATH']}")
    return made
