"""The longest chain of waiting in an `up`: the dependency graph of a state, weighted with how long AWS takes to create each type.

What a component's providers wait for is in no state: tests/unit/tiers/test_critical_path.py counts that too.

creation_times.json beside it has [least, typical, most] seconds by type, with where they come from; the typical ones are taken.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

_FOLDED = "an order that is folded into a property (known_after) counts as data here, not as depends_on"

Resource = Mapping[str, Any]
"""A resource as `pulumi stack export` has it."""

_VPC, _SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"
_CACHE, _MEMBER = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/userGroupAssociation:UserGroupAssociation"
_ONE_BY_ONE = frozenset({_MEMBER})
"""ElastiCache refuses a change of a user group while another is under way."""

FORCED = (
    (
        _VPC,
        _SUBNET,
        "aws:eks/cluster:Cluster",
        "kubernetes:eks.amazonaws.com/v1:NodeClass",
        "kubernetes:karpenter.sh/v1:NodePool",
        "aws:eks/addon:Addon",
    ),
    (_VPC, _SUBNET, "aws:rds/subnetGroup:SubnetGroup", "aws:rds/instance:Instance"),
    (_VPC, _SUBNET, "aws:elasticache/subnetGroup:SubnetGroup", _CACHE),
    ("aws:elasticache/user:User", "aws:elasticache/userGroup:UserGroup", _MEMBER, _CACHE),
)
"""What no program can make side by side: each needs the one before it."""


@dataclass(frozen=True)
class Step:
    """One resource on a path."""

    type: str
    name: str
    seconds: float
    waits_explicitly: bool
    """Whether it follows the step before it by `depends_on` alone: no property of it needs that one."""


@dataclass(frozen=True)
class Route:
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        return sum(step.seconds for step in self.steps)


def longest(resources: Iterable[Resource]) -> Route:
    """The path that an `up` of all of them, from nothing, cannot be shorter than. Raises ValueError for a state that is not whole."""
    by_urn = {each["urn"]: each for each in resources if not each.get("delete")}
    waits = {urn: _waits_for(each) for urn, each in by_urn.items()}
    if missing := {other for others in waits.values() for other in others} - by_urn.keys():
        raise ValueError(f"the state lacks {', '.join(sorted(missing))}, which others in it depend on")
    ends: dict[str, float] = {}
    before: dict[str, str | None] = {}
    for urn in TopologicalSorter(waits).static_order():
        before[urn] = max(sorted(waits[urn]), key=ends.__getitem__, default=None)
        ends[urn] = seconds(by_urn[urn]) + ends.get(before[urn] or "", 0)
    urns: list[str] = []
    at = max(ends, key=ends.__getitem__, default=None)
    while at is not None:
        urns.insert(0, at)
        at = before[at]
    return Route(tuple(_step(by_urn[urn], before[urn]) for urn in urns))


def forced(resources: Sequence[Resource]) -> Route:
    """The longest chain that AWS forces on these resources: of each of FORCED the types that are there, its slowest of each, or all of
    those that AWS makes one by one.

    Raises ValueError where there is none.
    """
    routes = [Route(tuple(step for type_ in chain for step in _slowest(type_, resources))) for chain in FORCED]
    found = max(routes, key=lambda route: route.seconds)
    if not found.steps:
        raise ValueError("the state has nothing that AWS forces an order on")
    return found


def seconds(resource: Resource) -> float:
    """How long AWS typically takes to create it; nothing for a component, for a provider, and for what was only looked up."""
    type_ = resource["type"]
    if not resource.get("custom") or resource.get("external"):
        return 0
    listed = _times()["types"].get(type_ + _variant(resource)) or _times()["types"].get(type_)
    by_prefix = (value for prefix, value in _times()["default_by_prefix"].items() if type_.startswith(prefix))
    _, typical, _ = listed or next(by_prefix, _times()["default"])
    return typical


def text(route: Route) -> str:
    """The path, one step a line, with what it costs and where it waits by `depends_on` alone; steps that cost nothing are left out.

    Order that the program folds into a property (components/order.py) looks like data to the engine, and to this: the last line says so.
    """
    lines = [
        f"  {step.seconds:6.1f} s  {step.type}  {step.name}{'  (depends_on alone)' if step.waits_explicitly else ''}"
        for step in route.steps
        if step.seconds or step.waits_explicitly
    ]
    return "\n".join([*lines, f"  {route.seconds:6.1f} s  altogether", f"  {_FOLDED}"])


def _waits_for(resource: Resource) -> set[str]:
    """URNs of what must exist before it is created: not what it is deleted with."""
    provider, parent = resource.get("provider", "").rpartition("::")[0], resource.get("parent", "")
    return {*resource.get("dependencies", ()), *_by_property(resource), *filter(None, (provider, parent))}


def _by_property(resource: Resource) -> set[str]:
    return {urn for urns in resource.get("propertyDependencies", {}).values() for urn in urns or ()}


def _step(resource: Resource, before: str | None) -> Step:
    explicit = before in set(resource.get("dependencies", ())) - _by_property(resource)
    return Step(resource["type"], resource["urn"].rpartition("::")[2], seconds(resource), explicit)


def _slowest(type_: str, resources: Sequence[Resource]) -> list[Step]:
    steps = [_step(each, None) for each in resources if each["type"] == type_ and not each.get("delete")]
    return steps if type_ in _ONE_BY_ONE else [max(steps, key=lambda step: step.seconds)] if steps else []


def _variant(resource: Resource) -> str:
    """Which of the entries of a type that has several, by what was asked for."""
    inputs = resource.get("inputs", {})
    if resource["type"] == "aws:rds/instance:Instance" and inputs.get("multiAz"):
        return "+multiAz"
    # Gateway is AWS's default.
    if resource["type"] == "aws:ec2/vpcEndpoint:VpcEndpoint" and inputs.get("vpcEndpointType", "Gateway") == "Gateway":
        return "+Gateway"
    if resource["type"] == "kubernetes:helm.sh/v3:Release" and inputs.get("skipAwait"):
        return "+skipAwait"
    return ""


@cache
def _times() -> Mapping[str, Any]:
    return json.loads(Path(__file__).with_name("creation_times.json").read_text(encoding="utf-8"))
