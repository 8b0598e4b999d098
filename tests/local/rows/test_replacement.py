"""Every change that replaces, carried out live: the new one is there as it was wanted, and the old one is gone."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.provider.interface import Refused
from tests.local.probe import Made, Probe
from tests.local.rows.cases import STAYS, every_sample, tagged
from tests.local.samples import Sample, changed, samples

# The engine makes the new one first, unless both have a given name, or the provider says otherwise; of these the official one does not
# (its resource overrides, v7): a program has to ask for `delete_before_replace`.
_ONE_AT_A_TIME = {
    ("aws:eks/accessEntry:AccessEntry", "type"): "a cluster has one entry per principal: the second is refused",
    ("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "kinesisSourceConfiguration.kinesisStreamArn"): "the name is taken",
    ("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "kinesisSourceConfiguration.roleArn"): "the name is taken",
    ("aws:s3/bucket:Bucket", "objectLockEnabled"): "the name is taken",
    ("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "accessScope.type"): (
        "an entry has a policy once: making it changes the old one, and deleting the old one takes it away"
    ),
}


def _wanted(account: Probe, made: Made, change: dict[str, Any]) -> dict[str, Any]:
    return changed(made.inputs, account.inputs(made.type, change))


@every_sample(lambda sample: sample.replaces)
def test_every_replacing_change_makes_a_new_one_and_deletes_the_old(account: Probe, sample: Sample) -> None:
    for change in sample.replaces:
        made = account.create(sample.type, tagged(sample))
        wanted = _wanted(account, made, change)
        found = account.difference(made, wanted)
        assert [each.path for each in found.changes if each.replaces], f"{change}: {found}"
        delete_first = found.delete_before_replace or (sample.type, next(iter(change))) in _ONE_AT_A_TIME
        new = account.replace(made, wanted, delete_first=delete_first)
        assert account.lost(sample, new) == {}, change
        assert account.changes(new, wanted) == [], change
        if sample.type not in STAYS and new.id != made.id:
            assert account.refreshed(made) is None, change
        assert new.id != made.id or delete_first, f"{change}: deleting the old one deletes the new one"
        account.delete(new)
        assert sample.type in STAYS or account.refreshed(new) is None, change


@every_sample(lambda sample: sample.refused)
def test_what_the_emulator_cannot_change_can_be_deleted_and_made_anew(account: Probe, sample: Sample) -> None:
    for change in sample.refused:
        made = account.create(sample.type, tagged(sample))
        new = account.replace(made, _wanted(account, made, change), delete_first=True)
        assert account.lost(sample, new) == {}, change
        account.delete(new)


@pytest.mark.parametrize(("type", "path"), _ONE_AT_A_TIME)
def test_one_at_a_time_is_needed(account: Probe, type: str, path: str) -> None:
    """Where the new one can be made beside the old one, the entry in `_ONE_AT_A_TIME` goes."""
    sample, change = next((sample, change) for sample in samples()[type] for change in sample.replaces if path in change)
    made = account.create(type, tagged(sample))
    try:
        new = account.replace(made, _wanted(account, made, change), delete_first=False)
    except Refused:
        return
    assert account.refreshed(new) is None
