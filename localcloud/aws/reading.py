"""Reads a resource as it is."""

from __future__ import annotations

import re
from typing import Any, cast

from localcloud.aws import absent, compare
from localcloud.aws.clients import CallFailed
from localcloud.aws.expressions import evaluate, with_values
from localcloud.aws.facts import Property
from localcloud.aws.resource import Resource
from localcloud.aws.row import Read
from localcloud.aws.shapes import to_property
from localcloud.aws.tags import TAGGING, own_tags, without_system_tags
from localcloud.provider.values import Properties


def read(resource: Resource, id: str, state: Properties, inputs: Properties) -> Properties | None:
    """Its properties as they are, None when it is gone. What AWS or the emulator does not return is taken from `inputs`, else
    from `state`; what means the same as there keeps its form."""
    row, account = resource.row, resource.account
    known = inputs or state
    found = absent.held(resource, id, known) if row.absent else _described(resource, id, known)
    if found is None:
        return None
    found = _in_known_form(resource, found, known)
    for path in (*row.not_kept, *row.unread):
        value = _at(known, path)
        if value is not None:
            _put(found, path, value)
    if row.tags and not resource.keeps_tags:
        found["tagsAll"] = resource.wanted_tags(inputs) if inputs else state.get("tagsAll")
    if row.hook is not None:
        found |= row.hook.ensure(account.instance, account.account, found | {"region": account.region})
    return found


def _described(resource: Resource, id: str, known: Properties) -> Properties | None:
    scope = resource.scope(known) | _from_id(resource, id) | {"id": id}
    found: Properties = {}
    tagging = TAGGING.get(resource.row.tags) if resource.keeps_tags else None
    tag_reads = [tagging.read] if tagging is not None and tagging.read is not None else []
    for index, each in enumerate([*resource.row.read, *tag_reads]):
        response = _response(resource, each, scope | {"state": found}, known)
        if response is None and index == 0:
            return None
        for name, value in (response or {}).items():
            found[name] = to_property(value, Property("map") if name == "tagsAll" else resource.fact.property(name))
        found.setdefault("arn", _arn(resource, scope | found))
    return found


def _response(resource: Resource, each: Read, scope: Properties, known: Properties) -> Properties | None:
    try:
        response = resource.answer(each, scope)
    except CallFailed as error:
        if error.code in resource.row.gone:
            return None
        raise
    return evaluate(with_values(each.state, scope), {**response, "given": known})


def _from_id(resource: Resource, id: str) -> Properties:
    match = re.fullmatch(resource.row.id_pattern, id) if resource.row.id_pattern else None
    return match.groupdict() if match else {}


def _arn(resource: Resource, scope: Properties) -> str | None:
    if resource.fact.arn is None or "arn" not in resource.fact.outputs:
        return None
    try:
        return resource.fact.arn.format(**scope)
    except KeyError:
        # The form holds something that AWS makes up, such as a uuid: then only a response has the ARN.
        return None


def _in_known_form(resource: Resource, found: Properties, known: Properties) -> Properties:
    result: Properties = {name: value for name, value in found.items() if value is not None}
    for name, value in result.items():
        if name in resource.fact.inputs and known.get(name) is not None:
            result[name] = _known_form(resource, name, value, known[name])
    if "region" in resource.fact.inputs:
        result["region"] = resource.account.region
    if resource.keeps_tags:
        result["tagsAll"] = without_system_tags(result.get("tagsAll") or {})
        own = own_tags(result["tagsAll"], resource.account.default_tags, known.get("tags") or {})
        result |= {"tags": own} if own else {}
    return result


def _known_form(resource: Resource, name: str, value: Any, known: Any) -> Any:
    same = compare.EQUALITIES.get(resource.row.same.get(name, ""))
    if (same is not None and same(value, known)) or compare.equal(resource.fact.inputs[name], value, known):
        return _merged(value, known)
    return value


def _merged(value: Any, known: Any) -> Any:
    """The known spelling; an object keeps what AWS adds to it."""
    if isinstance(value, dict) and isinstance(known, dict):
        members, other = cast("dict[str, Any]", value), cast("dict[str, Any]", known)
        return {name: item if other.get(name) is None else _merged(item, other[name]) for name, item in members.items()}
    return known


def _at(properties: Properties, path: str) -> Any:
    value: Any = properties
    for part in path.split("."):
        value = cast("dict[str, Any]", value).get(part) if isinstance(value, dict) else None
    return value


def _put(properties: Properties, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    target = properties
    for part in parents:
        target = target.setdefault(part, {})
    target[last] = value
