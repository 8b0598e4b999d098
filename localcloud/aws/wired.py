"""Which inputs a row really sends, down to the members of objects: what a request does not pick never reaches AWS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

from localcloud.aws.expressions import SCOPE_NAMES, parsed
from localcloud.aws.facts import Facts, Property
from localcloud.aws.row import Row
from localcloud.aws.shapes import member_name, pair_names

_wired: dict[str, frozenset[str]] = {}


def wired(row: Row, fact: Facts) -> frozenset[str]:
    """The paths of all inputs that the row sends or honours, such as `vpcConfig.subnetIds`: those without members of their own.
    An element of a list has the path of the list."""
    if row.type not in _wired:
        found = {path for each in (*row.unread, *row.not_kept) for path in leaves(fact.inputs, each)}
        for call in (*row.create, *row.update, *row.delete):
            found |= _sent(_value(parsed(call.request), _WHOLE), _input_shape(row.service, call.operation), fact)
            # A condition honours a property; it sends no members of one.
            looked_at = _all_paths(_value(parsed(call.when), _WHOLE)) if call.when else set[str]()
            found |= {path for path in looked_at if leaves(fact.inputs, path) == {path}}
        _wired[row.type] = frozenset(found | ({"tags"} if row.tags else set()))
    return _wired[row.type]


def leaves(facts: dict[str, Property], path: str) -> set[str]:
    """The paths at or below `path` that have no members of their own; empty when `facts` has no such path."""
    fact = property_at(facts, path)
    if fact is None:
        return set()
    return {leaf for name in fact.properties for leaf in leaves(facts, f"{path}.{name}")} or {path}


def property_at(facts: dict[str, Property], path: str) -> Property | None:
    """The property at `path`; for a list, what its elements are."""
    members, found = facts, None
    for part in path.split("."):
        found = members.get(part)
        if found is None:
            return None
        found = found.item if found.item is not None and found.item.properties else found
        members = found.properties
    return found


@dataclass(frozen=True)
class _Value:
    """What an expression can make: the value at one of `paths` of the scope, an object of `members`, or a list of `items`."""

    paths: frozenset[str] = frozenset()
    members: dict[str, _Value] = field(default_factory=dict["str", "_Value"])
    items: tuple[_Value, ...] = ()


_WHOLE = _Value(frozenset({""}))


def _value(node: dict[str, Any], here: _Value) -> _Value:
    kind, children = cast("str", node["type"]), cast("list[Any]", node.get("children", []))
    match kind:
        case "field":
            return _Value(frozenset(f"{path}.{node['value']}" if path else str(node["value"]) for path in here.paths))
        case "current" | "identity":
            return here
        case "subexpression" | "pipe":
            for child in children:
                here = _value(child, here)
            return here
        case "index_expression" | "flatten":
            return _value(children[0], here)
        case "projection" | "value_projection" | "filter_projection":
            return _Value(items=(_value(children[1], _value(children[0], here)),))
        case "multi_select_dict":
            return _Value(members={str(pair["value"]): _value(pair["children"][0], here) for pair in children})
        case "multi_select_list":
            return _Value(items=tuple(_value(child, here) for child in children))
        case "literal" | "index" | "slice":
            return _Value()
        case _:  # conditions and functions: everything that they look at
            return _union(_value(child, here) for child in children)


def _union(values: Iterable[_Value]) -> _Value:
    paths: frozenset[str] = frozenset()
    members: dict[str, _Value] = {}
    items: tuple[_Value, ...] = ()
    for each in values:
        paths, members, items = paths | each.paths, members | each.members, items + each.items
    return _Value(paths, members, items)


def _all_paths(value: _Value) -> set[str]:
    below = (*value.members.values(), *value.items)
    return {path for path in value.paths if path.split(".")[0] not in SCOPE_NAMES} | {path for each in below for path in _all_paths(each)}


def _sent(value: _Value, shape: Shape | None, fact: Facts) -> set[str]:
    """The paths that arrive when `value` is sent as `shape` (see shapes.to_request)."""
    found: set[str] = set()
    for path in value.paths:
        property = property_at(fact.inputs, path)
        if property is not None and path.split(".")[0] not in SCOPE_NAMES:
            found |= _known_to(path, property, shape)
    element = _element(shape)
    for item in value.items:
        found |= _sent(item, element, fact)
    for key, item in value.members.items():
        shapes = cast("dict[str, Shape]", element.members) if isinstance(element, StructureShape) else {}
        name = member_name(key, shapes)
        found |= _sent(item, shapes[name], fact) if name else set()
    return found


def _known_to(path: str, fact: Property, shape: Shape | None) -> set[str]:
    if not fact.properties:
        return {path}
    if isinstance(shape, MapShape):
        return {f"{path}.{name}" for name in fact.properties} if pair_names(fact.properties) else set()
    element = _element(shape)
    shapes = cast("dict[str, Shape]", element.members) if isinstance(element, StructureShape) else {}
    names = {name: member_name(name, shapes) for name in fact.properties}
    found: set[str] = set()
    for name, other in names.items():
        member = fact.properties[name]
        item = member.item if member.item is not None and member.item.properties else member
        found |= _known_to(f"{path}.{name}", item, shapes[other]) if other else set()
    return found


def _element(shape: Shape | None) -> Shape | None:
    return cast("Shape", shape.member) if isinstance(shape, ListShape) else shape


@cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@cache
def _operations(service: str) -> dict[str, str]:
    model = _session().get_service_model(service)
    return {botocore.xform_name(name): name for name in cast("list[str]", model.operation_names)}


def _input_shape(service: str, operation: str) -> Shape | None:
    return cast("Shape | None", _session().get_service_model(service).operation_model(_operations(service)[operation]).input_shape)
