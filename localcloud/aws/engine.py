"""Creates, updates and deletes what a row describes. No resource type has code of its own here."""

from __future__ import annotations

import re
from typing import Any, cast

from localcloud.aws import absent, adoption, check, compare
from localcloud.aws.adoption import UNFINISHED
from localcloud.aws.clients import CallFailed
from localcloud.aws.expressions import evaluate, root_fields
from localcloud.aws.reading import read
from localcloud.aws.resource import Resource
from localcloud.aws.row import Call, Row
from localcloud.aws.tags import TAGGING
from localcloud.provider.interface import Change, InitFailed, Refused
from localcloud.provider.values import Properties


def create(resource: Resource, urn: str, inputs: Properties) -> tuple[str, Properties]:
    """Creates it, or goes on with the object that an interrupted create of this resource, which `urn` names, made.

    Any failure after the create call raises InitFailed with the id and what is there by then.
    """
    row = resource.row
    id, response = _made(resource, urn, inputs)
    try:
        if response is None:
            return id, _completed(resource, id, inputs)
        scope = resource.scope(inputs) | {"id": id, "response": response}
        for call in row.create[1:]:
            resource.call(call, scope)
        if row.tags and not _sends_tags(row) and scope["tagsAll"]:
            state = read(resource, id, {}, inputs) or {}
            resource.call(TAGGING[row.tags].tag, scope | {"state": state, "changed": scope["tagsAll"]})
        for call in _calls_after_create(resource, inputs):
            resource.call(call, scope)
        return id, _settled(resource, id, inputs)
    except Exception as error:  # whatever it is, the object is there and must not be lost
        state = _partial(resource, id, inputs) | {UNFINISHED: True}
        raise InitFailed(id, state, inputs, f"{row.type} {id} was created, but: {error}") from error


def _made(resource: Resource, urn: str, inputs: Properties) -> tuple[str, Properties | None]:
    """The id and the create call's answer; None for an answer when the object was there and is this resource's own."""
    row, scope = resource.row, resource.scope(inputs)
    if row.absent:
        # Nothing is made, so that nothing can be lost and there is nothing to adopt.
        return str(evaluate(row.id, scope | {"made_up": absent.made_up()})), resource.call(row.create[0], scope)
    with adoption.one_at_a_time(resource):
        id, response = adoption.lost_before(resource, urn, inputs), None
        if id is None:
            adoption.begin(resource, urn, inputs, is_tagged_later=bool(row.tags) and not _sends_tags(row))
            try:
                response = resource.call(row.create[0], scope)
                id = str(evaluate(row.id, scope | {"response": response}) or adoption.made_just_now(resource, urn, inputs))
            except Refused as error:
                # The call may have taken effect all the same; or an earlier one did, and the name is taken now.
                id = adoption.lost_just_now(resource, urn, inputs, error)
                if id is None:
                    raise
        adoption.made(resource, urn, inputs, id)
    return id, response


def update(resource: Resource, id: str, state: Properties, old_inputs: Properties, inputs: Properties) -> Properties:
    """Changes in place what differs. A change that no call carries is refused before anything is sent; a failure after that
    raises InitFailed with what is there by then."""
    row, unfinished = resource.row, {UNFINISHED: True} if state.get(UNFINISHED) else {}
    calls = [] if unfinished else _calls_to_change(resource, id, state, old_inputs, inputs)
    try:
        return _completed(resource, id, inputs) if unfinished else _changed(resource, id, state, inputs, calls)
    except Exception as error:
        left = _found(resource, id, state, old_inputs) or state
        raise InitFailed(id, left | unfinished, inputs, f"{row.type} {id} is not fully updated: {error}") from error


def _completed(resource: Resource, id: str, inputs: Properties) -> Properties:
    """Brings what an interrupted create left to what is wanted."""
    row, scope = resource.row, resource.scope(inputs) | {"id": id, "response": {}}
    for call in row.create[1:]:
        try:
            resource.call(call, scope)
        except CallFailed as error:
            # What these calls take away may be away already.
            if error.code not in {*row.gone, "InvalidPermission.NotFound"}:
                raise
    state = read(resource, id, {}, inputs)
    if state is None:
        raise Refused(f"{row.type} {id} cannot be read back; if it is gone, `pulumi refresh` forgets it")
    return _changed(resource, id, state, inputs, _calls_to_change(resource, id, state, inputs, inputs))


def _calls_to_change(
    resource: Resource, id: str, state: Properties, old_inputs: Properties, inputs: Properties
) -> list[tuple[Call, set[str]]]:
    """The update calls that are needed, each with the properties that change. Raises Refused for a change that none carries."""
    row = resource.row
    changes = compare.changes(row, resource.fact, state, old_inputs, inputs)
    check.refuse_what_no_call_changes(row, id, changes)
    changed = {_root(change) for change in changes}
    return [(call, changed) for call in row.update if changed & _carried(call)]


def _carried(call: Call) -> frozenset[str]:
    return root_fields(call.request) | root_fields(call.when)


def _root(change: Change) -> str:
    return re.split(r"[.\[]", change.path)[0]


def _changed(resource: Resource, id: str, state: Properties, inputs: Properties, calls: list[tuple[Call, set[str]]]) -> Properties:
    scope = resource.scope(inputs) | {"id": id, "old": state, "state": state}
    for call, changed in calls:
        parts = compare.elements(changed, state, inputs)
        try:
            resource.call(call, (_narrowed(resource, scope, changed) if call.only_changed else scope) | parts)
        except CallFailed:
            if not _is_done(resource, id, inputs, changed & _carried(call)):
                raise
    _update_tags(resource, scope, state)
    return _settled(resource, id, inputs)


def _is_done(resource: Resource, id: str, inputs: Properties, changed: set[str]) -> bool:
    """Whether an update that broke off has changed the properties already: AWS refuses some calls the second time."""
    row, state = resource.row, read(resource, id, {}, inputs)
    not_seen = {path.split(".")[0] for path in (*row.not_kept, *row.unread)}
    if state is None or not changed or changed & not_seen:
        return False
    left = {_root(change) for change in compare.changes(row, resource.fact, state, inputs, inputs)}
    return not left & changed


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


def _sends_tags(row: Row) -> bool:
    return any("tagsAll" in call.request for call in row.create)


def _narrowed(resource: Resource, scope: Properties, changed: set[str]) -> Properties:
    kept = {name for name, each in resource.fact.inputs.items() if name in changed or each.required or name in resource.row.unread}
    return {name: value for name, value in scope.items() if name not in resource.fact.inputs or name in kept}


def _calls_after_create(resource: Resource, inputs: Properties) -> list[Call]:
    sent = {name for call in resource.row.create for name in root_fields(call.request)}
    given = {name for name, value in inputs.items() if value is not None and name in resource.fact.inputs} - sent
    return [call for call in resource.row.update if given & _carried(call)]


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
