"""Every row, live: what is sent comes back, every property can be changed as AWS would, drift is found, and nothing stays."""

from __future__ import annotations

import pytest

from localcloud.aws.facts import facts
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from localcloud.kubernetes import control_plane
from localcloud.provider.interface import InitFailed, Refused
from tests.local.probe import DEFAULT_TAGS, REGION, Probe
from tests.local.rows.cases import STAYS, every_sample, is_changed_in_place, tagged, updates
from tests.local.samples import Sample, changed, samples

# What is to be deleted for something of STAYS to be gone.
_PARENT = {
    "ec2": ("delete_vpc", "{VpcId: vpcId}"),
    "s3": ("delete_bucket", "{Bucket: bucket}"),
    "secretsmanager": ("delete_secret", "{SecretId: secretId, ForceDeleteWithoutRecovery: `true`}"),
    "sns": ("delete_topic", "{TopicArn: topic || arn}"),
}


@every_sample()
def test_everything_given_is_there_and_nothing_differs(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, tagged(sample))
    assert account.lost(sample, made) == {}
    assert account.changes(made, made.inputs) == []
    if ROWS[sample.type].tags:
        assert made.state["tagsAll"] == {"sample": "one", **DEFAULT_TAGS}
    again = account.refreshed(made)
    assert again is not None
    assert (again.state, again.inputs) == (made.state, made.inputs)


@every_sample(is_changed_in_place)
def test_every_update_is_made_in_place_and_is_there(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, tagged(sample))
    for change in updates(account, made, sample):
        wanted = changed(made.inputs, change)
        found = account.changes(made, wanted)
        assert found, f"{change} is not seen"
        assert [each for each in found if each.replaces] == [], change
        made = account.update(made, wanted)
        assert account.changes(made, wanted) == [], change
        assert account.lost(sample, made) == {}, change


@every_sample(is_changed_in_place)
def test_change_behind_the_provider_is_read_found_and_put_right(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, tagged(sample))
    for change in updates(account, made, sample):
        if not change.keys() & sample.inputs.keys() and next(iter(change)) in facts(made.type).inputs:
            continue  # what the program leaves to AWS is no drift
        account.meddle(made, changed(made.inputs, change))
        drifted = account.refreshed(made)
        assert drifted is not None
        assert account.changes(drifted, made.inputs), f"{change} is not found"
        made = account.update(drifted, made.inputs)
        assert account.lost(sample, made) == {}, change


@every_sample(lambda sample: sample.drifts)
def test_change_that_the_provider_cannot_make_is_found_too(account: Probe, sample: Sample) -> None:
    for drift in sample.drifts:
        made = account.create(sample.type, tagged(sample))
        account.call(made, drift.operation, drift.request, changed(made.inputs, account.inputs(made.type, drift.change)))
        drifted = account.refreshed(made)
        assert drifted is not None
        name = next(iter(drift.change)).split(".")[0]
        assert {each.path.split(".")[0] for each in account.changes(drifted, made.inputs)} == {name}
        account.delete(made)


@every_sample(lambda sample: sample.type not in STAYS)
def test_what_was_deleted_behind_the_provider_is_missed_and_made_again(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, tagged(sample))
    account.delete_behind(made)
    assert account.refreshed(made) is None
    again = account.create(sample.type, tagged(sample))
    assert account.lost(sample, again) == {}


@every_sample(lambda sample: sample.type in STAYS and "$group" not in str(sample.inputs))
def test_what_went_with_its_parent_is_missed(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, tagged(sample))
    account.call(made, *_PARENT[ROWS[sample.type].service], made.inputs)
    assert account.refreshed(made) is None


@every_sample(lambda sample: sample.refused)
def test_update_that_the_emulator_cannot_make_is_refused_by_name(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, tagged(sample))
    for change in sample.refused:
        wanted = changed(made.inputs, account.inputs(made.type, change))
        name = next(iter(change)).split(".")[0]
        assert [each for each in account.changes(made, wanted) if each.replaces] == [], change
        with pytest.raises((Refused, InitFailed), match=f"{made.type} .*'{name}[.'].* cannot be changed in place by the local cloud"):
            account.update(made, wanted)
        assert account.changes(made, made.inputs) == []


@every_sample()
def test_import_by_id_gives_inputs_with_which_nothing_changes(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, tagged(sample))
    imported = account.imported(made, sample.import_id)
    checked = account.provider.check(made.target, imported.inputs, imported.inputs, b"seed")
    assert list(checked.failures) == []
    row = ROWS[sample.type]
    tags = set[str]() if account.resource(sample.type).keeps_tags else {"tags", "tagsAll"}
    assert [each for each in account.changes(imported, checked.inputs) if each.path.split(".")[0] not in tags] == []
    unproved = tags | {path.split(".")[0] for path in (*row.unread, *row.not_kept, *sample.imports)}
    assert [each for each in account.changes(imported, made.inputs) if each.path.split(".")[0] not in unproved] == []


@every_sample()
def test_deleted_resource_is_gone_and_deleting_it_again_is_no_error(account: Probe, sample: Sample) -> None:
    made = account.create(sample.type, tagged(sample))
    account.delete(made)
    if sample.type not in STAYS:
        assert account.refreshed(made) is None
    account.delete(made)


def test_cluster_makes_the_round_trip_with_its_control_plane_too(cloud: Instance, account_with_control_planes: Probe) -> None:
    account, sample = account_with_control_planes, samples()["aws:eks/cluster:Cluster"][0]
    key = control_plane.ClusterKey(account.account, REGION, sample.inputs["name"])
    made = account.create(sample.type, tagged(sample))
    endpoint = control_plane.endpoint(cloud, key)
    assert endpoint is not None
    assert (made.state["endpoint"], made.state["certificateAuthority"]) == (endpoint.url, {"data": endpoint.ca_data})
    assert account.lost(sample, made) == {}
    made = account.update(made, changed(made.inputs, {"tags.sample": "two"}))
    again = account.refreshed(made)
    assert again is not None
    assert (again.state, again.inputs) == (made.state, made.inputs)
    assert account.imported(made).state["endpoint"] == endpoint.url
    account.delete(made)
    assert account.refreshed(made) is None
    assert control_plane.endpoint(cloud, key) is None
