"""Every row, live: what is sent comes back, every property can be changed as AWS would, drift is found, and nothing stays."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from localcloud.aws import compare
from localcloud.aws.clients import CallFailed
from localcloud.aws.eks_control_plane import CONTROL_PLANE
from localcloud.aws.expressions import evaluate
from localcloud.aws.facts import facts
from localcloud.aws.row import NotChanged
from localcloud.aws.rows import ROWS
from localcloud.aws.shapes import to_property
from localcloud.aws.wired import property_at
from localcloud.instance import Instance
from localcloud.provider.interface import InitFailed, Refused
from tests.local.probe import DEFAULT_TAGS, Made, Probe, probe
from tests.local.samples import Sample, changed, samples, value_at

_accounts = itertools.count(400000000001)
# What AWS does not let go of while its parent is there; without a configuration a bucket has AWS's own encryption.
_STAYS = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
}
_ALL = [(type, index, sample) for type in sorted(ROWS) for index, sample in enumerate(samples().get(type, []))]
_CHANGING = [each for each in _ALL if each[2].updates or (ROWS[each[0]].tags and "tags" not in ROWS[each[0]].not_kept)]


def _parameters(chosen: list[tuple[str, int, Sample]]) -> Any:
    return pytest.mark.parametrize(
        "sample", [pytest.param(sample, id=f"{type.split(':', 1)[1]}-{index}") for type, index, sample in chosen]
    )


@pytest.fixture
def account(cloud: Instance) -> Iterator[Probe]:
    """One of its own. Clusters have no control plane here; tests/local/kubernetes and test_platform.py have real ones."""
    with pytest.MonkeyPatch.context() as patch, probe(cloud, str(next(_accounts))) as made:
        for type, row in ROWS.items():
            if row.hook is CONTROL_PLANE:
                patch.setitem(ROWS, type, replace(row, hook=None))
        yield made


def _tagged(sample: Sample) -> dict[str, Any]:
    return {**sample.inputs, **({"tags": {"sample": "one"}} if ROWS[sample.type].tags else {})}


def _lost(account: Probe, sample: Sample, made: Made, given: dict[str, Any]) -> dict[str, Any]:
    """What was given and is not there when the emulator is asked with nothing known but the id."""
    row, found = ROWS[made.type], account.imported(made, sample.import_id).state
    found |= {name: found.get(other) for name, other in sample.imports.items()}
    gaps = {*row.unread, *row.not_kept}
    kept = changed(given, dict.fromkeys(gaps))
    seen = changed(found, dict.fromkeys(gaps))
    return {
        name: (found.get(name), value)
        for name, value in kept.items()
        if name in facts(made.type).inputs and name != "tags" and account.differs(made.type, name, seen.get(name), value)
    }


@_parameters(_ALL)
def test_everything_given_is_there_and_nothing_differs(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, _tagged(sample))
    assert _lost(account, sample, made, made.inputs) == {}
    assert account.changes(made, made.inputs) == []
    if ROWS[sample.type].tags:
        assert made.state["tagsAll"] == {"sample": "one", **DEFAULT_TAGS}
    again = account.refreshed(made)
    assert again is not None
    assert (again.state, again.inputs) == (made.state, made.inputs)


@_parameters(_CHANGING)
def test_every_update_is_made_in_place_and_is_there(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, _tagged(sample))
    for change in _updates(account, made, sample):
        wanted = changed(made.inputs, change)
        found = account.changes(made, wanted)
        assert found, f"{change} is not seen"
        assert [each for each in found if each.replaces] == [], change
        made = account.update(made, wanted)
        assert account.changes(made, wanted) == [], change
        assert _lost(account, sample, made, wanted) == {}, change


@_parameters(_CHANGING)
def test_change_behind_the_provider_is_read_found_and_put_right(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, _tagged(sample))
    for change in _updates(account, made, sample):
        if not change.keys() & sample.inputs.keys() and next(iter(change)) in facts(made.type).inputs:
            continue  # what the program leaves to AWS is no drift
        account.meddle(made, changed(made.inputs, change))
        drifted = account.refreshed(made)
        assert drifted is not None
        assert account.changes(drifted, made.inputs), f"{change} is not found"
        made = account.update(drifted, made.inputs)
        assert _lost(account, sample, made, made.inputs) == {}, change


def _updates(account: Probe, made: Made, sample: Sample) -> list[dict[str, Any]]:
    tags = [{"tags.sample": "two"}, {"tags.more": "1"}, {"tags.sample": None}]
    return [*(tags if account.resource(made.type).keeps_tags else []), *(account.inputs(made.type, change) for change in sample.updates)]


@_parameters([each for each in _ALL if each[2].replaces])
def test_every_replacing_change_is_reported_as_one(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, _tagged(sample))
    for change in sample.replaces:
        found = account.changes(made, changed(made.inputs, account.inputs(made.type, change)))
        assert [each.path for each in found if each.replaces], f"{change}: {found}"


@_parameters([each for each in _ALL if each[2].refused])
def test_update_that_the_emulator_cannot_make_is_refused_by_name(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, _tagged(sample))
    for change in sample.refused:
        wanted = changed(made.inputs, account.inputs(made.type, change))
        name = next(iter(change)).split(".")[0]
        assert [each for each in account.changes(made, wanted) if each.replaces] == [], change
        with pytest.raises((Refused, InitFailed), match=f"{made.type} .*'{name}[.'].* cannot be changed in place by the local cloud"):
            account.update(made, wanted)
        assert account.changes(made, made.inputs) == []


@_parameters(_ALL)
def test_import_by_id_gives_inputs_with_which_nothing_changes(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, _tagged(sample))
    imported = account.imported(made, sample.import_id)
    checked = account.provider.check(made.target, imported.inputs, imported.inputs, b"seed")
    assert list(checked.failures) == []
    row = ROWS[sample.type]
    tags = set[str]() if account.resource(sample.type).keeps_tags else {"tags", "tagsAll"}
    assert [each for each in account.changes(imported, checked.inputs) if each.path.split(".")[0] not in tags] == []
    unproved = tags | {path.split(".")[0] for path in (*row.unread, *row.not_kept, *sample.imports)}
    assert [each for each in account.changes(imported, made.inputs) if each.path.split(".")[0] not in unproved] == []


@_parameters(_ALL)
def test_deleted_resource_is_gone_and_deleting_it_again_is_no_error(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, _tagged(sample))
    account.delete(made)
    if sample.type not in _STAYS:
        assert account.refreshed(made) is None
    account.delete(made)


@pytest.mark.parametrize(("type", "path"), [(row.type, path) for row in ROWS.values() for path in row.not_kept])
def test_gap_is_one(account: Probe, type: str, path: str) -> None:
    """A newer emulator that keeps the property fails this: then its entry in `not_kept` goes."""
    row, resource, gap = ROWS[type], account.resource(type), ROWS[type].not_kept[path]
    sample = next(each for each in samples()[type] if value_at(each.inputs, path) is not None or path == "tags")
    made = account.create(type, _tagged(sample))
    scope = resource.scope(made.state) | {"id": made.id}
    if gap.refused is not None:
        if gap.refused.operation in {call.operation for call in row.create}:
            account.delete(made)  # else it would be refused for being there
        with pytest.raises(CallFailed):
            resource.call(gap.refused, scope)
    else:
        answer = account.clients.call(row.service, row.read[0].operation, evaluate(row.read[0].request, scope))
        found = evaluate(gap.answer, answer)
        fact = property_at(facts(type).inputs, path)
        assert fact is not None
        assert found is None or not compare.equal(fact, to_property(found, fact), value_at(made.inputs, path))


@_parameters([each for each in _ALL if each[2].refused])
def test_change_that_is_refused_is_not_made_by_the_emulator(account: Probe, sample: Sample) -> None:
    """A newer emulator that makes the change fails this: then the call goes from `not_changed` to `update`."""
    for change in sample.refused:
        known, gap = _not_changed(sample.type, next(iter(change)))
        if gap is None or gap.call is None:
            continue
        made = account.create(sample.type, _tagged(sample))
        wanted = changed(made.inputs, account.inputs(made.type, change))
        resource = account.resource(made.type)
        with suppress(Refused):
            resource.call(gap.call, resource.scope(wanted) | {"id": made.id, "state": made.state})
        found = account.imported(made, sample.import_id)
        assert account.differs(made.type, known.split(".")[0], found.state.get(known.split(".")[0]), wanted.get(known.split(".")[0])), (
            change
        )
        account.delete(made)


def _not_changed(type: str, path: str) -> tuple[str, NotChanged | None]:
    return next(((known, gap) for known, gap in ROWS[type].not_changed.items() if compare.within(path, known)), (path, None))
