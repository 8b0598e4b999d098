"""After each call to the API server a fault strikes; the next `up` converges, and `destroy` leaves nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml

from localcloud.faults import Fault, Faults
from localcloud.instance import Instance
from localcloud.kubernetes import api, control_plane
from localcloud.provider.interface import InitFailed
from localcloud.provider.values import Properties
from tests.local.killed import killer
from tests.local.kubernetes.conftest import Cluster
from tests.local.kubernetes.one_object import OneObject, Sample


def _hard(cpu: str) -> Properties:
    return {"spec": {"hard": {"requests.cpu": cpu}}}


SAMPLES = {
    "automatic name": Sample(
        "kubernetes:core/v1:ConfigMap",
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": "1"}}},
        {"metadata": {"labels": {"a": "2"}}},
        "/api/v1/namespaces/default/configmaps",
    ),
    "waited for": Sample(
        "kubernetes:core/v1:ResourceQuota",
        {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "faults"}, **_hard("1")},
        _hard("2"),
        "/api/v1/namespaces/default/resourcequotas",
        # A new quota has no status yet: it is asked for once at least.
        calls_of_create=4,
    ),
    "custom resource": Sample(
        "kubernetes:karpenter.sh/v1:NodePool",
        {
            "apiVersion": "karpenter.sh/v1",
            "kind": "NodePool",
            "metadata": {"name": "faults"},
            "spec": {
                "template": {
                    "spec": {"nodeClassRef": {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "n"}, "requirements": list[str]()}
                }
            },
        },
        {"metadata": {"name": "faults", "labels": {"a": "1"}}},
        "/apis/karpenter.sh/v1/nodepools",
    ),
}


@pytest.fixture(params=SAMPLES)
def one(request: pytest.FixtureRequest, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[OneObject]:
    faults = Faults(cluster.instance, killer(monkeypatch))

    def injected(_: Instance) -> Faults:
        return faults

    monkeypatch.setattr(api, "Faults", injected)
    kubeconfig = yaml.safe_load(control_plane.admin_kubeconfig(cluster.instance, cluster.key).read_text())
    made = OneObject(cluster, SAMPLES[request.param], faults, json.dumps(kubeconfig))
    made.wanted = made.sample.inputs
    yield made
    faults.arm()
    made.destroy()


def test_up_after_a_fault_in_create_converges_and_destroy_leaves_nothing(one: OneObject) -> None:
    before = one.names()
    faults = one.faults_in(one.up, one.sample.calls_of_create)
    one.destroy()
    for fault in faults:
        one.struck(fault, one.up)
        one.up()
        assert one.is_as_wanted(), f"{fault} in create"
        assert len(one.names() - before) == 1, f"{fault} in create"
        one.destroy()
        assert one.names() == before, f"{fault} in create"


def test_destroy_directly_after_a_lost_answer_in_create_leaves_nothing(one: OneObject) -> None:
    before = one.names()
    faults = one.faults_in(one.up, one.sample.calls_of_create)
    one.destroy()
    for fault in (each for each in faults if each.fault == "lost"):
        one.struck(fault, one.up)
        one.destroy()
        assert one.names() == before, f"{fault} in create"


def test_up_after_a_fault_in_update_converges(one: OneObject) -> None:
    one.up()
    one.wanted = {**one.sample.inputs, **one.sample.change}
    faults = one.faults_in(one.up)
    for fault in faults:
        # There and back: each update changes something.
        one.wanted = one.sample.inputs if one.wanted != one.sample.inputs else {**one.sample.inputs, **one.sample.change}
        one.struck(fault, one.up)
        one.up()
        assert one.is_as_wanted(), f"{fault} in update"


def test_destroy_after_a_fault_in_destroy_leaves_nothing(one: OneObject) -> None:
    before = one.names()
    one.up()
    for fault in one.faults_in(one.destroy):
        one.up()
        one.struck(fault, one.destroy)
        one.destroy()
        assert one.names() == before, f"{fault} in destroy"


def test_object_that_was_begun_under_another_name_is_handed_over_to_be_replaced(one: OneObject) -> None:
    before = one.names()
    one.struck(Fault("killed", "PATCH"), one.up)
    one.wanted = {**one.sample.inputs, "metadata": {"name": "renamed"}}
    with pytest.raises(InitFailed, match="run `pulumi up` again, it replaces it"):
        one.up()
    assert len(one.names() - before) == 1
    one.replace()
    assert one.names() - before == {"renamed"}
    assert one.is_as_wanted()
    one.destroy()
    assert one.names() == before


def test_request_that_was_throttled_is_sent_again(one: OneObject) -> None:
    one.faults.arm(Fault("throttling", "PATCH"))
    one.up()
    assert not one.faults.armed
