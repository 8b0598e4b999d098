"""Creates, updates and deletes what a row describes. No resource type has code of its own here."""

from __future__ import annotations

import re
from typing import Any, cast

from localcloud.aws import compare
from localcloud.aws.clients import CallFailed
from localcloud.aws.expressions import evaluate, root_fields
from localcloud.aws.facts import Property
from localcloud.aws.reading import read
from localcloud.aws.resource import Resource
from localcloud.aws.row import Call
from localcloud.aws.tags import TAGGING
from localcloud.provider.interface import InitFailed, Refused
from localcloud.provider.values import UNKNOWN, Properties


def create(resource: Resource, inputs: Properties) -> tuple[str, Properties]:
    """Creates it. Any failure after the create call raises InitFailed with the id and what is there by then."""
    row, scope = resource.row, resource.scope(inputs)
    first, *rest = row.create
    response = resource.call(first, scope)
    id = str(evaluate(row.id, {**scope, "response": response}))
    try:
        scope |= {"id": id, "response": response}
        for call in rest:
            resource.call(call, scope)
        tags_are_sent = any("tagsAll" in call.request for call in row.create)
        if row.tags and not tags_are_sent and scope["tagsAll"]:
            state = read(resource, id, {}, inputs) or {}
            resource.call(TAGGING[row.tags].tag, scope | {"state": state, "changed": scope["tagsAll"]})
        for call in _calls_after_create(resource, inputs):
            resource.call(call, scope)
        return id, _settled(resource, id, inputs)
    except Exception as error:  # whatever it is, the object is there and must not be lost
        raise InitFailed(id, _partial(resource, id, inputs), inputs, f"{row.type} {id} was created, but: {error}") from error


def update(resource: Resource, id: str, state: Properties, old_inputs: Properties, inputs: Properties) -> Properties:
    """Changes in place what differs. A change that no call carries is refused before anything is sent; a failure after that
    raises InitFailed with what is there by then."""
    row = resource.row
    changed = {re.split(r"[.\[]", change.path)[0] for change in compare.changes(row, resource.fact, state, old_inputs, inputs)}
    carried = {name for call in row.update for name in root_fields(call.request) | root_fields(call.when)}
    lost = changed - carried - row.unread.keys() - {path.split(".")[0] for path in row.not_kept}
    if lost:
        raise Refused(
            f"{row.type} {id}: {sorted(lost)} cannot be changed in place by the local cloud; extend its row in localcloud/aws/rows"
        )
    scope = resource.scope(inputs) | {"id": id, "old": state, "state": state}
    try:
        for call in row.update:
            if changed & (root_fields(call.request) | root_fields(call.when)):
                resource.call(call, _narrowed(resource, scope, changed) if call.only_changed else scope)
        _update_tags(resource, scope, state)
        return _settled(resource, id, inputs)
    except Exception as error:
        left = _found(resource, id, state, old_inputs) or state
        raise InitFailed(id, left, inputs, f"{row.type} {id} is not fully updated: {error}") from error


def delete(resource: Resource, id: str, state: Properties) -> None:
    """Deletes it; what is gone already is no error."""
    row, account = resource.row, resource.account
    if row.hook is not None:
        row.hook.remove(account.instance, account.account, state | {"id": id, "region": account.region})
    scope = resource.scope(state) | {"id": id, "state": state}
    for call in row.delete:
        try:
            resource.call(call, scope)
        except CallFailed as error:
            if error.code not in row.gone:
                raise


def planned(resource: Resource, state: Properties, inputs: Properties) -> Properties:
    """What preview can know: the inputs, defaults and tags; for a new resource everything else is unknown."""
    fact = resource.fact
    planned: Properties = dict(state)
    if not state:
        planned = dict.fromkeys([name for name, each in fact.inputs.items() if each.computed], UNKNOWN)
        planned |= dict.fromkeys(fact.outputs, UNKNOWN)
    planned |= {name: each.default for name, each in fact.inputs.items() if each.default is not None and name not in planned}
    for name, value in inputs.items():
        if not name.startswith("__"):
            planned[name] = value if state else _with_unknowns(value, fact.inputs[name])
    planned |= {"region": resource.account.region} if "region" in fact.inputs else {}
    return planned | ({"tagsAll": resource.wanted_tags(inputs)} if resource.row.tags else {})


def _with_unknowns(value: Any, fact: Property) -> Any:
    """A new resource's object, with the members that AWS will fill in as unknown."""
    if fact.type != "object" or not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    filled = {name: UNKNOWN for name, each in fact.properties.items() if each.computed and name not in members}
    return {name: _with_unknowns(item, fact.properties[name]) for name, item in members.items() if name in fact.properties} | filled


def _narrowed(resource: Resource, scope: Properties, changed: set[str]) -> Properties:
    kept = {name for name, each in resource.fact.inputs.items() if name in changed or each.required or name in resource.row.unread}
    return {name: value for name, value in scope.items() if name not in resource.fact.inputs or name in kept}


def _calls_after_create(resource: Resource, inputs: Properties) -> list[Call]:
    sent = {name for call in resource.row.create for name in root_fields(call.request)}
    given = {name for name, value in inputs.items() if value is not None and name in resource.fact.inputs} - sent
    return [call for call in resource.row.update if given & (root_fields(call.request) | root_fields(call.when))]


def _update_tags(resource: Resource, scope: Properties, state: Properties) -> None:
    if not resource.keeps_tags:
        return
    wanted, old = cast("dict[str, Any]", scope["tagsAll"]), cast("dict[str, Any]", state.get("tagsAll") or {})
    changed = {key: value for key, value in wanted.items() if old.get(key) != value}
    removed = sorted(old.keys() - wanted.keys())
    tagging = TAGGING[resource.row.tags]
    if removed and tagging.untag is not None:
        resource.call(tagging.untag, scope | {"removed": removed})
    if changed or (removed and tagging.untag is None):
        resource.call(tagging.tag, scope | {"changed": changed})


def _partial(resource: Resource, id: str, inputs: Properties) -> Properties:
    """What is there after a create that was not completed: as read, or else what the create call was given."""
    sent = {name for call in resource.row.create for name in root_fields(call.request)}
    return _found(resource, id, {}, inputs) or {name: value for name, value in inputs.items() if name in sent}


def _found(resource: Resource, id: str, state: Properties, inputs: Properties) -> Properties | None:
    try:
        return read(resource, id, state, inputs)
    except Refused:
        return None


def _settled(resource: Resource, id: str, inputs: Properties) -> Properties:
    row = resource.row
    if row.waiter:
        resource.clients.wait(row.service, row.waiter, evaluate(row.read[0].request, resource.scope(inputs) | {"id": id}))
    state = read(resource, id, {}, inputs)
    if state is None:
        raise Refused(f"{row.type} {id} cannot be read back")
    return state
