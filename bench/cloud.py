"""Local clouds to measure in: each in a directory of its own that is gone afterwards, so that what runs already is left alone."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.measure import seconds
from localcloud import environment, lifecycle, stack_file
from localcloud.engine import Engine
from localcloud.instance import CHECKOUT, Instance, write_atomically
from localcloud.stack_file import StackFile

_FLOOR = Path(__file__).with_name("floor")
_ECHO = f'#!/bin/sh\nexec env PYTHONPATH="{CHECKOUT}" "{sys.executable}" -P -m bench.echo_provider "$@"\n'


@dataclass(frozen=True)
class Project:
    """A stack in a local cloud, where pulumi runs."""

    directory: Path
    stack: str
    environment: Mapping[str, str]

    def pulumi(self, *arguments: str) -> float:
        """Seconds that a command takes. Raises BenchFailed."""
        pulumi = shutil.which("pulumi", path=self.environment["PATH"]) or "pulumi"
        return seconds([pulumi, *arguments, "--stack", self.stack, "--non-interactive"], self.directory, self.environment)

    def resources(self) -> list[dict[str, Any]]:
        """What its state has."""
        return Engine(self.directory, self.environment).json("stack", "export", "--stack", self.stack)["deployment"]["resources"]

    def types(self) -> list[str]:
        """The type of each resource that its state has."""
        return [each["type"] for each in self.resources()]

    def registrations(self) -> int:
        """How many resources its state has."""
        return len(self.types())


@contextmanager
def cloud() -> Generator[Instance]:
    """A directory for a cloud; whatever was started in it is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        instance = Instance(Path(directory).resolve())
        try:
            yield instance
        finally:
            lifecycle.stop(instance)


def demo(instance: Instance, stack: str) -> float:
    """Seconds of what `make demo` runs once everything is installed. Raises BenchFailed."""
    variables = {**os.environ, "LOCALCLOUD_DIR": str(instance.directory)}
    return seconds([sys.executable, "-m", "localcloud", "demo", stack], CHECKOUT, variables)


def platform(instance: Instance, stack: str) -> Project:
    """The stack that `demo` brought up."""
    settings = stack_file.read(CHECKOUT, stack)
    return Project(CHECKOUT, stack, environment.applied(environment.variables(instance, stack, settings)))


def echoed(project: Project, instance: Instance) -> Project:
    """The same stack with the echo provider in place of the AWS and Kubernetes providers: what is left is the program's own work.

    A preview of it that finds nothing to change takes every output from the state.
    """
    for plugin in ("language-python", "resource-aws", "resource-kubernetes"):
        (made,) = instance.path("pulumi", "plugins").glob(f"{plugin}-v*[0-9]")
        copy = instance.path("pulumi-echo", "plugins", made.name, f"pulumi-{plugin}")
        write_atomically(copy, (made / f"pulumi-{plugin}").read_text() if plugin == "language-python" else _ECHO, mode=0o700)
    return replace(project, environment={**project.environment, "PULUMI_HOME": str(instance.directory / "pulumi-echo")})


def floor(instance: Instance, directory: Path, registrations: int) -> Project:
    """The floor program with so many registrations, the stack and the provider among them; its stack is made, nothing is up."""
    shutil.copytree(_FLOOR, directory, ignore=shutil.ignore_patterns("__pycache__"))
    variables = environment.applied(environment.variables(instance, "floor", StackFile("000000000001", "eu-west-1")))
    plugin = instance.path("pulumi", "plugins", "resource-echo-v1.0.0", "pulumi-resource-echo")
    write_atomically(plugin, _ECHO, mode=0o700)
    project = Project(directory, "floor", {**variables, "BENCH_REGISTRATIONS": json.dumps(registrations - 2)})
    seconds(["pulumi", "stack", "init", "floor"], directory, project.environment)
    return project


def sdk_packages(types: Iterable[str]) -> list[str]:
    """The Python packages that define these resource types: `aws:ec2/vpc:Vpc` is in `pulumi_aws.ec2`, a custom resource of
    Kubernetes in `pulumi_kubernetes.apiextensions`."""
    found: set[str] = set()
    for type_ in types:
        sdk, module, _ = type_.split(":")
        if sdk == "aws":
            found.add(f"pulumi_aws.{module.split('/')[0]}")
        elif sdk == "kubernetes":
            group, version = module.split("/")
            package = f"pulumi_kubernetes.{group.split('.')[0]}.{version}"
            is_built_in = find_spec(package.rpartition(".")[0]) is not None
            found.add(package if is_built_in else "pulumi_kubernetes.apiextensions")
    return sorted(found)
