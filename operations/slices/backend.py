"""Pulumi in the project's directory: the stacks of the backend, and what is done to one."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from operations import lock
from operations.engine import knows_no_stack
from operations.slices.environments import Kind
from operations.slices.recorded import Recorded, recorded
from scripts.deployed import Refused, Resource
from scripts.shown import INTERRUPTED, shown

POLICIES = Path(__file__).resolve().parents[2] / "policies"

STALE = timedelta(hours=6)
"""How old a lock must be to be of a pulumi that was killed: the jobs that take one are ended long before (`timeout-minutes`)."""

# A stack of a pull request has no stack file that says how its secrets are kept: the state does (env.go of pulumi/pulumi 3.259.0).
_FROM_STATE = {"PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true"}

_EXPIRES, _KIND = "expires", "kind"


@dataclass(frozen=True)
class Backend:
    """The backend that pulumi is logged in to, for the project in a directory."""

    project: Path

    def stacks(self) -> frozenset[str]:
        """Those that `mark` marked. Raises Refused where the backend cannot be asked.

        Of all others the engine would read the state too, to count what it has, and end where it may not: CI may read those of pull
        requests only. What it may read no tags of, it leaves out (backend/diy/backend.go of pulumi/pulumi 3.259.0).
        """
        return frozenset(each["name"].rpartition("/")[2] for each in json.loads(self._said("stack", "ls", "--json", "--tag", _KIND)))

    def has(self, stack: str) -> bool:
        """Whether there is a stack of that name, marked or not. Raises Refused where the backend cannot be asked."""
        try:
            self._tags(stack)
        except Refused as refused:
            if knows_no_stack(stack, str(refused)):
                return False
            raise
        return True

    def recorded(self, stack: str) -> Recorded:
        """What the state of a stack, which is there, says of itself. Raises Refused where it cannot be read."""
        resources = self.resources(stack)
        return recorded(stack, resources, self._tags(stack).get(_EXPIRES))

    def resources(self, stack: str) -> list[Resource]:
        """Everything that the state of a stack has. Raises Refused where it cannot be read."""
        return json.loads(self._said("stack", "export", "--stack", stack))["deployment"].get("resources", [])

    def outputs(self, stack: str) -> Mapping[str, Any]:
        """What a stack publishes, without its secrets. Raises Refused."""
        return json.loads(self._said("stack", "output", "--json", "--stack", stack))

    def initialise(self, stack: str, secrets_provider: str) -> None:
        """Raises Refused."""
        self._said("stack", "init", "--no-select", "--secrets-provider", secrets_provider, stack)

    def mark(self, stack: str, kind: Kind, expires: str) -> None:
        """Writes beside the state what it is and until when, so that it is known before anything is made. Raises Refused."""
        for name, value in ((_KIND, kind), (_EXPIRES, expires)):
            self._said("stack", "tag", "set", name, value, "--stack", stack)

    def kind(self, stack: str) -> str | None:
        """What `mark` said; None where nothing did. Raises Refused."""
        return self._tags(stack).get(_KIND)

    def up(self, stack: str) -> None:
        """Brings a stack to what its stack file says, held against the policy pack. Raises Refused, and KeyboardInterrupt."""
        self._shown(stack, "up", "--yes", "--skip-preview", "--suppress-outputs", "--policy-pack", str(POLICIES), "--stack", stack)

    def update(self, stack: str, urns: Sequence[str]) -> None:
        """Brings some of its resources, and nothing else, to what its stack file says. Raises Refused, and KeyboardInterrupt."""
        self._shown(stack, "up", "--yes", "--skip-preview", "--suppress-outputs", "--stack", stack, *_targets(urns))

    def refresh(self, stack: str, urns: Sequence[str]) -> None:
        """Reads some of its resources again. Raises Refused, and KeyboardInterrupt."""
        self._shown(stack, "refresh", "--yes", "--skip-preview", "--suppress-outputs", "--stack", stack, *_targets(urns))

    def destroy(self, stack: str) -> None:
        """Destroys what the state has, however much of it is gone already. Raises Refused, and KeyboardInterrupt."""
        self._shown(stack, "destroy", "--yes", "--skip-preview", "--stack", stack)

    def forget(self, stack: str) -> None:
        """Removes a stack that has nothing, and its stack file. Raises Refused."""
        self._said("stack", "rm", "--yes", "--stack", stack)

    def _shown(self, stack: str, *arguments: str) -> None:
        """What begins once more when the lock that it met was left by a pulumi that was killed."""
        code, errors = self._once(*arguments)
        if code not in (0, INTERRUPTED) and lock.is_met(errors):
            self._unlock(stack, errors)
            code, _ = self._once(*arguments)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        if code != 0:
            raise Refused(f"`pulumi {arguments[0]}` of {stack} ended with {code}: its reason is above; the same command goes on from there")

    def _unlock(self, stack: str, errors: str) -> None:
        held = [(f"{each.user}@{each.host} (pid {each.pid})", datetime.fromisoformat(each.since)) for each in lock.held(errors)]
        if not held or any(datetime.now(UTC) - at < STALE for _, at in held):
            by = ", ".join(f"{who} since {at:%Y-%m-%d %H:%M %Z}" for who, at in held) or "somebody"
            raise Refused(
                f"{stack} is locked by {by}, and nothing was begun: wait until that has ended; if it was killed,"
                f" `pulumi cancel --yes --stack {stack}` and the same command again"
            )
        print(f"The lock on {stack} is older than {STALE.seconds // 3600} hours: it is taken off.", flush=True)
        self._said("cancel", "--yes", "--stack", stack)

    def _once(self, *arguments: str) -> tuple[int, str]:
        with tempfile.TemporaryFile() as errors:
            code = shown(["pulumi", *arguments, "--non-interactive"], self.project, self._environment, errors=errors)
            errors.seek(0)
            said = errors.read().decode("utf-8", errors="replace")
        print(said, end="", file=sys.stderr, flush=True)
        return code, said

    def _tags(self, stack: str) -> Mapping[str, str]:
        return json.loads(self._said("stack", "tag", "ls", "--json", "--stack", stack))

    def _said(self, *arguments: str) -> str:
        command = ["pulumi", *arguments, "--non-interactive"]
        done = subprocess.run(command, cwd=self.project, env=self._environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Refused(f"`pulumi {' '.join(arguments)}` ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, **_FROM_STATE}


def _targets(urns: Sequence[str]) -> list[str]:
    return [word for urn in urns for word in ("--target", urn)]
