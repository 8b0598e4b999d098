"""The first steps of a stack whose file is there: the state that it is kept in, and what it would make."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.deployed import Refused, compare_accounts
from scripts.shown import INTERRUPTED, shown


class Stopped(RuntimeError):
    """A step failed, and has said why on the terminal, or is refused; the message says which, and has the remedy."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Place:
    """Where pulumi runs for a stack of `project`, and how the state's secrets are kept there."""

    project: Path
    environment: Mapping[str, str]
    secrets_provider: str = "default"

    def initialise(self, stack: str) -> None:
        """Makes the stack, which has nothing in it then. One that an earlier run left empty is made again. Raises Stopped.

        Pulumi writes into the stack file how secrets are kept.
        """
        existing = self._resources(stack)
        if existing:
            raise Stopped(f"there is a stack {stack} already, with {existing} resources: choose another name, or bring its stack file back")
        if existing == 0:
            self._must("stack", "rm", "--yes", "--preserve-config", "--stack", stack)
        self._must("stack", "init", "--no-select", "--secrets-provider", self.secrets_provider, stack)

    def preview(self, stack: str) -> None:
        """Shows what the first update would make, held against the policy pack. Raises Stopped."""
        self._must("preview", "--policy-pack", "policies", "--suppress-outputs", "--stack", stack)

    def _resources(self, stack: str) -> int | None:
        """How many resources the state has; None where there is no such stack, or no state to ask: then `init` says why."""
        command = ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"]
        done = subprocess.run(command, cwd=self.project, env=dict(self.environment), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return None
        return len(json.loads(done.stdout)["deployment"].get("resources", []))

    def _must(self, *arguments: str) -> None:
        _must("pulumi", *arguments, directory=self.project, environment=self.environment)


def local_cloud(project: Path, stack: str) -> Place:
    """The local cloud of the checkout, made if it was never there, and started; pulumi reaches it as the stack's own account.

    Raises Stopped.
    """
    for module in (["localcloud.toolchain"], ["localcloud", "start"]):
        _must(sys.executable, "-m", *module, directory=project, environment=os.environ)
    # What `localcloud env` says is for a shell.
    script = 'variables=$("$0" -m localcloud env "$1") || exit; eval "$variables"; exec env -0'
    done = subprocess.run(["sh", "-c", script, sys.executable, stack], cwd=project, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Stopped(f"`python -m localcloud env {stack}` ended with {done.returncode}", done.returncode)
    return Place(project, dict(pair.split("=", maxsplit=1) for pair in done.stdout.split("\0") if pair))


def aws(project: Path, account: str, region: str, secrets_provider: str) -> Place:
    """AWS and the state's backend as the shell reaches them. Raises Stopped where the credentials are of another account."""
    try:
        compare_accounts(account, region, "--account")
    except Refused as refusal:
        raise Stopped(str(refusal)) from refusal
    return Place(project, os.environ, secrets_provider)


def _must(*command: str, directory: Path, environment: Mapping[str, str]) -> None:
    code = shown(command, directory, environment)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code != 0:
        raise Stopped(f"`{' '.join(command)}` ended with {code}", code)
