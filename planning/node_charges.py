"""What the nodes of a pool cost: instances, EKS Auto Mode's fee for each, and their data volumes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from planning.billed import Resource
from planning.charges import Charge, Stack, times
from planning.node_pools import GPU
from planning.prices import HOURS_PER_MONTH, name

NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
_NODE_CLASS = "kubernetes:eks.amazonaws.com/v1:NodeClass"
_INSTANCE_TYPE = "node.kubernetes.io/instance-type"


def nodes(pool: Resource, stack: Stack) -> Iterator[Charge]:
    """Hours of nodes: those that the usage says; of a static pool its replicas'; else a share of the pool's vCPU limit. Pools that no
    share can be taken of (GPUs) count for what the usage says, and for nothing without."""
    spec: Mapping[str, Any] = pool.inputs.get("spec") or {}
    instance_type = _instance_type(spec) or stack.usage.node_instance_type
    hours = _hours(pool, spec, instance_type, stack)
    if hours == 0:
        return
    yield Charge(f"{instance_type} nodes", name("AmazonEC2", f"BoxUsage:{instance_type}"), hours)
    # The fee comes beside the instance's own price: https://aws.amazon.com/eks/pricing/.
    yield Charge("EKS Auto Mode's fee for them", name("AmazonEKS", f"EKS-Auto:{instance_type}-management-hours"), hours)
    yield Charge("their data volumes", name("AmazonEC2", "EBS:VolumeUsage.gp3"), _gib_months(pool, hours, stack))


def vcpus(instance_type: str) -> int:
    """EC2 doubles from `large` on, which has 2: https://docs.aws.amazon.com/ec2/latest/instancetypes/."""
    size = instance_type.partition(".")[2]
    return 2 if size == "large" else 4 * int(size.removesuffix("xlarge") or 1)


def _hours(pool: Resource, spec: Mapping[str, Any], instance_type: str, stack: Stack) -> Decimal | None:
    said = stack.usage.node_hours_per_month.get(_name(pool))
    if said is not None:
        return Decimal(said)
    if "replicas" in spec:
        return times(pool.number("spec", "replicas"), HOURS_PER_MONTH)
    limits: Mapping[str, Any] = spec.get("limits") or {}
    if GPU in limits:
        return Decimal(0)
    limit = str(limits.get("cpu", ""))
    if not limit.isdecimal():
        return None
    share = Decimal(stack.usage.node_limit_share_percent) / 100
    return Decimal(limit) * share / vcpus(instance_type) * HOURS_PER_MONTH


def _gib_months(pool: Resource, hours: Decimal | None, stack: Stack) -> Decimal | None:
    """The volume is said by the node class beside the pool."""
    sizes = [
        str((each.inputs["spec"].get("ephemeralStorage") or {}).get("size", ""))
        for each in stack.resources
        if each.type == _NODE_CLASS and each.parent == pool.parent
    ]
    found = re.fullmatch(r"(\d+)Gi", sizes[0]) if len(sizes) == 1 else None
    return times(hours, Decimal(found[1]) / HOURS_PER_MONTH) if found else None


def _instance_type(spec: Mapping[str, Any]) -> str | None:
    """The first that the pool names, if it names any."""
    required: Sequence[Mapping[str, Any]] = ((spec.get("template") or {}).get("spec") or {}).get("requirements") or ()
    return next((each["values"][0] for each in required if each.get("key") == _INSTANCE_TYPE), None)


def _name(pool: Resource) -> str:
    metadata: Mapping[str, Any] = pool.inputs.get("metadata") or {}
    return str(metadata.get("name", ""))
