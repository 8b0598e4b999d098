"""The workflows as GitHub reads them: jobs of called workflows once for each call, with what it hands them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
WORKFLOWS = ROOT / ".github" / "workflows"
CALLED = "workflow_call"

Step = Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    workflow: str
    """The file whose triggers start it."""
    file: str
    """The file that it is written in."""
    name: str
    triggers: frozenset[str]
    content: Mapping[str, Any]
    inputs: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def permissions(self) -> Mapping[str, str]:
        return self.content["permissions"]

    @property
    def steps(self) -> Sequence[Step]:
        return self.content["steps"]

    @property
    def environments(self) -> frozenset[str]:
        """Their names, with each value that the matrix and the caller give."""
        name = self.content.get("environment")
        return frozenset() if name is None else frozenset(self.filled(name))

    @property
    def checkouts(self) -> list[str]:
        """What each checkout takes; `event`: what the event is about, which for a pull request is its own code."""
        found = [step.get("with") or {} for step in self.steps if step.get("uses", "").startswith("actions/checkout@")]
        return [each.get("ref", "event") for each in found]

    @property
    def runs(self) -> list[str]:
        return [step["run"] for step in self.steps if "run" in step]

    @property
    def runs_a_pull_requests_code(self) -> bool:
        return "pull_request" in self.triggers and "event" in self.checkouts

    def filled(self, text: str) -> list[str]:
        """The text with each combination of what it may be given."""
        given = {f"inputs.{name}": [value] for name, value in self.inputs.items()}
        given |= {f"matrix.{name}": list(values) for name, values in (self.content.get("strategy") or {}).get("matrix", {}).items()}
        used = [name for name in given if f"${{{{ {name} }}}}" in text]
        found: list[str] = []
        for values in product(*(given[name] for name in used)):
            filled = text
            for name, value in zip(used, values, strict=True):
                filled = filled.replace(f"${{{{ {name} }}}}", value)
            found.append(filled)
        return found

    def __str__(self) -> str:
        return f"{self.workflow}/{self.name}"


def files() -> list[Path]:
    return sorted(WORKFLOWS.iterdir())


@cache
def read(name: str) -> Mapping[str, Any]:
    """Every value as it is written: `on` stays a word."""
    return yaml.load((WORKFLOWS / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def triggers(name: str) -> frozenset[str]:
    said: Any = read(name)["on"]
    return frozenset([said] if isinstance(said, str) else said)


def calls() -> Iterator[Job]:
    """Jobs that call another workflow."""
    for path in files():
        for name, content in read(path.name)["jobs"].items():
            if "uses" in content:
                yield Job(path.name, path.name, name, triggers(path.name), content)


@cache
def jobs() -> tuple[Job, ...]:
    """Jobs that run steps."""
    found: list[Job] = []
    for path in files():
        if CALLED in triggers(path.name):
            continue
        for name, content in read(path.name)["jobs"].items():
            if "steps" in content:
                found.append(Job(path.name, path.name, name, triggers(path.name), content))
    for call in calls():
        file = Path(call.content["uses"]).name
        given: Mapping[str, str] = call.content["with"]
        for values in product(*(call.filled(value) for value in given.values())):
            inputs = dict(zip(given, values, strict=True))
            for name, content in read(file)["jobs"].items():
                found.append(Job(call.workflow, file, name, call.triggers, content, inputs))
    return tuple(found)


def actions(text: str) -> list[tuple[str, str, str]]:
    """Each `uses` of somebody else's action: name, commit, and the version in the comment."""
    return re.findall(r"uses: ([^\s@./][^\s@]*)@(\S+)(?: # (\S+))?", text)
