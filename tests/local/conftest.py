"""One local cloud per test run; one stack, in an AWS account of its own, per test."""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from localcloud import emulator, environment, lifecycle
from localcloud.engine import Engine
from localcloud.instance import CHECKOUT, Instance
from localcloud.leftovers import Dump
from localcloud.stack_file import StackFile

REGION = "eu-west-1"
STATE_AT_THE_END = {"PULUMI_SKIP_CHECKPOINTS": "true"}
"""For updates that nobody breaks off: the state is written once, and not after each step, which for production is half of the work."""
_accounts = itertools.count(300000000001)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Generator[Instance]:
    """A local cloud in a directory of its own, stopped when the tests are done."""
    before = os.environ.get("LOCALCLOUD_DIR")
    os.environ["LOCALCLOUD_DIR"] = str(tmp_path_factory.mktemp("localcloud"))
    instance = Instance.here()
    lifecycle.start(instance)
    yield instance
    lifecycle.stop(instance)
    assert lifecycle.status(instance).processes == []
    os.environ.pop("LOCALCLOUD_DIR")
    if before is not None:
        os.environ["LOCALCLOUD_DIR"] = before


@dataclass(frozen=True)
class Stack:
    """A stack of some project in the local cloud, and ways to look at what it made that do not go through Pulumi."""

    instance: Instance
    project: Path
    name: str
    account: str
    variables: dict[str, str]

    @classmethod
    def init(cls, instance: Instance, project: Path, name: str, account: str) -> Stack:
        stack = cls(
            instance, project, name, account, environment.applied(environment.variables(instance, name, StackFile(account, REGION)))
        )
        stack.pulumi("stack", "init", name)
        return stack

    def with_settings(self, directory: Path, **changes: Any) -> Stack:
        """The same stack of the platform with other settings; a change such as `network={"cidr": ...}` is merged into its section."""
        settings = yaml.safe_load((self.project / f"Pulumi.{self.name}.yaml").read_text())["config"]["ml-platform:settings"]
        for section, values in changes.items():
            settings[section] = {**settings.get(section, {}), **values} if isinstance(values, dict) else values
        _write_project(directory, self.name, settings)
        return replace(self, project=directory)

    def pulumi(self, *arguments: str, succeeds: bool = True, variables: Mapping[str, str] | None = None) -> str:
        """Runs pulumi without questions, with `variables` over the stack's environment; returns all that it printed."""
        stack = [] if arguments[:2] == ("stack", "init") else ["--stack", self.name]
        command = ["pulumi", *arguments, *stack, "--non-interactive", "--color", "never"]
        environment = {**self.variables, **(variables or {})}
        done = subprocess.run(command, cwd=self.project, env=environment, capture_output=True, text=True, check=False)
        output = done.stdout + done.stderr
        assert (done.returncode == 0) is succeeds, f"{' '.join(command)} ended with {done.returncode}:\n{output}"
        return output

    def up(self) -> str:
        return self.pulumi("up", "--yes", "--skip-preview", "--diff", variables=STATE_AT_THE_END)

    def destroy(self) -> str:
        return self.pulumi("destroy", "--yes", "--skip-preview", variables=STATE_AT_THE_END)

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the state."""
        exported = Engine(self.project, self.variables).json("stack", "export", "--stack", self.name)
        return exported["deployment"].get("resources", [])

    def resource(self, type: str, name: str = "") -> dict[str, Any]:
        """The one resource of a type, and of a logical name where several have the type."""
        found = [each for each in self.resources() if each["type"] == type and each["urn"].endswith(f"::{name}" if name else "")]
        assert len(found) == 1, f"{len(found)} resources of {type} {name}"
        return found[0]

    def aws(self, service: str) -> Any:
        """A boto3 client as the root of the stack's account."""
        session: Any = boto3
        return session.client(
            service,
            region_name=REGION,
            endpoint_url=emulator.endpoint(self.instance),
            aws_access_key_id=self.account,
            aws_secret_access_key="local",
        )

    def kubectl(self, *arguments: str, succeeds: bool = True, **variables: str) -> str:
        """Runs kubectl; `variables` are set over the stack's own environment."""
        done = subprocess.run(
            ["kubectl", *arguments], env={**self.variables, **variables}, capture_output=True, text=True, check=False, timeout=120
        )
        assert (done.returncode == 0) is succeeds, f"kubectl {arguments}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def everything(self) -> Dump:
        """All that the stack's account holds."""
        return emulator.held(self.instance, self.account)


def platform(cloud: Instance, directory: Path, base: str, name: str) -> Stack:
    """A stack of the platform itself: the settings of stack file `base`, in an account of its own."""
    account = str(next(_accounts))
    settings = yaml.safe_load((CHECKOUT / "stacks" / f"Pulumi.{base}.yaml").read_text())["config"]["ml-platform:settings"]
    _write_project(directory, name, {**settings, "account": account})
    return Stack.init(cloud, directory, name, account)


def from_program(cloud: Instance, directory: Path, text: str) -> Stack:
    """A stack of a program given as text, in an account of its own."""
    (directory / "Pulumi.yaml").write_text("name: probe\nruntime: python\n")
    (directory / "__main__.py").write_text(text)
    account = str(next(_accounts))
    return Stack.init(cloud, directory, f"probe-{account[-3:]}", account)


def _write_project(directory: Path, stack: str, settings: dict[str, Any]) -> None:
    """The checkout's own project, with its stack files in `directory`: the engine writes into them."""
    project = yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text())
    (directory / "Pulumi.yaml").write_text(yaml.safe_dump({**project, "runtime": "python", "main": str(CHECKOUT), "stackConfigDir": "."}))
    (directory / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": {"ml-platform:settings": settings}}))


@pytest.fixture
def program(cloud: Instance, tmp_path: Path) -> Iterator[Any]:
    """Makes a stack of a program given as text; it is destroyed after the test."""
    made: list[Stack] = []

    def make(text: str) -> Stack:
        made.append(from_program(cloud, tmp_path, text))
        return made[-1]

    yield make
    for stack in made:
        if stack.resources():
            stack.destroy()
