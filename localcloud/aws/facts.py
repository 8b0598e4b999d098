"""What the official AWS provider does with each property: read from facts.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from localcloud.aws.generate_facts import FACTS_FILE


@dataclass(frozen=True)
class Property:
    """One input or output. `item` describes the elements of a list or map, `properties` the members of an object."""

    type: str  # string, number, boolean, list, map, object or json
    item: Property | None = None
    properties: dict[str, Property] = field(default_factory=dict["str", "Property"])
    required: bool = False
    default: Any = None
    force_new: bool = False
    computed: bool = False
    sensitive: bool = False
    uncertain: bool = False
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """One resource type. `arn` is a template, `autoname` the property that is named after the resource when not given."""

    type: str
    inputs: dict[str, Property]
    outputs: dict[str, Property]
    arn: str | None
    autoname: str | None
    autoname_max_length: int

    def property(self, name: str) -> Property:
        """Raises KeyError for a name that is neither an input nor an output."""
        return self.inputs[name] if name in self.inputs else self.outputs[name]


def _property(fact: dict[str, Any]) -> Property:
    item: Any = fact.get("item")
    members = {name: _property(member) for name, member in fact.get("properties", {}).items()}
    element: Property | None = None
    if isinstance(item, dict):
        element = _property(item)
    elif item == "object":
        element, members = Property("object", properties=members), {}
    elif item is not None:
        element = Property(item)
    return Property(
        type=fact["type"],
        item=element,
        properties=members,
        required=fact.get("required", False),
        default=fact.get("default"),
        force_new=fact.get("force_new", False),
        computed=fact.get("computed", False),
        sensitive=fact.get("sensitive", False),
        uncertain=fact.get("uncertain", False),
        conflicts=tuple(fact.get("conflicts", ())),
    )


@cache
def _document() -> dict[str, Any]:
    return json.loads(FACTS_FILE.read_text())


def known_types() -> list[str]:
    """Every type of facts.json, most of which have no row."""
    return sorted(name for name in _document() if name.startswith("aws:"))


@cache
def facts(type: str) -> Facts:
    """The facts of one resource type. Raises KeyError for a type that is not in facts.json."""
    fact = _document()[type]
    return Facts(
        type=type,
        inputs={name: _property(each) for name, each in fact["inputs"].items()},
        outputs={name: _property(each) for name, each in fact["outputs"].items()},
        arn=fact.get("arn"),
        autoname=fact.get("autoname"),
        autoname_max_length=fact.get("autoname_max_length", 255),
    )
