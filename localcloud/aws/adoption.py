"""Objects that a create call made and that nobody knows of: its answer was lost, or the provider was killed before the engine
had recorded the id. A retried create adopts them.

An object is this resource's own when no Pulumi state of the instance has its id, no other resource of this run was given it,
it carries the stack's tags (or, where the type has none, equals the inputs), and nothing in it would have to be replaced.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from localcloud.aws import compare
from localcloud.aws.clients import CallFailed
from localcloud.aws.expressions import evaluate
from localcloud.aws.facts import Property
from localcloud.aws.reading import read
from localcloud.aws.resource import Resource
from localcloud.aws.searches import SEARCHES
from localcloud.aws.shapes import to_property
from localcloud.instance import Instance
from localcloud.provider.interface import Refused
from localcloud.provider.values import Properties


class InTheWay(Refused):
    """The name is taken by an object that is not this resource's own."""


# AWS's codes for a name that is taken: BucketAlreadyOwnedByYou, InvalidGroup.Duplicate, ResourceInUseException ...
_TAKEN = re.compile("Exist|Duplicate|InUse|Already|Conflict")


@contextmanager
def one_at_a_time(resource: Resource) -> Generator[None]:
    """Holds the type: until a new object's id is claimed, another resource must not take it for a lost one."""
    search = SEARCHES.get(resource.row.type)
    if search is None or search.unique:
        yield
        return
    with resource.account.claims.lock(resource.row.type):
        yield


def lost_before(resource: Resource, inputs: Properties) -> str | None:
    """The id of the object that an earlier create of this resource made, where AWS would simply make another one."""
    search = SEARCHES.get(resource.row.type)
    if search is None or search.unique:
        return None
    return next((id for id in _candidates(resource, inputs) if _is_own(resource, id, inputs)), None)


def lost_just_now(resource: Resource, inputs: Properties, error: Refused) -> str | None:
    """The id of the resource's own object when its create call has ended with `error`; None when there is none.

    Raises InTheWay when the name is taken by somebody else's.
    """
    is_taken = isinstance(error, CallFailed) and _TAKEN.search(error.code) is not None
    for id in _candidates(resource, inputs):
        if _is_own(resource, id, inputs):
            return id
        if is_taken and _found(resource, id, inputs) is not None:
            raise InTheWay(_in_the_way(resource, id)) from error
    if isinstance(error, CallFailed) and error.status < 500:
        conclude(resource, _id_of_inputs(resource, inputs))
    return None


def _in_the_way(resource: Resource, id: str) -> str:
    row, recorded = resource.row, _recorded_as(resource, id)
    if recorded:
        return f"{row.type} {id} exists already: it is {recorded}; give one of them another name"
    remedy = f"import it with `pulumi import {row.type} NAME '{id}'`, delete it, or choose another name"
    return f"{row.type} {id} exists already and was not made by this resource: {remedy}"


def announce(resource: Resource, inputs: Properties) -> None:
    """Remembers, across a kill, that an object is about to be made: until it has its tags, nothing on it says whose it is."""
    id = _id_of_inputs(resource, inputs)
    if id and not _mark(resource, id).exists() and _found(resource, id, inputs) is None:
        _mark(resource, id).touch()


def conclude(resource: Resource, id: str) -> None:
    """`id` carries its tags, or was not made."""
    _mark(resource, id).unlink(missing_ok=True)


def _mark(resource: Resource, id: str) -> Path:
    account = resource.account
    what = f"{account.account} {account.region} {resource.row.type} {id}"
    return account.instance.path("creating", hashlib.sha256(what.encode()).hexdigest())


def _id_of_inputs(resource: Resource, inputs: Properties) -> str:
    """Empty where AWS makes the id."""
    return "" if "response" in resource.row.id else str(evaluate(resource.row.id, resource.scope(inputs)))


def _candidates(resource: Resource, inputs: Properties) -> Iterator[str]:
    """Ids that the resource may have: of its inputs, or what a search lists, without what is in use or tagged otherwise."""
    row, scope = resource.row, resource.scope(inputs)
    search = SEARCHES.get(row.type)
    if search is None:
        yield from filter(None, [_id_of_inputs(resource, inputs)])
        return
    try:
        response = resource.clients.call(row.service, search.operation, evaluate(search.request, scope) or {})
    except CallFailed as error:
        if error.code in row.gone:
            return
        raise
    wanted = set(resource.wanted_tags(inputs).items())
    for each in cast("list[dict[str, Any]]", evaluate(search.found, response) or []):
        tags: dict[str, str] = to_property(each.get("tags"), Property("map")) or {}
        if search.unique or "tags" not in search.found or wanted <= set(tags.items()):
            yield each["id"]


def _is_own(resource: Resource, id: str, inputs: Properties) -> bool:
    row = resource.row
    if id in resource.account.claims or _recorded_as(resource, id):
        return False
    state = _found(resource, id, inputs)
    if state is None:
        return False
    changes = compare.changes(row, resource.fact, state, inputs, inputs)
    if not resource.keeps_tags:
        return not changes
    tags: dict[str, str] = state.get("tagsAll") or {}
    wanted = resource.account.default_tags or resource.wanted_tags(inputs)
    is_marked = bool(wanted) and wanted.items() <= tags.items()
    return (is_marked or (not tags and _mark(resource, id).exists())) and not any(change.replaces for change in changes)


def _found(resource: Resource, id: str, inputs: Properties) -> Properties | None:
    # Without the hook: nothing is started for an object that may be another's.
    return read(replace(resource, row=replace(resource.row, hook=None)), id, {}, inputs)


def _recorded_as(resource: Resource, id: str) -> str | None:
    """The URN under which a stack of the instance knows the object."""
    for checkpoint in _checkpoints(resource.account.instance):
        for each in cast("list[dict[str, Any]]", checkpoint.get("resources") or []):
            arn = str(each.get("outputs", {}).get("arn", ""))
            same_account = not arn or f":{resource.account.account}:" in arn or ":::" in arn
            if each["type"] == resource.row.type and each.get("id") == id and same_account:
                return each["urn"]
    return None


def _checkpoints(instance: Instance) -> Iterator[dict[str, Any]]:
    for path in sorted((instance.directory / "state" / ".pulumi" / "stacks").glob("*/*.json")):
        yield json.loads(path.read_text())["checkpoint"]["latest"] or {}
