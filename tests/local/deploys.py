"""Stacks that the scripts of a deploy can be tried on: with a stack file that says whose they are, and a policy pack of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from localcloud.instance import CHECKOUT, Instance
from tests.local.conftest import REGION, Stack, from_program

_PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

def check(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.props.get("tags", {}).get("owner") == "nobody":
        report("nobody may own it")

PolicyPack("own", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy(name="somebody-owns-it", description="Somebody owns each resource", validate=check)])
"""


def deployable(cloud: Instance, directory: Path, program: str) -> Stack:
    """A stack of a program given as text, in an account of its own."""
    stack = from_program(cloud, directory, program)
    file = directory / f"Pulumi.{stack.name}.yaml"
    settings = {"account": stack.account, "region": REGION}
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), "config": {"ml-platform:settings": settings}}))
    policy_pack(directory)
    return stack


def policy_pack(project: Path) -> None:
    """A policy pack of a project's own, that lets nothing be owned by `nobody`."""
    pack = project / "policies"
    pack.mkdir()
    (pack / "__main__.py").write_text(_PACK)
    runtime = {"name": "python", "options": {"virtualenv": str(CHECKOUT / ".venv")}}
    (pack / "PulumiPolicy.yaml").write_text(yaml.safe_dump({"description": "a pack", "version": "1.0.0", "runtime": runtime}))


def with_policies(stack: Stack) -> Stack:
    """A stack of the platform, whose project has the project's own policy pack beside it."""
    for name in ("policies", ".venv"):
        (stack.project / name).symlink_to(CHECKOUT / name)
    return stack


def command(script: str, *arguments: str) -> Sequence[str]:
    return [sys.executable, str(CHECKOUT / "scripts" / f"{script}.py"), *arguments]


def run(stack: Stack, script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A script in the stack's project, with `variables` over the stack's environment."""
    environment = {**stack.variables, **variables}
    return subprocess.run(command(script, *arguments), cwd=stack.project, env=environment, capture_output=True, text=True, check=False)
