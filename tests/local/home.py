"""A checkout and an instance as a person has them, and the real commands run there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from localcloud.instance import CHECKOUT


@dataclass(frozen=True)
class Said:
    code: int
    text: str


@dataclass(frozen=True)
class Home:
    """A checkout with an instance and, where a test wants one, a tool cache of its own."""

    checkout: Path
    instance: Path
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of all commands that are run there."""

    def run(self, *argv: str, **variables: str) -> Said:
        environment = {**os.environ, "LOCALCLOUD_DIR": str(self.instance), **self.variables, **variables}
        done = subprocess.run(argv, cwd=self.checkout, env=environment, capture_output=True, text=True, check=False, timeout=300)
        return Said(done.returncode, done.stdout + done.stderr)

    def localcloud(self, *arguments: str, **variables: str) -> Said:
        return self.run(sys.executable, "-m", "localcloud", *arguments, **variables)

    def processes(self) -> list[str]:
        return sorted(path.stem for path in self.instance.glob("run/*.json"))


def checkout_copy(directory: Path) -> Path:
    """Another checkout, with the files of this one and the same packages."""
    shutil.copytree(CHECKOUT, directory, ignore=lambda _, names: [name for name in names if name.startswith((".", "tests"))])
    (directory / ".venv").symlink_to(CHECKOUT / ".venv")
    return directory


@contextmanager
def fresh(directory: Path) -> Generator[Home]:
    """This checkout with an instance of its own, which is stopped at the end."""
    made = Home(CHECKOUT, directory / "instance")
    yield made
    made.localcloud("stop")
    assert made.processes() == []


_PARAMETER = """
import pathlib
import pulumi
import pulumi_aws as aws

own = pulumi.ResourceOptions(provider=aws.Provider("aws", region="eu-west-1"))
first = aws.ssm.Parameter("first", name="/kept", type="String", value="1", opts=own)
"""


def one_parameter(directory: Path, then: str = "") -> Path:
    (directory / "Pulumi.yaml").write_text("name: probe\nruntime: python\n")
    (directory / "__main__.py").write_text(_PARAMETER + then)
    return directory
