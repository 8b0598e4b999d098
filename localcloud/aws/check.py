"""Inputs held against the facts, as the official provider does, and against what the row carries."""

from __future__ import annotations

import difflib
import random
import re
from dataclasses import replace
from typing import Any, cast

from localcloud.aws.compare import within
from localcloud.aws.expressions import root_fields
from localcloud.aws.facts import Facts, Property
from localcloud.aws.row import Row
from localcloud.aws.wired import wired
from localcloud.provider.interface import Change, Failure, Refused
from localcloud.provider.values import UNKNOWN, Properties

# Names that were filled in, not given: so that an update keeps them and a replacement makes new ones.
DEFAULTED = "__defaults"

_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
    "list": list,
    "map": dict,
    "object": dict,
    "json": (str, dict),
}


def carried(row: Row) -> frozenset[str]:
    """The inputs that the row sends or honours; every other one is refused."""
    calls = (*row.create, *row.update, *row.delete)
    sent = {name for call in calls for name in root_fields(call.request) | root_fields(call.when)}
    return frozenset({*sent, *(path.split(".")[0] for path in (*row.unread, *row.not_kept)), "region", *(["tags"] if row.tags else [])})


def failures(row: Row, fact: Facts, inputs: Properties) -> list[Failure]:
    """Everything that is wrong with `inputs`, all at once."""
    found: list[Failure] = []
    for name, value in inputs.items():
        if name == DEFAULTED:
            continue
        if name not in fact.inputs:
            found.append(Failure(name, f"{row.type} has no input {name}{_suggestion(name, fact.inputs)}"))
        elif name not in carried(row):
            found.append(Failure(name, f"{row.type}: {name} is not modelled by the local cloud; extend its row in localcloud/aws/rows"))
        else:
            found += _type_failures(name, fact.inputs[name], value)
            if _has_objects(fact.inputs[name]):
                found += _unsent(row, fact, name, fact.inputs[name], value)
            found += [
                Failure(name, f"{name} conflicts with {other}: give one of them")
                for other in fact.inputs[name].conflicts
                if value is not None and inputs.get(other) is not None
            ]
    return found + [
        Failure(name, f"{row.type}: {name} is required") for name, each in fact.inputs.items() if each.required and inputs.get(name) is None
    ]


def _has_objects(fact: Property) -> bool:
    return bool(fact.properties or (fact.item is not None and fact.item.properties))


def _unsent(row: Row, fact: Facts, path: str, property: Property, value: Any) -> list[Failure]:
    """Members of objects that no request of the row picks, and that would be dropped without a word."""
    if isinstance(value, list):
        items = enumerate(cast("list[Any]", value))
        return [
            replace(each, property=each.property.replace(path, f"{path}[{index}]", 1))
            for index, item in items
            for each in (_unsent(row, fact, path, property.item, item) if property.item is not None else [])
        ]
    found: list[Failure] = []
    for name, item in cast("dict[str, Any]", value).items() if isinstance(value, dict) else ():
        if name not in property.properties or item is None:
            continue
        inner = f"{path}.{name}"
        if not any(within(each, inner) for each in wired(row, fact)):
            found.append(Failure(inner, f"{row.type}: {inner} is not modelled by the local cloud; extend its row in localcloud/aws/rows"))
        else:
            found += _unsent(row, fact, inner, property.properties[name], item)
    return found


def refuse_what_no_call_changes(row: Row, id: str, changes: list[Change]) -> None:
    """Raises Refused when one of the changes would be made in Pulumi's state only."""
    carried = {name for call in row.update for name in root_fields(call.request) | root_fields(call.when)}
    reasons: dict[str, str] = {}
    for change in changes:
        root = re.split(r"[.\[]", change.path)[0]
        stated = next((each.reason for known, each in row.not_changed.items() if within(change.path, known)), None)
        if stated is None and (root in carried or any(within(change.path, known) for known in (*row.unread, *row.not_kept))):
            continue
        reasons.setdefault(root, stated or "its row in localcloud/aws/rows has no call for it: extend it")
    if reasons:
        why = "; ".join(dict.fromkeys(reasons.values()))
        raise Refused(f"{row.type} {id}: {sorted(reasons)} cannot be changed in place by the local cloud: {why}")


def _type_failures(path: str, fact: Property, value: Any) -> list[Failure]:
    if value is None or value is UNKNOWN:
        return []
    # A string of digits is taken for a number, and "true" for a boolean, as the official provider does.
    text_for = fact.type in {"number", "boolean"} and isinstance(value, str)
    number_for_text = fact.type == "string" and isinstance(value, int | float)
    if not isinstance(value, _PYTHON_TYPES[fact.type]) and not text_for and not number_for_text:
        return [Failure(path, f"{path}: got {type(value).__name__}; expected {fact.type}")]
    found: list[Failure] = []
    if fact.type == "object" and fact.properties:
        members = cast("dict[str, Any]", value)
        for name, item in members.items():
            if name in fact.properties:
                found += _type_failures(f"{path}.{name}", fact.properties[name], item)
            elif name != DEFAULTED:
                found.append(Failure(f"{path}.{name}", f"{path} has no member {name}{_suggestion(name, fact.properties)}"))
        found += [
            Failure(f"{path}.{name}", f"{path}.{name} is required")
            for name, each in fact.properties.items()
            if each.required and members.get(name) is None
        ]
    if fact.type == "list" and fact.item is not None:
        for index, item in enumerate(cast("list[Any]", value)):
            found += _type_failures(f"{path}[{index}]", fact.item, item)
    return found


def _suggestion(name: str, known: dict[str, Property]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def named(row: Row, fact: Facts, name: str, old_inputs: Properties, inputs: Properties, seed: bytes) -> Properties:
    """`inputs` with the automatic name filled in, where the type has one and none is given. An update keeps the old name."""
    key = fact.autoname
    if key is None or inputs.get(key) is not None or inputs.get(f"{key}Prefix") is not None:
        return inputs
    kept = old_inputs.get(key) if key in old_inputs.get(DEFAULTED, ()) else None
    if kept is None:
        letters = random.Random(seed or None)  # noqa: S311 - a name, not a secret; preview and update get the same seed
        room = fact.autoname_max_length - len(row.name_form.format(name="", hex="x" * 7))
        kept = row.name_form.format(name=name[:room], hex="".join(letters.choices("0123456789abcdef", k=7)))
        kept = kept.lower() if row.lower_name else kept
    return {**inputs, key: kept, DEFAULTED: [key]}
