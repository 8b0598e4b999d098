"""After each call of each row a fault strikes; the next `up` converges, and `destroy` leaves nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from localcloud import emulator, toolchain
from localcloud.aws import check, compare, engine
from localcloud.aws.clients import Clients
from localcloud.aws.facts import facts
from localcloud.aws.resource import Account, Resource
from localcloud.aws.rows import ROWS
from localcloud.faults import Fault, Faults, Kind
from localcloud.instance import Instance
from localcloud.kubernetes import control_plane
from localcloud.leftovers import leftovers
from localcloud.provider.interface import InitFailed, Refused
from localcloud.provider.values import Properties
from tests.local.killed import Killed, killer
from tests.local.probe import DEFAULT_TAGS, REGION, Probe, probe
from tests.local.samples import Sample, changed, samples

_accounts = itertools.count(500000000001)
_KINDS: tuple[Kind, ...] = ("error", "throttling", "slow", "lost", "killed")
_SLOW_SECONDS = 0.05
_CLUSTER = "aws:eks/cluster:Cluster"
_WITH_CONTROL_PLANE = ROWS[_CLUSTER]

_SAMPLES = [
    pytest.param(sample, id=f"{type}-{number}" if number else type)
    for type, row in sorted(ROWS.items())
    if not row.absent
    for number, sample in enumerate(samples()[type])
]
each_sample = pytest.mark.parametrize("sample", _SAMPLES)
each_updatable_sample = pytest.mark.parametrize("sample", [each for each in _SAMPLES if cast("Sample", each.values[0]).updates])


@dataclass
class OneResource:
    """What the engine does with a stack of one resource, and what it knows of it."""

    account: Probe
    sample: Sample
    faults: Faults
    clients: Clients
    stored: tuple[str, Properties, Properties] | None = None
    failed: bool = False
    with_control_plane: bool = False
    inputs: Properties = field(default_factory=dict)

    def resource(self) -> Resource:
        """As a provider that was just started sees it."""
        type = self.sample.type
        row = _WITH_CONTROL_PLANE if self.with_control_plane else ROWS[type]
        return Resource(row, facts(type), self.clients, Account(self.account.account, REGION, DEFAULT_TAGS, Instance.here()))

    def wants(self, given: Properties) -> None:
        row, fact = ROWS[self.sample.type], facts(self.sample.type)
        resolved = self.account.inputs(self.sample.type, given)
        self.inputs = check.named(row, fact, "sample", self.stored[2] if self.stored else {}, resolved, b"seed")

    def up(self) -> None:
        resource = self.resource()
        try:
            if self.stored is None:
                urn = f"urn:pulumi:{self.account.account}::probe::{self.sample.type}::sample"
                id, state = engine.create(resource, urn, self.inputs)
            else:
                id, state, old = self.stored
                found = compare.changes(resource.row, resource.fact, state, old, self.inputs)
                if not (self.failed or found):
                    return
                assert not [change for change in found if change.replaces]
                state = engine.update(resource, id, state, old, self.inputs)
        except InitFailed as broken:
            self.stored, self.failed = (broken.id, broken.state, broken.inputs), True
            raise
        self.stored, self.failed = (id, state, self.inputs), False

    def destroy(self) -> None:
        if self.stored is not None:
            engine.delete(self.resource(), self.stored[0], self.stored[1])
        self.stored, self.failed = None, False

    def calls(self, step: Callable[[], None]) -> int:
        """How many calls the step makes when nothing goes wrong."""
        self.faults.arm(Fault("slow", nth=10**6))
        step()
        return self.faults.calls

    def struck(self, fault: Fault, step: Callable[[], None]) -> None:
        """Takes the step while the fault waits for it, and strikes."""
        self.faults.arm(fault)
        with suppress(InitFailed, Refused, Killed):
            step()
        assert not self.faults.armed, f"{fault} did not strike"

    def differences(self) -> list[str]:
        assert self.stored is not None
        id, _, inputs = self.stored
        found = engine.read(self.resource(), id, {}, inputs)
        assert found is not None, f"{id} is not there"
        return [change.path for change in compare.changes(ROWS[self.sample.type], facts(self.sample.type), found, inputs, self.inputs)]

    def orphans(self) -> set[str]:
        held = emulator.held(Instance.here(), self.account.account)
        return {f"{each.service} {each.name}" for each in leftovers(held) if not each.reason}


@pytest.fixture
def one(cloud: Instance, sample: Sample, monkeypatch: pytest.MonkeyPatch) -> Iterator[OneResource]:
    """A stack of one sample in an account that holds what the sample refers to, without control planes and servers."""
    monkeypatch.setattr(toolchain, "data_plane", lambda: None)
    monkeypatch.setitem(ROWS, _CLUSTER, replace(_WITH_CONTROL_PLANE, hook=None))
    with probe(cloud, str(next(_accounts))) as account:
        faults = Faults(cloud, killer(monkeypatch))
        made = OneResource(account, sample, faults, Clients(REGION, faults))
        made.wants(sample.inputs)
        made.up()
        made.destroy()
        yield made


def _faults(calls: int) -> list[Fault]:
    return [Fault(kind, nth=nth, seconds=_SLOW_SECONDS) for kind in _KINDS for nth in range(1, calls + 1)]


@each_sample
def test_up_after_a_fault_in_create_converges_and_destroy_leaves_nothing(one: OneResource) -> None:
    before = one.orphans()
    calls = one.calls(one.up)
    one.destroy()
    for fault in _faults(calls):
        one.struck(fault, one.up)
        if fault.fault == "lost":
            one.destroy()
            assert one.orphans() - before == set(), f"destroyed directly after {fault} in create"
            one.struck(fault, one.up)
        one.up()
        assert one.differences() == [], f"{fault} in create"
        one.destroy()
        assert one.orphans() - before == set(), f"{fault} in create"


@pytest.mark.parametrize("sample", [pytest.param(samples()[_CLUSTER][0], id="with its control plane")])
@pytest.mark.parametrize("fault", [Fault("lost", "create_cluster"), Fault("killed", "describe_cluster")], ids=lambda fault: fault.fault)
def test_cluster_whose_creation_broke_off_gets_its_control_plane_and_loses_it(one: OneResource, fault: Fault) -> None:
    one.with_control_plane = True
    before = one.orphans()
    one.struck(fault, one.up)
    one.up()
    assert one.differences() == []
    assert [key for key in control_plane.known(Instance.here()) if key.account == one.account.account]
    one.destroy()
    assert not [key for key in control_plane.known(Instance.here()) if key.account == one.account.account]
    assert one.orphans() - before == set()


@each_updatable_sample
def test_up_after_a_fault_in_update_converges(one: OneResource) -> None:
    calls = 1
    for fault in itertools.chain([None], (each for each in _faults(99) if each.nth <= calls)):
        one.wants(one.sample.inputs)
        one.up()
        one.wants(changed(one.sample.inputs, one.sample.updates[0]))
        if fault is None:
            calls = one.calls(one.up)
        else:
            one.struck(fault, one.up)
            one.up()
        assert one.differences() == [], f"{fault} in update"
        one.destroy()


@each_sample
def test_destroy_after_a_fault_in_destroy_leaves_nothing(one: OneResource) -> None:
    before = one.orphans()
    one.up()
    calls = one.calls(one.destroy)
    for fault in _faults(calls):
        one.up()
        one.struck(fault, one.destroy)
        one.destroy()
        assert one.orphans() - before == set(), f"{fault} in destroy"
