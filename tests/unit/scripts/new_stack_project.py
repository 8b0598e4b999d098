"""A checkout for new_stack, with a pulumi and a local cloud that only write down what they are asked."""

import io
import json
import sys
from pathlib import Path

import pytest

from scripts import new_stack
from stacks.checking import PROFILES

GIVEN = {
    "--profile": "staging",
    "--account": "444444444444",
    "--region": "eu-central-1",
    "--owner": "risk",
    "--cost-centre": "ml-2100",
    "--data-classification": "internal",
}
MOTOS = "123456789012"
KEY = "awskms://alias/state?region=eu-central-1"

# The command named in FAIL fails. `existing` is what the state has of the stack.
PULUMI = """
import json, os, pathlib, sys
here = pathlib.Path(HERE)
words = sys.argv[1:]
with (here / "calls").open("a") as calls:
    calls.write(" ".join(words) + "\\n")
if " ".join(words).startswith(os.environ.get("FAIL", "nothing")):
    sys.exit(7)
existing = here / "existing"
if words[:2] == ["stack", "export"]:
    if not existing.exists():
        sys.exit(255)
    print(json.dumps(dict(deployment=json.loads(existing.read_text()))))
if words[:2] == ["stack", "rm"]:
    existing.unlink()
if words[:2] == ["stack", "init"]:
    file = here / "stacks" / f"Pulumi.{words[-1]}.yaml"
    kept = "encryptionsalt: v1:salt" if "default" in words else f"secretsprovider: {words[-2]}"
    file.write_text(file.read_text() + kept + "\\n")
"""
LOCALCLOUD = """
import os, sys
with open("calls", "a") as calls:
    calls.write("localcloud " + " ".join(sys.argv[1:]) + "\\n")
if " ".join(["localcloud", *sys.argv[1:]]).startswith(os.environ.get("FAIL", "nothing")):
    sys.exit(7)
if sys.argv[1] == "env":
    print(f"export PULUMI_STACK={sys.argv[2]}")
"""


class Terminal(io.StringIO):
    """Somebody who types these lines, and then Ctrl-D."""

    def isatty(self) -> bool:
        return True


class Project:
    """A checkout with the three committed stack files."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.stacks = directory / "stacks"
        self.stacks.mkdir()
        for file in PROFILES.parent.glob("Pulumi.*.yaml"):
            (self.stacks / file.name).write_bytes(file.read_bytes())
        self.before = self.files()
        self.stack_file = self.stacks / "Pulumi.risk-eu.yaml"
        executable(directory / "bin" / "pulumi", f"#!{sys.executable} -SE{PULUMI.replace('HERE', repr(str(directory)))}")
        (directory / "localcloud").mkdir()
        (directory / "localcloud" / "__init__.py").touch()
        (directory / "localcloud" / "__main__.py").write_text(LOCALCLOUD)
        (directory / "localcloud" / "toolchain.py").write_text("")

    def files(self) -> list[str]:
        return sorted(path.name for path in self.stacks.iterdir())

    def has(self, *resources: object) -> None:
        """The state has a stack of that name, with these resources."""
        (self.directory / "existing").write_text(json.dumps({"resources": resources} if resources else {}))

    @property
    def calls(self) -> list[str]:
        path = self.directory / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def new(self, *more: str, name: str = "risk-eu", **changes: str | None) -> int:
        """Runs new_stack with GIVEN; `changes` replace its options, None leaves one out."""
        options = {**GIVEN, **{f"--{option.replace('_', '-')}": value for option, value in changes.items()}}
        given = [word for option, value in options.items() if value is not None for word in (option, value)]
        return new_stack.main([name, *given, *more], self.directory)


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))
