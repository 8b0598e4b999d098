"""`pulumi preview` as a document: what the engine would do, what the policy pack says of it, or why there is neither."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from operations.engine import knows_no_stack, logged
from operations.preview.commands import Commands, Failed
from operations.preview.document import Violation

_FAILED = "error: preview failed"
_PREVIEW = ("preview", "--json", "--show-sames", "--suppress-outputs", "--policy-pack", "policies", "--non-interactive")

_STATE_AT_THE_END = {"PULUMI_SKIP_CHECKPOINTS": "true"}
"""And not after each step, which is nearly half of the work of an update of 500 resources: a base that breaks off is thrown away."""


@dataclass(frozen=True)
class Found:
    """What a preview came to: `document` is empty where there is a `failure`."""

    document: Mapping[str, Any] = field(default_factory=dict[str, Any])
    violations: tuple[Violation, ...] = ()
    failure: str | None = None


@dataclass(frozen=True)
class Engine:
    """The pulumi of an environment, in a project's directory."""

    commands: Commands
    project: Path
    environment: Mapping[str, str]
    scratch: Path
    """A directory of this preview's own."""

    def preview(self, stack: str) -> Found:
        """What an update would do. What is protected is previewed as any other: only an update is refused."""
        log = self.scratch / f"{stack}.events"
        # The JSON has nothing of policies (pkg/backend/display/json.go of 3.259.0): they are in the log of events, a flag for debugging.
        said = self.commands.run(
            "pulumi", *_PREVIEW, "--ignore-protect", "--event-log", str(log), "--stack", stack,
            at=self.project, environment={**self.environment, "PULUMI_DEBUG_COMMANDS": "true"},
        )  # fmt: skip
        document = _in_order(_json(said.out))
        violations = tuple(sorted(_violations(log), key=lambda each: (each.level, each.policy, each.urn, each.message)))
        stops = any(each.level == "mandatory" for each in violations)
        # A preview that a policy stops ends with an error too, and is complete: a program that fails does without this error, and
        # whatever else fails has one of its own (pkg/resource/deploy/deployment_executor.go).
        if said.code == 0 or (stops and _said(document, "error") == [_FAILED]):
            return Found(document, violations)
        words = [each for each in _said(document, "error", "warning", "info#err") if each != _FAILED]
        return Found(violations=violations, failure="\n".join(words) or f"{said.out}{said.err}".strip())

    def up(self, stack: str) -> None:
        """Makes the stack, and all that is in it. Its policies are not asked: it is what previews are compared to. Raises Failed."""
        self.initialise(stack)
        quiet = ("--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress")
        self._pulumi("up", *quiet, "--stack", stack, **_STATE_AT_THE_END)

    def initialise(self, stack: str) -> None:
        """Makes the stack, with nothing in it. Raises Failed."""
        self._pulumi("stack", "init", "--no-select", stack)

    def forget(self, stack: str) -> None:
        """Removes a stack that has nothing in it. Raises Failed."""
        self._pulumi("stack", "rm", "--yes", "--preserve-config", "--stack", stack)

    def deployed(self, stack: str) -> Mapping[str, Any] | None:
        """All that the state has of the stack, with its secrets; None where there is no such stack. Raises Failed.

        No other stack is looked at: `pulumi stack ls` reads the state of each in the bucket, which the role of one stack may not.
        """
        asked = ("stack", "export", "--show-secrets", "--stack", stack, "--non-interactive")
        said = self.commands.run("pulumi", *asked, at=self.project, environment=self.environment)
        if said.code == 0:
            return json.loads(said.out)
        if knows_no_stack(stack, said.err):
            return None
        raise Failed(f"`pulumi {' '.join(asked)}` ended with {said.code}:\n{said.err}".rstrip())

    def state(self, stack: str, *, show_secrets: bool = False) -> Mapping[str, Any]:
        """All that the state has of the stack. Raises Failed."""
        secrets = ["--show-secrets"] if show_secrets else []
        return json.loads(self._pulumi("stack", "export", *secrets, "--stack", stack))

    def removal(self, stack: str) -> Mapping[str, Any]:
        """The preview of a stack whose file is gone: each resource that its state has is deleted. Raises Failed."""
        resources: Sequence[Mapping[str, Any]] = self.state(stack)["deployment"].get("resources", [])
        steps = [{"op": "delete", "urn": each["urn"], "oldState": each} for each in resources]
        return _in_order({"steps": steps, "changeSummary": {"delete": len(steps)}})

    def _pulumi(self, *arguments: str, **variables: str) -> str:
        environment = {**self.environment, **variables}
        return self.commands.must("pulumi", *arguments, "--non-interactive", at=self.project, environment=environment)


def _json(text: str) -> Mapping[str, Any]:
    try:
        found: object = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _in_order(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """With its steps by the resource that they are of: the engine says them in the order of a race."""
    return {**document, "steps": sorted(document["steps"], key=lambda each: each["urn"])} if "steps" in document else document


def _said(document: Mapping[str, Any], *severities: str) -> list[str]:
    """What the engine, the providers and the program said. What the program writes on stderr is `info#err`."""
    said = [each["message"].rstrip() for each in document.get("diagnostics") or [] if each["severity"] in severities]
    return [each for each in said if each]


def _violations(log: Path) -> Iterator[Violation]:
    for each in logged(log):
        event = each.get("policyEvent")
        if event:
            level = "mandatory" if event["enforcementLevel"] == "mandatory" else "advisory"
            yield Violation(level=level, policy=event["policyName"], urn=event.get("resourceUrn", ""), message=_plain(event["message"]))


def _plain(message: str) -> str:
    """Without the marks by which the engine colours it."""
    for mark in ("<{%reset%}>", "<{%fg 1%}>", "<{%fg 3%}>", "<{%bold%}>"):
        message = message.replace(mark, "")
    return message.strip()
