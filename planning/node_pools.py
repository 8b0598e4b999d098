"""What the nodes of a pool are, in the words of EKS Auto Mode, and how they come and go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from planning import catalogue
from planning.capacity import SMALLEST_NODE_VCPUS, surge
from planning.refusal import Refused

Kind: TypeAlias = Literal["platform", "feature-store", "serving", "training-cpu", "gpu"]
Requirement: TypeAlias = Mapping[str, str | Sequence[str]]
Taint: TypeAlias = Mapping[str, str]

LABEL = "ml-platform/node-pool"
"""On every node, its value the pool's kind; and the key of the taint where only the tier's own pods may run."""

# As AWS's own examples taint GPU nodes: https://docs.aws.amazon.com/eks/latest/userguide/ml-node-pools.html, read November 2026.
GPU = "nvidia.com/gpu"
GPU_TAINT: Taint = {"key": GPU, "value": "true", "effect": "NoSchedule"}

ZONE = "topology.kubernetes.io/zone"
BUILT_IN_POOLS = frozenset({"system", "general-purpose"})


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """When nodes go, and how many at once: https://karpenter.sh/docs/concepts/disruption/."""

    consolidation: Literal["WhenEmpty", "WhenEmptyOrUnderutilized"]
    """WhenEmpty: nothing that runs is moved to save money."""
    idle_minutes: int
    """How long a node has had nothing to do before it goes."""
    budget: str
    """Nodes of the pool that may be replaced at once. Karpenter rounds a share up: one at least."""
    grace_hours: int
    """How long pods may hold a node that is to go. Past it they are ended, whatever a disruption budget of theirs says."""

    @property
    def expire_after(self) -> str:
        """A node's age at which it is replaced, so that with the grace it never outlives what Auto Mode allows."""
        return f"{catalogue.NODE_LIFETIME_HOURS - self.grace_hours}h"


LIFECYCLES: Mapping[Kind, Lifecycle] = {
    # Some add-ons have a single pod: one node at a time leaves the others where they are.
    "platform": Lifecycle(consolidation="WhenEmptyOrUnderutilized", idle_minutes=5, budget="1", grace_hours=1),
    # Materialization runs for minutes and starts again where it was.
    "feature-store": Lifecycle(consolidation="WhenEmptyOrUnderutilized", idle_minutes=5, budget="10%", grace_hours=1),
    # Each node that goes takes model servers out of the answer: few at once, and not on every dip of the traffic.
    "serving": Lifecycle(consolidation="WhenEmptyOrUnderutilized", idle_minutes=15, budget="5%", grace_hours=1),
    # Hours of work are lost when a trainer is moved: only patches and age end it, and it has a day to reach a checkpoint. A day
    # is also what Auto Mode gives where nothing is said. The next job of a queue comes within minutes, onto a node that is there.
    "training-cpu": Lifecycle(consolidation="WhenEmpty", idle_minutes=10, budget="10%", grace_hours=24),
    "gpu": Lifecycle(consolidation="WhenEmpty", idle_minutes=10, budget="10%", grace_hours=24),
}


@dataclass(frozen=True, kw_only=True)
class Pool:
    """One NodePool, decided."""

    name: str
    kind: Kind
    requirements: tuple[Requirement, ...]
    limits: Mapping[str, str]
    """All nodes together; the pool grows no further."""
    taints: tuple[Taint, ...] = ()
    replicas: int | None = None
    """So many nodes, whatever pods ask for. None: as many as pods need."""
    vcpus: int = 0
    nodes: int = 0
    """What it may need addresses for (planning/capacity.py): the vCPUs, or where none limits it the nodes."""

    @property
    def lifecycle(self) -> Lifecycle:
        return LIFECYCLES[self.kind]


