"""Every gap that a row states is proved to be one, so that a newer emulator ends it."""

from __future__ import annotations

import re

import pytest

from localcloud.aws import compare
from localcloud.aws.clients import CallFailed
from localcloud.aws.expressions import evaluate
from localcloud.aws.facts import facts
from localcloud.aws.row import NotChanged
from localcloud.aws.rows import ROWS
from localcloud.aws.shapes import to_property
from localcloud.aws.wired import property_at
from tests.local.probe import Probe
from tests.local.rows.cases import every_sample, tagged
from tests.local.samples import Sample, changed, samples, value_at

# How the emulator says that it has no such operation.
_UNKNOWN = re.compile(r"Unknown (\w+ )?action|No route for")


@pytest.mark.parametrize(("type", "path"), [(row.type, path) for row in ROWS.values() for path in row.not_kept])
def test_what_is_not_kept_is_not(account: Probe, type: str, path: str) -> None:
    """A newer emulator that keeps the property fails this: then its entry in `not_kept` goes."""
    row, resource, gap = ROWS[type], account.resource(type), ROWS[type].not_kept[path]
    sample = next(each for each in samples()[type] if value_at(each.inputs, path) is not None or path == "tags")
    made = account.create(type, tagged(sample))
    scope = resource.scope(made.state) | {"id": made.id}
    if gap.refused is not None:
        if gap.refused.operation in {call.operation for call in row.create}:
            account.delete(made)  # else it would be refused for being there
        with pytest.raises(CallFailed):
            resource.call(gap.refused, scope)
    elif gap.elsewhere is not None:
        assert account.answer(row.service, gap.elsewhere, scope) is None
    elif gap.after_delete is not None:
        account.delete(made)
        assert account.answer(row.service, gap.after_delete, scope) is None
    else:
        answer = account.clients.call(row.service, row.read[0].operation, evaluate(row.read[0].request, scope))
        found = evaluate(gap.answer, answer)
        fact = property_at(facts(type).inputs, path)
        assert fact is not None
        assert found is None or not compare.equal(fact, to_property(found, fact), value_at(made.inputs, path))


@pytest.mark.parametrize("type", [row.type for row in ROWS.values() if row.absent])
def test_emulator_knows_no_create_call_of_an_absent_type(account: Probe, type: str) -> None:
    """A newer emulator that has the type fails this: then `absent` goes, and the id comes from the response."""
    row, resource = ROWS[type], account.resource(type)
    scope = resource.scope(account.inputs(type, samples()[type][0].inputs))
    with pytest.raises(CallFailed, match=_UNKNOWN):
        account.clients.call(row.service, row.create[0].operation, evaluate(row.create[0].request, scope))


@every_sample(lambda sample: sample.refused)
def test_change_that_is_refused_is_not_made_by_the_emulator(account: Probe, sample: Sample) -> None:
    """A newer emulator that makes the change fails this: then the call goes from `not_changed` to `update`."""
    for change in sample.refused:
        known, gap = _not_changed(sample.type, next(iter(change)))
        if gap is None:
            continue
        made = account.create(sample.type, tagged(sample))
        wanted = changed(made.inputs, account.inputs(made.type, change))
        resource = account.resource(made.type)
        try:
            resource.call(gap.call, resource.scope(wanted) | {"id": made.id, "state": made.state})
        except CallFailed as refused:
            if not (gap.refused_by_aws or _UNKNOWN.search(str(refused))):
                raise
        found, name = account.refreshed(made), known.split(".")[0]
        assert (found is None) is gap.renews_id, change
        assert found is None or account.differs(made.type, name, found.state.get(name), wanted.get(name)), change
        account.delete(made)


def _not_changed(type: str, path: str) -> tuple[str, NotChanged | None]:
    return next(((known, gap) for known, gap in ROWS[type].not_changed.items() if compare.within(path, known)), (path, None))


@pytest.mark.parametrize(("type", "path"), [(row.type, path) for row in ROWS.values() for path in row.stand_ins])
def test_what_stands_in_is_not_what_aws_would_return(account: Probe, type: str, path: str) -> None:
    """A newer emulator that has the real value fails this: then its entry in `stand_ins` goes."""
    stand_in = ROWS[type].stand_ins[path]
    made = account.create(type, tagged(samples()[type][0]))
    given = value_at(made.state, path)
    assert given is not None
    assert account.answer(stand_in.service, stand_in.real, account.resource(type).scope(made.state) | {"id": made.id}) != given
