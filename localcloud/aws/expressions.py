"""JMESPath, evaluated and looked into."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import jmespath

# What a scope holds beside the resource's own properties (see row.py).
SCOPE_NAMES = frozenset(
    {
        *("id", "tagsAll", "account", "region", "partition", "old", "state", "response"),
        *("changed", "removed", "added", "dropped", "made_up", "each"),
    }
)
# Those of them that hold a part of what an update changes, by property.
_PARTS = frozenset({"added", "dropped"})


@cache
def _compiled(expression: str) -> jmespath.parser.ParsedResult:
    return jmespath.compile(expression)


def evaluate(expression: str, data: Any) -> Any:
    """The value of `expression` over `data`, with nulls dropped from the objects and lists that it builds."""
    return without_nulls(_compiled(expression).search(data))


def with_values(expression: str, scope: Mapping[str, Any]) -> str:
    """`expression` with the values of `scope` in place of each `$name`: JMESPath has no variables."""
    return re.sub(r"\$(\w+)", lambda name: str(scope[name[1]]), expression)


def without_nulls(value: Any) -> Any:
    """`value` without its null members, and without the objects that this leaves empty."""
    if isinstance(value, dict):
        members = {key: without_nulls(item) for key, item in cast("dict[str, Any]", value).items()}
        kept = {key: item for key, item in members.items() if item is not None}
        return kept if kept or not members else None
    if isinstance(value, list):
        return [item for item in map(without_nulls, cast("list[Any]", value)) if item is not None]
    return value


@cache
def root_fields(expression: str) -> frozenset[str]:
    """The names that `expression` takes from the top of its data, except those of the scope itself; `added.x` takes x."""
    if not expression:
        return frozenset()
    return frozenset(_roots(parsed(expression))) - SCOPE_NAMES


def parsed(expression: str) -> dict[str, Any]:
    """The syntax tree of `expression`, as jmespath makes it: type, value, children."""
    return cast("dict[str, Any]", _compiled(expression).parsed)


def _roots(node: dict[str, Any]) -> set[str]:
    kind, children = cast("str", node["type"]), cast("list[Any]", node.get("children", []))
    if kind == "field":
        return {cast("str", node["value"])}
    if kind == "subexpression" and children[0].get("value") in _PARTS:
        return _roots(children[1])
    # Only the left side of these sees the whole data; the right side sees what the left one selected.
    if kind in {"subexpression", "projection", "filter_projection", "value_projection", "flatten", "index_expression", "pipe"}:
        children = children[:1]
    return {name for child in children if isinstance(child, dict) for name in _roots(cast("dict[str, Any]", child))}