def growing(kind: Kind, required: tuple[Requirement, ...], *, reserved: bool, cpu_limit: int, memory_limit_gib: int) -> tuple[Pool, ...]:
    """A pool that has as many nodes as pods need, and none where none needs one. `reserved`: only pods that tolerate its taint."""
    limits = {"cpu": str(cpu_limit), "memory": f"{memory_limit_gib}Gi"}
    taints = _own_taint(kind) if reserved else ()
    return (Pool(name=checked_name(kind), kind=kind, requirements=required, limits=limits, taints=taints, vcpus=cpu_limit),)


def static(kind: Kind, required: tuple[Requirement, ...], *, per_zone: int, zones: Sequence[str]) -> tuple[Pool, ...]:
    """A pool for each zone that always has `per_zone` nodes, so that capacity is even. One pool over all zones would not be:
    https://docs.aws.amazon.com/eks/latest/userguide/auto-static-capacity.html, which allows no limit but that of nodes, and asks
    for room above the replicas, for nodes that take the place of others."""
    most = per_zone + surge(per_zone)
    return tuple(
        Pool(
            name=checked_name(f"{kind}-{zone}"),
            kind=kind,
            requirements=checked_requirements((*required, {"key": ZONE, "operator": "In", "values": [zone]})),
            limits={"nodes": str(most)},
            taints=_own_taint(kind),
            replicas=per_zone,
            nodes=most,
        )
        for zone in zones
    )


def gpu(instance_types: Sequence[str], capacity_types: Sequence[str], *, gpu_limit: int) -> tuple[Pool, ...]:
    """A pool of nodes with NVIDIA GPUs, none while nothing asks for one. Auto Mode brings drivers and the device plugin."""
    required = checked_requirements(
        (
            {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": list(instance_types)},
            {"key": "karpenter.sh/capacity-type", "operator": "In", "values": list(capacity_types)},
        )
    )
    fewest = min(catalogue.GPU_INSTANCE_TYPES[name].gpus for name in instance_types)
    most = -(-gpu_limit // fewest)
    return (Pool(name="gpu", kind="gpu", requirements=required, limits={GPU: str(gpu_limit)}, taints=(GPU_TAINT,), nodes=most),)


def checked_name(pool: str) -> str:
    """The name, unless it belongs to a pool of AWS's own. Raises Refused."""
    if pool in BUILT_IN_POOLS:
        raise Refused(got=f"node pool `{pool}`", expected="a name that is not one of AWS's built-in pools", remedy="rename the tier")
    return pool


def requirements(
    *, instance_categories: Sequence[str], architectures: Sequence[str], capacity_types: Sequence[str]
) -> tuple[Requirement, ...]:
    """What instances may be launched: of these kinds, and of a generation whose hypervisor is Nitro, and no smaller than what
    the arithmetic of addresses counts with."""
    return checked_requirements(
        (
            {"key": "eks.amazonaws.com/instance-category", "operator": "In", "values": list(instance_categories)},
            {"key": "eks.amazonaws.com/instance-generation", "operator": "Gt", "values": ["4"]},
            {"key": "eks.amazonaws.com/instance-cpu", "operator": "Gt", "values": [str(SMALLEST_NODE_VCPUS - 1)]},
            {"key": "kubernetes.io/arch", "operator": "In", "values": list(architectures)},
            {"key": "karpenter.sh/capacity-type", "operator": "In", "values": list(capacity_types)},
        )
    )


def checked_requirements(required: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    """The requirements, if Auto Mode acts on all of their keys. Raises Refused: with any other, the pool launches nothing."""
    for requirement in required:
        if requirement["key"] not in catalogue.AUTO_MODE_REQUIREMENT_KEYS:
            raise Refused(
                got=f"requirement `{requirement['key']}`",
                expected="a key that EKS Auto Mode supports",
                remedy="choose one of planning.catalogue.AUTO_MODE_REQUIREMENT_KEYS",
            )
    return required


def _own_taint(kind: Kind) -> tuple[Taint, ...]:
    return ({"key": LABEL, "value": kind, "effect": "NoSchedule"},)
