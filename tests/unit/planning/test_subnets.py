from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.capacity import prefixes_of, singles_of, subnet_for
from planning.refusal import Refused
from planning.subnets import MOST_ZONES, ZoneSubnets, overlap, plan, reserved, service_address, vpc_for

ZONES = ("a", "b", "c", "d")


def test_a_slash_16_is_cut_as_documented() -> None:
    assert plan("10.20.0.0/16", ("a", "b")) == (
        ZoneSubnets(
            zone="a",
            public="10.20.128.0/22",
            private="10.20.0.0/19",
            data="10.20.144.0/22",
            prefixes=("10.20.2.0/23", "10.20.4.0/22", "10.20.8.0/21", "10.20.16.0/20"),
        ),
        ZoneSubnets(
            zone="b",
            public="10.20.132.0/22",
            private="10.20.32.0/19",
            data="10.20.148.0/22",
            prefixes=("10.20.34.0/23", "10.20.36.0/22", "10.20.40.0/21", "10.20.48.0/20"),
        ),
    )


RANGES = st.builds(
    lambda address, length: str(IPv4Network((address, length), strict=False)), st.integers(0, 2**32 - 1), st.integers(16, 22)
)


@given(RANGES, st.integers(1, MOST_ZONES))
def test_subnets_lie_in_the_vpc_and_apart(cidr: str, zones: int) -> None:
    subnets = [IPv4Network(each) for zone in plan(cidr, ZONES[:zones]) for each in (zone.public, zone.private, zone.data)]
    assert len(subnets) == 3 * zones
    assert all(subnet.subnet_of(IPv4Network(cidr)) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@given(RANGES, st.integers(1, MOST_ZONES - 1))
def test_adding_a_zone_last_moves_no_subnet(cidr: str, zones: int) -> None:
    assert plan(cidr, ZONES[: zones + 1])[:zones] == plan(cidr, ZONES[:zones])


@given(RANGES, st.integers(1, MOST_ZONES))
def test_reserved_blocks_lie_in_their_private_subnet_and_apart(cidr: str, zones: int) -> None:
    for zone in plan(cidr, ZONES[:zones]):
        blocks = [IPv4Network(block) for block in zone.prefixes]
        assert blocks
        assert all(block.subnet_of(IPv4Network(zone.private)) for block in blocks)
        assert not any(one.overlaps(other) for one, other in combinations(blocks, 2))


@given(RANGES)
def test_reserved_blocks_are_whole_prefixes(cidr: str) -> None:
    (zone,) = plan(cidr, ("a",))
    assert all(IPv4Network(block).prefixlen <= 28 for block in zone.prefixes)


@given(RANGES)
def test_all_but_the_first_sixteenth_of_a_private_subnet_is_reserved_and_never_its_first_prefix(cidr: str) -> None:
    (zone,) = plan(cidr, ("a",))
    whole = IPv4Network(zone.private).num_addresses
    left = whole - sum(IPv4Network(block).num_addresses for block in zone.prefixes)
    assert left == max(whole // 16, 16)
    assert IPv4Network(zone.prefixes[0])[0] == IPv4Network(zone.private)[left]


def test_a_subnet_of_one_prefix_keeps_it_for_single_addresses() -> None:
    assert reserved("10.0.0.0/28") == ()


@given(st.integers(1, 479), st.integers(1, 508))
def test_the_vpc_that_is_proposed_has_private_subnets_with_enough_addresses(prefixes: int, singles: int) -> None:
    length = vpc_for(subnet_for(prefixes=prefixes, singles=singles))
    assert length is not None
    (zone,) = plan(f"10.0.0.0/{length}", ("a",))
    assert prefixes_of(zone.private) >= prefixes
    assert singles_of(zone.private) >= singles


@pytest.mark.parametrize(("prefixes", "singles"), [(480, 1), (1, 509)])
def test_no_vpc_is_proposed_where_none_is_wide_enough(prefixes: int, singles: int) -> None:
    assert vpc_for(subnet_for(prefixes=prefixes, singles=singles)) is None


@pytest.mark.parametrize(
    ("cidr", "said"),
    [
        ("10.0.0.0/15", "got 10.0.0.0/15; expected /16 or narrower (a limit of AWS); use 10.0.0.0/16"),
        ("10.0.0.0/23", "public subnets would be /29; expected subnets of /28 or wider (a limit of AWS); use 10.0.0.0/22"),
        ("10.0.3.0/24", "use 10.0.0.0/22"),
    ],
)
def test_a_range_that_does_not_fit_is_refused_with_the_nearest_that_does(cidr: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        plan(cidr, ("a", "b"))
    assert said in str(refused.value)


@pytest.mark.parametrize("zones", [(), ("a", "b", "c", "d", "e")])
def test_a_number_of_zones_without_room_is_refused(zones: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match=f"got {len(zones)} zones; expected 1 to 4"):
        plan("10.0.0.0/16", zones)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("10.0.0.0/16", "10.0.255.0/24", True), ("10.0.0.0/16", "10.1.0.0/16", False), ("10.0.0.0/24", "10.0.0.0/16", True)],
)
def test_overlap(one: str, other: str, expected: bool) -> None:
    assert overlap(one, other) is expected


def test_dns_is_on_the_tenth_service_address() -> None:
    assert service_address("172.20.0.0/16", 10) == "172.20.0.10/32"
