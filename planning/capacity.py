"""How much is needed when one zone is lost: replicas from traffic, nodes from limits, addresses from nodes and pods."""

from dataclasses import dataclass
from ipaddress import IPv4Network

from planning.subnets import NARROWEST_SUBNET_PREFIX, reserved

SMALLEST_NODE_VCPUS = 4
"""No node is smaller (planning/node_pools.py asks for it): so a limit of vCPUs is a limit of nodes, and of their addresses."""

# https://docs.aws.amazon.com/eks/latest/userguide/auto-networking.html, read November 2026: Auto Mode gives pods addresses from
# /28 prefixes, and keeps one prefix ahead on each node.
ADDRESSES_PER_PREFIX = 16
_WARM_PREFIXES = 1
_MOST_PODS_PER_NODE = 110

# Agents that run on every node (log and metric collectors, secret and volume drivers): ours, allowed for, not measured.
_PODS_OF_EACH_NODE = 10

PODS_OF_EACH_CLUSTER = 20
"""What add-ons run beside those agents, in namespaces that have no quota: ours, allowed for, not measured."""

# Karpenter replaces at most a tenth of a pool's nodes at once, and one at least: https://karpenter.sh/docs/concepts/disruption/.
_SURGE_PERCENT = 10

# The first four addresses and the last of a subnet are AWS's: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html.
# The last is in the highest of the reserved blocks, and its /28 can be no prefix.
_FIRST_OF_AWS = 4
_LOST_PREFIXES = 1

# What else takes single addresses of a private subnet: what AWS recommends to keep for a cluster's own network interfaces
# (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html) and for an Application Load Balancer to grow into
# (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html); both read November 2026.
_OF_EACH_CLUSTER = 16
_OF_EACH_LOAD_BALANCER = 8
# Internal ones: ours, allowed for. One that faces the internet is in the public subnets.
_LOAD_BALANCERS_OF_EACH_CLUSTER = 1


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What may run in an environment: the sum over its tiers."""

    vcpus: int
    """The limit of all node pools together."""
    nodes: int = 0
    """Nodes of the pools that no limit of vCPUs bounds."""
    pods: int
    """The quota of all namespaces together."""
    clusters: int
    endpoints: int
    """Interface endpoints: each has an address in every private subnet."""


def replicas(*, peak_rps: int, cpu_ms_per_request: int, target_utilisation_percent: int, cpus: int, zones: int) -> int:
    """How many replicas of `cpus` vCPUs answer the peak when one of `zones` is lost: the same number in each zone."""
    # Whole numbers only: a peak that just fits must not need one more for a rounding error.
    needed = _ceil(peak_rps * cpu_ms_per_request * 100, 1000 * target_utilisation_percent * cpus)
    return zones * _ceil(needed, zones - 1)


def prefixes_needed(demand: Demand, zones: int) -> int:
    """/28 prefixes that a zone's private subnet must have: one zone lost, a surge of nodes, a warm prefix on each."""
    nodes = _nodes(demand, zones)
    pods = _ceil(demand.pods, zones - 1) + nodes * _PODS_OF_EACH_NODE
    # Spread as badly as can be, each node has one prefix that is nearly empty.
    spread = _ceil(pods, ADDRESSES_PER_PREFIX) + nodes
    full = nodes * _ceil(_MOST_PODS_PER_NODE, ADDRESSES_PER_PREFIX)
    return min(spread, full) + nodes * _WARM_PREFIXES


def singles_needed(demand: Demand, zones: int) -> int:
    """Single addresses that a zone's private subnet must have: nodes', with one zone lost and a surge, clusters', load balancers' and
    interface endpoints'. One for each node: further network interfaces, which Auto Mode adds to a node when it has to, are not counted.
    """
    of_clusters = demand.clusters * (_OF_EACH_CLUSTER + _LOAD_BALANCERS_OF_EACH_CLUSTER * _OF_EACH_LOAD_BALANCER)
    return _nodes(demand, zones) + of_clusters + demand.endpoints


def surge(nodes: int) -> int:
    """Nodes that may stand beside so many while these are replaced."""
    return max(1, _ceil(nodes * _SURGE_PERCENT, 100))


def prefixes_of(subnet: str) -> int:
    """/28 prefixes that a private subnet gives whatever else is in it: those of its reserved blocks. A /24 has 14."""
    return max(0, _reserved_addresses(subnet) // ADDRESSES_PER_PREFIX - _LOST_PREFIXES)


def singles_of(subnet: str) -> int:
    """Addresses of a private subnet that are not reserved for prefixes. A /24 has 12."""
    return IPv4Network(subnet).num_addresses - _reserved_addresses(subnet) - _FIRST_OF_AWS


def subnet_for(*, prefixes: int, singles: int) -> int:
    """The prefix length of the narrowest private subnet that has so many of both."""
    lengths = range(NARROWEST_SUBNET_PREFIX, 0, -1)
    return next(length for length in lengths if prefixes_of(f"0.0.0.0/{length}") >= prefixes and singles_of(f"0.0.0.0/{length}") >= singles)


def _nodes(demand: Demand, zones: int) -> int:
    """Nodes that a zone may have: its part of all of them with one zone lost, and those that a surge adds."""
    nodes = _ceil(_ceil(demand.vcpus, SMALLEST_NODE_VCPUS) + demand.nodes, zones - 1)
    return nodes + surge(nodes)


def _reserved_addresses(subnet: str) -> int:
    return sum(IPv4Network(block).num_addresses for block in reserved(subnet))


def _ceil(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)
