"""Values between the spelling of Pulumi and the shapes of botocore."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, cast

from botocore.model import ListShape, MapShape, Shape, StructureShape

from localcloud.aws.facts import Property
from localcloud.provider.interface import Refused


def to_request(value: Any, shape: Shape, path: str) -> Any:
    """`value` as the shape wants it: members matched without regard to case or plural, scalars converted.

    A map given where the shape is a list of key-value pairs becomes that list, and such a list a map where the shape is one. A member
    that the shape does not have is refused.
    """
    match shape.type_name:
        case "structure":
            return _structure(value, cast("StructureShape", shape), path)
        case "list":
            member = cast("Shape", cast("ListShape", shape).member)
            if isinstance(value, dict):
                return _pairs(cast("dict[str, Any]", value), member, path)
            items: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
            return [to_request(item, member, f"{path}[{index}]") for index, item in enumerate(items)]
        case "map":
            members = cast("dict[str, Any]", value) if isinstance(value, dict) else _from_pairs(cast("list[dict[str, Any]]", value), path)
            return {key: to_request(item, cast("Shape", cast("MapShape", shape).value), f"{path}.{key}") for key, item in members.items()}
        case "integer" | "long":
            return int(value)
        case "float" | "double":
            return float(value)
        case "boolean":
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case "string":
            return _text(value)
        case _:
            return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)


def _structure(value: Any, shape: StructureShape, path: str) -> dict[str, Any]:
    shapes = cast("dict[str, Shape]", shape.members)
    result: dict[str, Any] = {}
    for key, item in cast("dict[str, Any]", value).items():
        name = member_name(key, shapes)
        if name is None:
            raise Refused(f"{path}.{key} is not modelled by the local cloud: {shape.name} has no such member; extend its row")
        result[name] = to_request(item, shapes[name], f"{path}.{key}")
    return result


def member_name(key: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is `key` without regard to case or plural."""
    members = {_folded(name): name for name in names}
    return members.get(_folded(key)) or members.get(_folded(key) + "s") or members.get(_folded(key).removesuffix("s"))


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _pairs(value: dict[str, Any], member: Shape, path: str) -> list[dict[str, str]]:
    names = list(cast("dict[str, Shape]", cast("StructureShape", member).members)) if member.type_name == "structure" else []
    if len(names) != 2:
        raise Refused(f"{path}: a map cannot be sent as {member.name}; extend its row")
    return [{names[0]: key, names[1]: _text(item)} for key, item in sorted(value.items())]


def _from_pairs(pairs: list[dict[str, Any]], path: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for pair in pairs:
        names = pair_names(pair)
        if names is None:
            raise Refused(f"{path}: {sorted(pair)} cannot be sent as an entry of a map; extend its row")
        result[pair[names[0]]] = pair[names[1]]
    return result


def pair_names(names: Collection[str]) -> tuple[str, str] | None:
    """What an object that stands for an entry of a map calls its key and its value; None where it does not look like one."""
    key = next((name for name in names if name in {"key", "name"}), None)
    others = [name for name in names if name != key]
    return (key, others[0]) if key is not None and len(others) == 1 else None


def to_property(value: Any, fact: Property) -> Any:
    """`value`, as an API returned it, in the form that the official provider keeps: names as in `fact`, types converted."""
    if value is None:
        return None
    match fact.type:
        case "object":
            return _object(cast("dict[str, Any]", value), fact.properties) if fact.properties else value
        case "list":
            items: list[Any] = cast("list[Any]", value) if isinstance(value, list) else _elements(value, fact.item)
            return [to_property(item, fact.item) if fact.item else item for item in items]
        case "map":
            return _map(value)
        case "number":
            number = float(value)
            return int(number) if number.is_integer() else number
        case "boolean":
            return value if isinstance(value, bool) else str(value).lower() in {"true", "enabled"}
        case "string" | "json":
            return value.isoformat() if isinstance(value, datetime) else _text(value)
        case _:
            return value


def _elements(value: Any, fact: Property | None) -> list[Any]:
    """What AWS has as one value and the provider as a list: the entries of a map, or the only element."""
    names = pair_names(fact.properties) if fact is not None else None
    if names is None or not isinstance(value, dict):
        return [value]
    return [{names[0]: key, names[1]: item} for key, item in cast("dict[str, Any]", value).items()]


def _object(value: dict[str, Any], facts: dict[str, Property]) -> dict[str, Any]:
    found = {_folded(key): item for key, item in value.items()}
    result: dict[str, Any] = {}
    for name, fact in facts.items():
        folded = _folded(name)
        item = next((found[key] for key in (folded, folded + "s", folded.removesuffix("s")) if key in found), None)
        if item is not None:
            result[name] = to_property(item, fact)
    return result


def _map(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    pairs = [cast("dict[str, str]", item) for item in cast("list[Any]", value)]
    # Tag lists are spelled Key/Value or TagKey/TagValue.
    return {pair[key]: pair[next(name for name in pair if name != key)] for pair in pairs for key in pair if key.lower().endswith("key")}
