"""Types that the emulator does not have, with the provider as it is: all their samples, held in the state and nowhere else."""

from __future__ import annotations

import pytest

from localcloud import emulator
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from tests.local.probe import Probe
from tests.local.samples import Sample, changed, samples

each_absent_sample = pytest.mark.parametrize(
    "sample",
    [
        pytest.param(sample, id=f"{type}-{number}")
        for type, row in ROWS.items()
        if row.absent
        for number, sample in enumerate(samples()[type])
    ],
)


@each_absent_sample
def test_what_is_made_differs_in_nothing_and_is_refreshed_as_it_is(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, sample.inputs)
    assert account.changes(made, made.inputs) == []
    again = account.refreshed(made)
    assert again is not None
    assert (again.state, again.inputs) == (made.state, made.inputs)


@each_absent_sample
def test_every_change_is_made_in_place_or_replaces_as_the_facts_say(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, sample.inputs)
    for change in (*sample.updates, *sample.replaces):
        wanted = changed(made.inputs, account.inputs(made.type, change))
        replaces = any(each.replaces for each in account.changes(made, wanted))
        assert replaces is (change in sample.replaces), change
        new = account.replace(made, wanted, delete_first=False) if replaces else account.update(made, wanted)
        assert account.changes(new, wanted) == [], change


@each_absent_sample
def test_the_emulator_holds_nothing_of_it(account: Probe, sample: Sample) -> None:
    given = account.inputs(sample.type, sample.inputs)
    before = emulator.held(Instance.here(), account.account)
    made = account.create(sample.type, given)
    assert emulator.held(Instance.here(), account.account) == before
    account.delete(made)
