"""Objects that a create call made and that nobody knows of: its answer was lost, or the provider was killed before the engine
had recorded the id. The create itself looks for them when its answer is lost, the next one when it was killed.

An object is this resource's own when no Pulumi state of the instance has its id, no other resource was given it, it carries the
stack's tags (or, where the type has none, equals the inputs), and nothing in it would have to be replaced.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from localcloud.aws import compare
from localcloud.aws.clients import CallFailed, NoAnswer
from localcloud.aws.expressions import evaluate, with_values
from localcloud.aws.facts import Property
from localcloud.aws.reading import read
from localcloud.aws.resource import Resource
from localcloud.aws.searches import SEARCHES
from localcloud.aws.shapes import to_property
from localcloud.creating import Creating
from localcloud.provider.interface import InitFailed, Refused
from localcloud.provider.values import Properties
from localcloud.states import urn_of

# In the state of an object whose creation broke off: the next update completes it.
UNFINISHED = "__unfinished"


class InTheWay(Refused):
    """The name is taken by an object that is not this resource's own."""


# AWS's codes for a name that is taken: BucketAlreadyOwnedByYou, InvalidGroup.Duplicate, ResourceInUseException ...
_TAKEN = re.compile("Exist|Duplicate|InUse|Already|Conflict")


def creating(resource: Resource) -> Creating:
    """What was begun of the resource's type, in its account and region."""
    account = resource.account
    return Creating(account.instance, f"{account.account} {account.region}", resource.row.type)


@contextmanager
def one_at_a_time(resource: Resource) -> Generator[None]:
    """Holds the type: until a new object's id is claimed, another resource must not take it for a lost one."""
    if not _makes_another(resource):
        yield
        return
    with creating(resource).one_at_a_time():
        yield


def lost_before(resource: Resource, urn: str, inputs: Properties) -> str | None:
    """The id of the object that an earlier create of this resource made, where AWS would simply make another one.

    Raises InitFailed with an object that was begun with other inputs and that only a replacement makes right: the engine, which has
    it in its state then, replaces it.
    """
    begun, tags = creating(resource).of(urn), resource.account.default_tags
    if begun is not None and (begun.id or (begun.inputs, begun.tags) != (resource.without_secrets(inputs), tags)):
        # The object carries the tags of then: an owner or a cost centre may have changed since.
        for id in _own(replace(resource, account=replace(resource.account, default_tags=begun.tags)), urn, begun.inputs):
            state = _found(resource, id, inputs) or {}
            if not compare.is_replaced(resource.row, resource.fact, state, inputs):
                return id
            made(resource, urn, begun.inputs, id)
            reason = (
                f"{resource.row.type} {id} was made by an update that broke off, with other inputs: run `pulumi up` again, it replaces it"
            )
            raise InitFailed(id, {**state, UNFINISHED: True}, begun.inputs, reason)
    return next(_own(resource, urn, inputs), None) if _makes_another(resource) else None


def begin(resource: Resource, urn: str, inputs: Properties, *, is_tagged_later: bool) -> None:
    """Remembers, across a kill, that an object is about to be made. Where it `is_tagged_later` nothing on it says whose it is
    until then: so it is remembered, too, that there was none before."""
    ledger, kept = creating(resource), resource.without_secrets(inputs)
    before = ledger.of(urn)
    was_absent = before is not None and before.inputs == kept and before.absent
    absent = is_tagged_later and (was_absent or not any(_could_be_it(resource, id, inputs) for id in _candidates(resource, inputs)))
    ledger.begin(urn, kept, tags=resource.account.default_tags, absent=absent)


def made(resource: Resource, urn: str, inputs: Properties, id: str) -> None:
    """Remembers that the object is there, and this resource's own, until a state has it."""
    creating(resource).made(urn, resource.without_secrets(inputs), id)


