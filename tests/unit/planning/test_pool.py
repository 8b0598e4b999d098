"""Which range a new environment gets: never one that somebody has, and the same one for everybody who asks."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.pool import next_free, numbered
from planning.refusal import Refused


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], "10.0.0.0/16"),
        (["10.0.0.0/16"], "10.1.0.0/16"),
        (["10.1.0.0/16"], "10.0.0.0/16"),
        (["10.0.0.0/16", "10.1.0.0/16", "10.3.0.0/16"], "10.2.0.0/16"),
        (["10.0.7.0/24"], "10.1.0.0/16"),  # a part is enough
        (["10.0.0.0/15"], "10.2.0.0/16"),
        (["10.0.9.9/16"], "10.1.0.0/16"),  # host bits do not matter
        (["192.168.0.0/16", "172.20.0.0/16"], "10.0.0.0/16"),
    ],
)
def test_lowest_range_that_nobody_has_is_taken(taken: list[str], free: str) -> None:
    assert next_free("10.0.0.0/14", 16, taken) == free


def test_full_pool_is_refused_with_what_is_taken_and_what_to_do() -> None:
    with pytest.raises(Refused) as refused:
        next_free("10.0.0.0/15", 16, ["10.0.0.0/16", "10.1.4.0/24", "192.168.0.0/16"])
    assert str(refused.value) == (
        "got 10.0.0.0/15, of which 10.0.0.0/16, 10.1.4.0/24 is taken; expected a free /16 in it; widen the pool, or retire an environment"
    )


@pytest.mark.parametrize("prefix", [8, 13, 33])
def test_range_that_no_part_of_the_pool_can_be_is_refused(prefix: int) -> None:
    with pytest.raises(Refused, match=f"got /{prefix}; expected /14 to /32, a part of 10.0.0.0/14"):
        next_free("10.0.0.0/14", prefix, [])


@st.composite
def ranges(draw: st.DrawFn) -> str:
    """Ranges in and around 10.0.0.0/12."""
    prefix = draw(st.integers(min_value=10, max_value=22))
    return str(IPv4Network((draw(st.integers(min_value=0x0A000000, max_value=0x0A1FFFFF)), prefix), strict=False))


@given(taken=st.lists(ranges(), max_size=24), prefix=st.integers(min_value=12, max_value=19))
def test_what_is_given_lies_in_the_pool_is_nobodys_and_is_the_lowest(taken: list[str], prefix: int) -> None:
    pool, others = IPv4Network("10.0.0.0/12"), [IPv4Network(each) for each in taken]
    free = [each for each in pool.subnets(new_prefix=prefix) if not any(each.overlaps(other) for other in others)]
    try:
        got = IPv4Network(next_free(str(pool), prefix, taken))
    except Refused:
        assert free == []
    else:
        assert got == min(free)


@given(count=st.integers(min_value=1, max_value=16))
def test_environments_made_one_after_the_other_never_overlap(count: int) -> None:
    given_out: list[str] = []
    for _ in range(count):
        given_out.append(next_free("10.0.0.0/12", 16, given_out))
    assert len({*given_out}) == count
    assert given_out == sorted(given_out, key=IPv4Network)


@pytest.mark.parametrize(
    ("number", "part"),
    [
        (0, "10.48.0.0/19"),
        (1, "10.48.32.0/19"),
        (7, "10.48.224.0/19"),
        (8, "10.49.0.0/19"),
        (127, "10.63.224.0/19"),
        (128, "10.48.0.0/19"),  # begins again
        (135, "10.48.224.0/19"),
    ],
)
def test_number_names_a_part_of_the_pool(number: int, part: str) -> None:
    assert numbered("10.48.0.0/12", 19, number) == part


def test_parts_of_numbers_that_follow_each_other_share_no_address() -> None:
    parts = [IPv4Network(numbered("10.48.0.0/12", 19, number)) for number in range(1000, 1128)]
    assert len({*parts}) == 128
