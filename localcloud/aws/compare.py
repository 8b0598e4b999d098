"""What differs between a resource as it is and as the program wants it, and whether that replaces it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, cast

from localcloud.aws.expressions import evaluate
from localcloud.aws.facts import Facts, Property
from localcloud.aws.row import Row
from localcloud.provider.interface import Change
from localcloud.provider.values import UNKNOWN, Properties, has_unknown

EQUALITIES: dict[str, Callable[[Any, Any], bool]] = {
    # A version given as 8.4 is kept by AWS as 8.4.6: no difference.
    "version_prefix": lambda old, new: str(old) == str(new) or str(old).startswith(f"{new}."),
    # A limit given as 100 is kept by AWS as 100.0.
    "number": lambda old, new: float(old) == float(new),
    "json": lambda old, new: _document(old) == _document(new),
    "lower_case": lambda old, new: str(old).lower() == str(new).lower(),
    "key_id_or_arn": lambda old, new: str(old).rsplit("/", 1)[-1] == str(new).rsplit("/", 1)[-1],
}


def changes(row: Row, fact: Facts, state: Properties, old_inputs: Properties, new_inputs: Properties) -> list[Change]:
    """Every input whose wanted value is not what `state` holds. Tags are not looked at here (see tag_changes)."""
    found: list[Change] = []
    for name, property in fact.inputs.items():
        if name == "tags":
            continue
        equality = EQUALITIES[row.same[name]] if name in row.same else None
        old, new = state.get(name), new_inputs.get(name)
        if new is None and (name in row.left_as_is or (name in row.suppressed and old == row.suppressed[name])):
            continue
        if equality is not None and old is not None and new is not None and new is not UNKNOWN and equality(old, new):
            continue
        found += _changes(name, property, old, new, old_inputs.get(name))
    return [_with_conditions(row, change, state, new_inputs) for change in found]


def is_replaced(row: Row, fact: Facts, state: Properties, inputs: Properties) -> bool:
    """Whether an object in this state has to be replaced to be as `inputs` want it."""
    return any(change.replaces for change in changes(row, fact, state, inputs, inputs))


def tag_changes(state: Properties, wanted: dict[str, Any], own: dict[str, Any]) -> list[Change]:
    """Tags that differ, under `tags` where the resource names them itself, else under `tagsAll`."""
    old: dict[str, Any] = state.get("tagsAll") or {}
    found: list[Change] = []
    for key in sorted({*old, *wanted}):
        if old.get(key) != wanted.get(key):
            kind = "add" if key not in old else "delete" if key not in wanted else "update"
            where = "tags" if key in own else "tagsAll"
            found.append(Change(f'{where}["{key}"]' if "." in key else f"{where}.{key}", kind))
    return found


def elements(names: Iterable[str], old: Properties, new: Properties) -> Properties:
    """`added` and `dropped` of row.py, for those of the properties `names` that are lists."""
    lists = {name: (old.get(name) or [], new.get(name) or []) for name in names if isinstance(old.get(name) or new.get(name), list)}
    return {
        "added": {name: [each for each in after if each not in before] or None for name, (before, after) in lists.items()},
        "dropped": {name: [each for each in before if each not in after] or None for name, (before, after) in lists.items()},
    }


def _with_conditions(row: Row, change: Change, state: Properties, new_inputs: Properties) -> Change:
    for path, condition in row.replaced_when.items():
        if within(change.path, path) and evaluate(condition, {"old": state, "new": new_inputs}):
            return Change(change.path, change.kind, replaces=True)
    return change


def within(path: str, whole: str) -> bool:
    """Whether `path` is `whole` or a member or element of it."""
    return path == whole or path.startswith((f"{whole}.", f"{whole}["))


def _changes(path: str, fact: Property, old: Any, new: Any, old_input: Any, inherited: bool = False) -> list[Change]:
    replaces = fact.force_new or inherited
    if new is None:
        return _absent(path, fact, old, old_input, replaces)
    if old is None:
        return [] if _empty(new) and old_input is None else [Change(path, "add", replaces)]
    if fact.type == "object" and isinstance(new, dict) and fact.properties:
        return _members(path, fact, old, cast("dict[str, Any]", new), old_input, replaces)
    if fact.type == "map" and isinstance(new, dict):
        return _map_members(path, old, cast("dict[str, Any]", new), replaces)
    return [] if equal(fact, old, new) else [Change(path, "update", replaces)]


def _members(path: str, fact: Property, old: Any, new: dict[str, Any], old_input: Any, replaces: bool) -> list[Change]:
    before: dict[str, Any] = old if isinstance(old, dict) else {}
    given: dict[str, Any] = old_input if isinstance(old_input, dict) else {}
    found: list[Change] = []
    for name, member in fact.properties.items():
        found += _changes(f"{path}.{name}", member, before.get(name), new.get(name), given.get(name), replaces)
    return found


def _map_members(path: str, old: Any, new: dict[str, Any], replaces: bool) -> list[Change]:
    before: dict[str, Any] = old if isinstance(old, dict) else {}
    return [
        Change(f"{path}.{key}", "add" if key not in before else "delete" if key not in new else "update", replaces)
        for key in sorted({*before, *new})
        if before.get(key) != new.get(key)
    ]


def _absent(path: str, fact: Property, old: Any, old_input: Any, replaces: bool) -> list[Change]:
    """An input that the program does not give: AWS's own choice where it has one, the default, or else to be removed."""
    if fact.computed or _empty(old):
        return []
    if fact.default is not None:
        return [] if equal(fact, old, fact.default) else [Change(path, "update", replaces)]
    # A nested object of which AWS returns more than was given is no change; one that was given before is.
    return [Change(path, "delete", replaces)] if old_input is not None or fact.type not in {"object", "list"} else []


def _empty(value: Any) -> bool:
    return value is None or value is False or value == 0 or value in ("", [], {})


def equal(fact: Property, old: Any, new: Any) -> bool:
    """Whether two values of one property mean the same: JSON by content, lists without order (AWS keeps most as sets)."""
    if has_unknown(new):
        return False
    match fact.type:
        case "json":
            return _document(old) == _document(new)
        case "list":
            return _same_items(fact.item, cast("list[Any]", old), cast("list[Any]", new))
        case "object" if fact.properties:
            return not _members("", fact, old, cast("dict[str, Any]", new), None, False)
        case "number":
            return float(old) == float(new)
        case "boolean":
            return str(old).lower() == str(new).lower()
        case "string":
            return str(old) == str(new)
        case _:
            return old == new


def _document(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError:
        return value


def _same_items(fact: Property | None, old: list[Any], new: list[Any]) -> bool:
    if len(old) != len(new):
        return False
    rest = list(old)
    for item in new:
        match = next((each for each in rest if (equal(fact, each, item) if fact else each == item)), None)
        if match is None:
            return False
        rest.remove(match)
    return True
