"""What the nodes of a tier are, in the words of EKS Auto Mode."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from planning.capacity import SMALLEST_NODE_VCPUS
from planning.catalogue import AUTO_MODE_REQUIREMENT_KEYS, NODE_LIFETIME_HOURS
from planning.refusal import Refused

Requirement: TypeAlias = Mapping[str, str | Sequence[str]]

TIER_LABEL = "ml-platform/tier"
"""On every node, and the key of the taint where only the tier's own pods may run."""

BUILT_IN_POOLS = frozenset({"system", "general-purpose"})
LIFETIME = f"{NODE_LIFETIME_HOURS}h"


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
        if requirement["key"] not in AUTO_MODE_REQUIREMENT_KEYS:
            raise Refused(
                got=f"requirement `{requirement['key']}`",
                expected="a key that EKS Auto Mode supports",
                remedy="choose one of planning.catalogue.AUTO_MODE_REQUIREMENT_KEYS",
            )
    return required
