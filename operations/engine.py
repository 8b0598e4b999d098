"""Pulumi in the working directory, with what its engine reported: the events of --event-log, secrets masked by the engine itself.

The events are sdk/go/common/apitype/events.go of pulumi/pulumi. The option is there where PULUMI_DEBUG_COMMANDS is set, as Pulumi's own
Automation API sets it (sdk/python/lib/pulumi/automation of the same).
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from scripts.shown import shown

Event: TypeAlias = Mapping[str, Any]

_QUIET = ("--non-interactive", "--color", "never")


@dataclass(frozen=True)
class Ran:
    """How a pulumi ended. `code` is 130 when it was interrupted; `said` is empty where it was displayed."""

    code: int
    said: str
    errors: str
    events: Sequence[Event]


def asked(*arguments: str) -> Ran:
    """A pulumi that is asked something: what it says is kept, and not displayed."""
    return _ran([*arguments, *_QUIET], displayed=False)


def displayed(*arguments: str) -> Ran:
    """A pulumi with its own display."""
    return _ran(arguments, displayed=True)


def _ran(arguments: Sequence[str], *, displayed: bool) -> Ran:
    with tempfile.TemporaryDirectory() as name:
        log, said, errors = (Path(name, each) for each in ("events", "said", "errors"))
        variables = {**os.environ, "PULUMI_DEBUG_COMMANDS": "true"}
        with said.open("wb") as output, errors.open("wb") as problems:
            kept = None if displayed else output
            code = shown(["pulumi", *arguments, "--event-log", str(log)], Path.cwd(), variables, kept, problems)
        text = errors.read_text(encoding="utf-8", errors="replace")
        if displayed:
            print(text, end="", file=sys.stderr, flush=True)
        return Ran(code, said.read_text(encoding="utf-8"), text, list(logged(log)))


def logged(log: Path) -> Iterator[Event]:
    """What a log of events has. A pulumi that was killed may have cut its last line short; one that never began has written none."""
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else []:
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            return


def knows_no_stack(stack: str, said: str) -> bool:
    """Whether a pulumi ended because there is no such stack (pkg/backend of 3.259.0)."""
    return f"no stack named '{stack}' found" in said


def violations(events: Sequence[Event]) -> list[str]:
    """What mandatory policies object to."""
    found = [event["policyEvent"] for event in events if "policyEvent" in event]
    mandatory = [each for each in found if each["enforcementLevel"] == "mandatory"]
    return [f"{each['policyName']}: {each.get('resourceUrn', '').rpartition('::')[2]}: {each['message'].strip()}" for each in mandatory]


def problems(ran: Ran) -> str:
    """The errors that a pulumi ended with, as it said them."""
    found = [event["diagnosticEvent"] for event in ran.events if "diagnosticEvent" in event]
    said = [each["message"].strip() for each in found if each["severity"] == "error"]
    return "\n".join([*said, ran.errors.strip()]).strip()
