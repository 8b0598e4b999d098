"""Which addresses go where in a VPC.

The range is always cut for four zones, however many are used, so that a zone can be added without moving a subnet
(moving one replaces everything in it):

    /N   the VPC
    ├─ lower half          private, four times /(N+3): nodes and pods, which take by far the most addresses
    │  ├─ first sixteenth     single addresses: nodes, load balancers, endpoints; a /28 at least
    │  └─ the rest            reserved for the /28 prefixes that pods' addresses come from
    └─ upper half
       ├─ first eighth     public, four times /(N+6): load balancers and NAT gateways
       ├─ second eighth    data, four times /(N+6): databases and caches
       └─ the rest         left free
"""

from dataclasses import dataclass
from ipaddress import IPv4Network

from planning.refusal import Refused

MOST_ZONES = 4
WIDEST_VPC_PREFIX = 16
NARROWEST_SUBNET_PREFIX = 28

_PRIVATE_BITS = 3
_SMALL_BITS = 6
_SINGLES_BITS = 4
_NARROWEST_VPC_PREFIX = NARROWEST_SUBNET_PREFIX - _SMALL_BITS


@dataclass(frozen=True)
class ZoneSubnets:
    """The three subnets of one availability zone, as CIDR blocks."""

    zone: str
    public: str
    private: str
    data: str
    prefixes: tuple[str, ...]
    """The blocks of `private` from which AWS takes prefixes and no single address."""


def plan(cidr: str, zones: tuple[str, ...]) -> tuple[ZoneSubnets, ...]:
    """The subnets of each zone, in the order of `zones`.

    Guarantees that no two overlap, that all lie in `cidr`, and that a zone's subnets do not depend on the zones after it;
    of a zone's reserved blocks, that no two overlap, that all lie in its private subnet, and that each is a number of whole /28s.
    Raises Refused for a range that AWS does not allow or that is too small, and for no zone or too many.
    """
    vpc = _vpc(cidr)
    if not 1 <= len(zones) <= MOST_ZONES:
        raise Refused(got=f"{len(zones)} zones", expected=f"1 to {MOST_ZONES}", remedy="name as many zones")
    upper = list(vpc.subnets(prefixlen_diff=1))[1]
    public_range, data_range = list(upper.subnets(prefixlen_diff=3))[:2]
    private = list(vpc.subnets(prefixlen_diff=_PRIVATE_BITS))
    public = list(public_range.subnets(prefixlen_diff=2))
    data = list(data_range.subnets(prefixlen_diff=2))
    return tuple(
        ZoneSubnets(
            zone=zone,
            public=str(public[index]),
            private=str(private[index]),
            data=str(data[index]),
            prefixes=reserved(str(private[index])),
        )
        for index, zone in enumerate(zones)
    )


def reserved(private: str) -> tuple[str, ...]:
    """The blocks of a private subnet that are reserved for prefixes, lowest first: all of it but the first sixteenth, or /28.

    A /28 has none. They are the same whatever runs in the subnet, so that no change of a limit replaces a reservation.
    """
    subnet = IPv4Network(private)
    singles = next(subnet.subnets(new_prefix=min(subnet.prefixlen + _SINGLES_BITS, NARROWEST_SUBNET_PREFIX)))
    return tuple(str(block) for block in sorted(subnet.address_exclude(singles)))


def vpc_for(private_prefix: int) -> int | None:
    """The prefix length of the narrowest VPC whose private subnets are as wide as `private_prefix`; None when no VPC is."""
    prefix = min(private_prefix - _PRIVATE_BITS, _NARROWEST_VPC_PREFIX)
    return prefix if prefix >= WIDEST_VPC_PREFIX else None


def overlap(one: str, other: str) -> bool:
    """Whether two CIDR blocks share an address."""
    return IPv4Network(one).overlaps(IPv4Network(other))


DNS_ADDRESS = 10
"""Which address of a cluster's service range is that of DNS."""


def service_address(service_cidr: str, number: int) -> str:
    """The `number`th address of a cluster's service range, as a /32. EKS puts the cluster's DNS on the tenth."""
    return f"{IPv4Network(service_cidr)[number]}/32"


def _vpc(cidr: str) -> IPv4Network:
    vpc = IPv4Network(cidr)
    if vpc.prefixlen < WIDEST_VPC_PREFIX:
        nearest = IPv4Network((vpc.network_address, WIDEST_VPC_PREFIX))
        raise Refused(got=cidr, expected=f"/{WIDEST_VPC_PREFIX} or narrower (a limit of AWS)", remedy=f"use {nearest}")
    if vpc.prefixlen > _NARROWEST_VPC_PREFIX:
        nearest = IPv4Network((vpc.network_address, _NARROWEST_VPC_PREFIX), strict=False)
        raise Refused(
            got=f"{cidr}, whose public subnets would be /{vpc.prefixlen + _SMALL_BITS}",
            expected=f"subnets of /{NARROWEST_SUBNET_PREFIX} or wider (a limit of AWS)",
            remedy=f"use {nearest}",
        )
    return vpc