def lost_just_now(resource: Resource, urn: str, inputs: Properties, error: Refused) -> str | None:
    """The id of the resource's own object when its create call has ended with `error`; None when there is none.

    Raises InTheWay when the name is taken by somebody else's, and Refused when it cannot be told whether there is one.
    """
    if not isinstance(error, CallFailed | NoAnswer):
        creating(resource).not_sent(urn)
        return None
    try:
        id = _own_or_in_the_way(resource, urn, inputs, error)
    except InTheWay:
        creating(resource).not_sent(urn)
        raise
    except Refused as second:
        remedy = "`pulumi up` takes it up if it was: run it before `pulumi destroy`"
        raise Refused(
            f"{error}; whether {resource.row.type} {urn.rpartition('::')[2]} was made is not known ({second}): {remedy}"
        ) from error
    if id is None and isinstance(error, NoAnswer):
        raise Refused(f"{error}; nothing was made as far as can be seen: run `pulumi up` again, it looks once more") from error
    if id is None:
        creating(resource).drop(urn)
    return id


def made_just_now(resource: Resource, urn: str, inputs: Properties) -> str:
    """The id of the object that a create call has made and whose answer does not tell it. Raises NoAnswer when it is not found."""
    id = next(_own(resource, urn, inputs), None)
    if id is None:
        raise NoAnswer(f"{resource.row.create[0].operation} did not tell what it made, and it is not listed")
    return id


def _makes_another(resource: Resource) -> bool:
    """Whether AWS makes a second object as readily as the first."""
    search = SEARCHES.get(resource.row.type)
    return search is not None and not search.unique


def _own(resource: Resource, urn: str, inputs: Properties) -> Iterator[str]:
    begun = creating(resource).of(urn)
    candidates = [begun.id] if begun is not None and begun.id else _candidates(resource, inputs)
    return (id for id in candidates if _is_own(resource, urn, id, inputs))


def _own_or_in_the_way(resource: Resource, urn: str, inputs: Properties, error: Refused) -> str | None:
    is_taken = isinstance(error, CallFailed) and _TAKEN.search(error.code) is not None
    for id in _candidates(resource, inputs):
        if _is_own(resource, urn, id, inputs):
            return id
        if is_taken and _found(resource, id, inputs) is not None:
            raise InTheWay(_in_the_way(resource, id)) from error
    return None


def _in_the_way(resource: Resource, id: str) -> str:
    row, recorded = resource.row, urn_of(resource.account.instance, resource.row.type, id, resource.account.account)
    if recorded:
        return f"{row.type} {id} exists already: it is {recorded}; give one of them another name"
    remedy = f"import it with `pulumi import {row.type} NAME '{id}'`, delete it, or choose another name"
    return f"{row.type} {id} exists already and was not made by this resource: {remedy}"


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
    for each in cast("list[dict[str, Any]]", evaluate(with_values(search.found, scope), response) or []):
        tags: dict[str, str] = to_property(each.get("tags"), Property("map")) or {}
        if search.unique or "tags" not in search.found or wanted <= set(tags.items()):
            yield each["id"]


def _is_own(resource: Resource, urn: str, id: str, inputs: Properties) -> bool:
    ledger, account = creating(resource), resource.account
    if id in ledger.taken_from(urn) or urn_of(account.instance, resource.row.type, id, account.account):
        return False
    state = _could_be_it(resource, id, inputs)
    if state is None:
        return False
    begun = ledger.of(urn)
    if begun is not None and begun.id == id:
        return True
    if not resource.keeps_tags:
        return not compare.changes(resource.row, resource.fact, state, inputs, inputs)
    tags: dict[str, str] = state.get("tagsAll") or {}
    wanted = resource.account.default_tags or resource.wanted_tags(inputs)
    is_expected = not tags and begun is not None and begun.absent
    return is_expected or (bool(wanted) and wanted.items() <= tags.items())


def _could_be_it(resource: Resource, id: str, inputs: Properties) -> Properties | None:
    """The object, when nothing in it would have to be replaced."""
    state = _found(resource, id, inputs)
    return None if state is None or compare.is_replaced(resource.row, resource.fact, state, inputs) else state


def _found(resource: Resource, id: str, inputs: Properties) -> Properties | None:
    # Without the hook: nothing is started for an object that may be another's.
    return read(replace(resource, row=replace(resource.row, hook=None)), id, {}, inputs)
