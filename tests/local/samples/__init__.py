"""Samples of every row: values for all that it sends, and what changing each of them does. The values are in the YAML files."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from localcloud.aws.facts import Property, facts

_DIRECTORY = Path(__file__).parent


@dataclass(frozen=True)
class Drift:
    """A change, and the call that makes it: over the scope of the changed inputs, `id` and the `state` before."""

    change: dict[str, Any]
    operation: str
    request: str


@dataclass(frozen=True)
class Sample:
    """One resource. A change is a map of property paths to new values, null to take one away.

    `import_id` is what import takes, where it is not the id; `imports` says under which name import finds a property.
    `updates` are made in place, `replaces` replace, `refused` are those that AWS makes in place and the emulator cannot.
    `drifts` are changes that no update call of the row makes and another call does.
    """

    type: str
    inputs: dict[str, Any]
    updates: list[dict[str, Any]] = field(default_factory=list["dict[str, Any]"])
    replaces: list[dict[str, Any]] = field(default_factory=list["dict[str, Any]"])
    refused: list[dict[str, Any]] = field(default_factory=list["dict[str, Any]"])
    drifts: list[Drift] = field(default_factory=list["Drift"])
    import_id: str = ""
    imports: dict[str, str] = field(default_factory=dict["str", "str"])


@cache
def samples() -> dict[str, list[Sample]]:
    """By type."""
    found: dict[str, list[Sample]] = {}
    for file in sorted(_DIRECTORY.glob("*.yaml")):
        if file.name != "world.yaml":
            found |= {type: [_sample(type, each) for each in variants] for type, variants in yaml.safe_load(file.read_text()).items()}
    return found


def _sample(type: str, given: dict[str, Any]) -> Sample:
    others = {key: value for key, value in given.items() if key != "drifts"}
    return replace(Sample(type, **others), drifts=[Drift(**each) for each in given.get("drifts", [])])


@cache
def world() -> dict[str, Sample]:
    """What samples refer to, by name."""
    document = yaml.safe_load((_DIRECTORY / "world.yaml").read_text())
    return {name: Sample(each["type"], each["inputs"]) for name, each in document.items()}


def changed(inputs: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """`inputs` with the values of `change`."""
    result = copy.deepcopy(inputs)
    for path, value in change.items():
        *parents, last = path.split(".")
        target = result
        for part in parents:
            target = target.setdefault(part, {})
        if value is None:
            target.pop(last, None)
        else:
            target[last] = value
    return result


def value_at(inputs: Any, path: str) -> Any:
    """What `inputs` have at `path`; None where they have nothing."""
    for part in path.split("."):
        inputs = cast("dict[str, Any]", inputs).get(part) if isinstance(inputs, dict) else None
    return inputs


def resolved(value: Any, lookup: Callable[[str, str], Any], properties: dict[str, Property] | None = None) -> Any:
    """`value` with its `$name.property` replaced by what `lookup` gives, and documents as JSON text."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        given = {key: resolved(item, lookup) for key, item in members.items()}
        kinds = properties or {}
        return {key: json.dumps(item) if key in kinds and kinds[key].type == "json" else item for key, item in given.items()}
    if isinstance(value, list):
        return [resolved(item, lookup) for item in cast("list[Any]", value)]
    if not isinstance(value, str):
        return value
    return re.sub(r"\$(\w+)(?:\.(\w+))?", lambda match: str(lookup(match[1], match[2] or "")), value)


def inputs_of(type: str, value: dict[str, Any], lookup: Callable[[str, str], Any]) -> dict[str, Any]:
    """The inputs or the change, as the program would give them."""
    return resolved(value, lookup, facts(type).inputs)
