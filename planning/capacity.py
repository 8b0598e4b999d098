"""How much is needed when one zone is lost: replicas from traffic, nodes from limits, addresses from nodes and pods."""

from dataclasses import dataclass
from ipaddress import IPv4Network

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

# The first four addresses and the last of a subnet are AWS's, so its first and last /28 can be no prefix:
# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
_LOST_PREFIXES = 2


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What may run in an environment: the sum over its tiers."""

    vcpus: int
    """The limit of all node pools together."""
    nodes: int = 0
    """Nodes of the pools that no limit of vCPUs bounds."""
    pods: int
    """The quota of all namespaces together."""


def replicas(*, peak_rps: int, cpu_ms_per_request: int, target_utilisation_percent: int, cpus: int, zones: int) -> int:
    """How many replicas of `cpus` vCPUs answer the peak when one of `zones` is lost: the same number in each zone."""
    # Whole numbers only: a peak that just fits must not need one more for a rounding error.
    needed = _ceil(peak_rps * cpu_ms_per_request * 100, 1000 * target_utilisation_percent * cpus)
    return zones * _ceil(needed, zones - 1)


def prefixes_needed(demand: Demand, zones: int) -> int:
    """/28 prefixes that a zone's private subnet must have: one zone lost, a surge of nodes, a warm prefix on each."""
    nodes = _ceil(_ceil(demand.vcpus, SMALLEST_NODE_VCPUS) + demand.nodes, zones - 1)
    nodes += surge(nodes)
    pods = _ceil(demand.pods, zones - 1) + nodes * _PODS_OF_EACH_NODE
    # Spread as badly as can be, each node has one prefix that is nearly empty.
    spread = _ceil(pods, ADDRESSES_PER_PREFIX) + nodes
    full = nodes * _ceil(_MOST_PODS_PER_NODE, ADDRESSES_PER_PREFIX)
    own_addresses = _ceil(nodes, ADDRESSES_PER_PREFIX)
    return min(spread, full) + nodes * _WARM_PREFIXES + own_addresses


def surge(nodes: int) -> int:
    """Nodes that may stand beside so many while these are replaced."""
    return max(1, _ceil(nodes * _SURGE_PERCENT, 100))


def prefixes_of(subnet: str) -> int:
    """/28 prefixes that a subnet can give. A /24 has 14."""
    return max(0, IPv4Network(subnet).num_addresses // ADDRESSES_PER_PREFIX - _LOST_PREFIXES)


def subnet_for(prefixes: int) -> int:
    """The prefix length of the narrowest subnet that has so many prefixes."""
    addresses = (prefixes + _LOST_PREFIXES) * ADDRESSES_PER_PREFIX
    return 32 - (addresses - 1).bit_length()


def _ceil(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)
