"""A stack of one object, and what the engine does with it, with faults between the provider and the API server."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from localcloud.faults import Fault, Faults, Kind
from localcloud.kubernetes.provider import KubernetesProvider
from localcloud.provider.interface import InitFailed, Refused, Target
from localcloud.provider.values import Properties
from tests.local.killed import Killed
from tests.local.kubernetes.conftest import Cluster

_KINDS: tuple[Kind, ...] = ("error", "throttling", "slow", "lost", "killed")
# Each create and destroy looks the kind up, sends, and asks once before or after; how often more it asks for the end of it differs.
ALWAYS_CALLS = 3


@dataclass(frozen=True)
class Sample:
    """Inputs, what changes in them, and where its kind is listed. `calls_of_create`: as many as its create always makes."""

    type: str
    inputs: Properties
    change: Properties
    listed: str
    calls_of_create: int = ALWAYS_CALLS


@dataclass
class OneObject:
    """What the engine does with a stack of one object, and what it knows of it."""

    cluster: Cluster
    sample: Sample
    faults: Faults
    kubeconfig: str
    stored: tuple[str, Properties, Properties] | None = None
    failed: bool = False
    wanted: Properties = field(default_factory=dict)

    @property
    def target(self) -> Target:
        return Target.of(f"urn:pulumi:probe::probe::{self.sample.type}::sample")

    def provider(self) -> KubernetesProvider:
        """As the engine starts one for each update."""
        made = KubernetesProvider()
        made.configure({"kubeconfig": self.kubeconfig})
        return made

    def up(self) -> None:
        provider = self.provider()
        old = self.stored[2] if self.stored else {}
        checked = provider.check(self.target, old, self.wanted, secrets.token_bytes(8))
        assert list(checked.failures) == []
        try:
            if self.stored is None:
                id, state = provider.create(self.target, checked.inputs, preview=False)
            else:
                id, state, _ = self.stored
                found = provider.diff(self.target, id, state, old, checked.inputs).changes
                if not (self.failed or found):
                    return
                assert not [change for change in found if change.replaces]
                state = provider.update(self.target, id, state, old, checked.inputs, preview=False)
        except InitFailed as broken:
            self.stored, self.failed = (broken.id, broken.state, broken.inputs), True
            raise
        self.stored, self.failed = (id, state, checked.inputs), False

    def replace(self) -> None:
        """As the engine does where the names differ: the new one is made before the old one is deleted."""
        assert self.stored is not None
        provider, (old_id, old_state, old) = self.provider(), self.stored
        checked = provider.check(self.target, old, self.wanted, secrets.token_bytes(8))
        assert any(change.replaces for change in provider.diff(self.target, old_id, old_state, old, checked.inputs).changes)
        id, state = provider.create(self.target, checked.inputs, preview=False)
        provider.delete(self.target, old_id, old_state)
        self.stored, self.failed = (id, state, checked.inputs), False

    def destroy(self) -> None:
        if self.stored is not None:
            self.provider().delete(self.target, self.stored[0], self.stored[1])
        self.stored, self.failed = None, False

    def struck(self, fault: Fault, step: Callable[[], None]) -> None:
        """Takes the step while the fault waits for it, and strikes."""
        self.faults.arm(fault)
        with suppress(InitFailed, Refused, Killed):
            step()
        assert not self.faults.armed, f"{fault} did not strike"

    def faults_in(self, step: Callable[[], None], always: int = ALWAYS_CALLS) -> list[Fault]:
        """Each kind after each call that the step makes when nothing goes wrong, but for what it makes beyond `always`: the looks until
        it is done, of which there may be none the next time. The step is taken once."""
        self.faults.arm(Fault("slow", nth=10**6))
        step()
        assert self.faults.calls, "a step without calls meets no faults"
        return [Fault(kind, nth=nth, seconds=0.05) for kind in _KINDS for nth in range(1, min(self.faults.calls, always) + 1)]

    def is_as_wanted(self) -> bool:
        """As the API server has it, not as the provider says."""
        assert self.stored is not None
        name = self.stored[0].rpartition("/")[2]
        return _holds(self.cluster.admin.request("GET", f"{self.sample.listed}/{name}"), self.wanted)

    def names(self) -> set[str]:
        found = self.cluster.admin.request("GET", self.sample.listed)["items"]
        return {cast("str", each["metadata"]["name"]) for each in found}


def _holds(live: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(live, dict):
        members, there = cast("Properties", wanted), cast("Properties", live)
        return all(name in there and _holds(there[name], value) for name, value in members.items())
    return live == wanted
