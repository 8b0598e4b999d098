"""Sizes computed by hand, from what planning/cache_sizing.py says that each part takes."""

import pytest

from planning import cache_sizing
from planning.cache_sizing import Load, size
from planning.catalogue import READ_ON
from planning.refusal import Refused

GIB = 2**30


def load(entities: int = 1_000_000, features: int = 100, bytes: int = 9, views: int = 1) -> Load:
    return Load(entities=entities, features=features, bytes=bytes, views=views)


@pytest.mark.parametrize(
    ("of_one", "expected"),
    [
        # A key takes 64 and 64; a field of a list 4 + 6, and of a table 4 + 56; a timestamp 20 more.
        (load(features=1, bytes=1), 128 + (10 + 1) + (10 + 20)),
        (load(features=100, bytes=9), 128 + 100 * (10 + 9) + (10 + 20)),
        (load(features=100, bytes=9, views=5), 128 + 100 * (10 + 9) + 5 * (10 + 20)),
        # 512 fields are one list still, 513 a table, and so is anything with a value over 64 bytes.
        (load(features=511, bytes=9), 128 + 511 * (10 + 9) + (10 + 20)),
        (load(features=512, bytes=9), 128 + 512 * (60 + 9) + (60 + 20)),
        (load(features=10, bytes=64), 128 + 10 * (10 + 64) + (10 + 20)),
        (load(features=10, bytes=65), 128 + 10 * (60 + 65) + (60 + 20)),
    ],
)
def test_bytes_of_one_entity(of_one: Load, expected: int) -> None:
    assert cache_sizing.bytes_per_entity(of_one) == expected


@pytest.mark.parametrize(
    ("loads", "growth", "family", "expected"),
    [
        # 2,058 bytes × 1 million are 1.92 GiB; a large node has 13.07 × 75 % × 80 % = 7.842 GiB.
        ([load()], 0, "r7g", ("cache.r7g.large", 1)),
        # 4 million: 7.67 GiB, under 7.842.
        ([load(4_000_000)], 0, "r7g", ("cache.r7g.large", 1)),
        # 4.2 million: 8.05 GiB. Two large shards would do and are not taken; three are 39.21 GiB, one xlarge (15.79 usable) is 26.32.
        ([load(4_200_000)], 0, "r7g", ("cache.r7g.xlarge", 1)),
        # As much by growth: 4 million and 5 %.
        ([load(4_000_000)], 5, "r7g", ("cache.r7g.xlarge", 1)),
        # Two projects are added up: 2 × 2.1 million.
        ([load(2_100_000), load(2_100_000)], 0, "r7g", ("cache.r7g.xlarge", 1)),
        # 10 million: 19.17 GiB. Three large (23.53 usable, 39.21 GiB) are less than one 2xlarge (52.82).
        ([load(10_000_000)], 0, "r7g", ("cache.r7g.large", 3)),
        # Of small nodes 30 % are reserved, of micro ones 50: 100,000 are 0.192 GiB; a micro has 0.5 × 50 % × 80 % = 0.2.
        ([load(100_000)], 0, "t4g", ("cache.t4g.micro", 1)),
        # 110,000 are 0.211 GiB: a small one has 1.37 × 70 % × 80 % = 0.767, and 1.37 GiB are less than three micros.
        ([load(110_000)], 0, "t4g", ("cache.t4g.small", 1)),
    ],
)
def test_sizes(loads: list[Load], growth: int, family: str, expected: tuple[str, int]) -> None:
    found = size(loads, growth_percent=growth, family=family)
    assert (found.node_type, found.shards) == expected


@pytest.mark.parametrize("entities", [10**6, 4 * 10**6, 5 * 10**6, 10**7, 3 * 10**7, 10**8, 3 * 10**8])
def test_a_cache_never_has_two_shards_nor_one_larger_than_a_replica_can_copy(entities: int) -> None:
    found = size([load(entities)], replicas=2)
    assert found.shards != 2
    assert entities * 2058 / found.shards <= cache_sizing.LARGEST_SHARD_GIB * GIB


def test_the_arithmetic_is_shown_line_by_line() -> None:
    assert list(size([load(4_000_000)], growth_percent=5, replicas=2).arithmetic) == [
        "4,000,000 entities × (100 features × 9 bytes + 1158 bytes of key, fields and timestamps) = "
        "4,000,000 × 2,058 = 8,232,000,000 bytes",
        "with 5 % growth: 8,232,000,000 bytes × 105 % = 8,643,600,000 bytes, 8.05 GiB",
        f"one cache.r7g.xlarge: 26.32 GiB for data and overhead (AWS's figure, read on {READ_ON}), less 25 % reserved, "
        "used to 80 % = 15.79 GiB",
        "8.05 GiB / 15.79 GiB = 0.51, so 1 shard",
        "1 × (1 primary + 2 replicas) = 3 nodes, 79.0 GiB altogether",
    ]


@pytest.mark.parametrize(
    ("loads", "more", "said"),
    [
        ([load(0)], {}, "got 0 for entities; expected at least 1; raise it"),
        ([load(features=0)], {}, "got 0 for features; expected at least 1; raise it"),
        ([load(bytes=-1)], {}, "got -1 for bytes; expected at least 1; raise it"),
        ([load()], {"growth_percent": -5}, "got -5 for growth; expected at least 0; raise it"),
        ([load()], {"replicas": 6}, "got 6 replicas; expected at most 5 of a shard; use fewer"),
        ([load(10**12)], {}, "expected at most 2,250 GiB in 90 nodes of r7g with 1 replicas; use fewer replicas, keep fewer entities"),
    ],
)
def test_numbers_that_fit_no_cache_are_refused(loads: list[Load], more: dict[str, int], said: str) -> None:
    with pytest.raises(Refused) as refused:
        size(loads, growth_percent=more.get("growth_percent", 0), replicas=more.get("replicas", 1))
    assert said in str(refused.value)


def test_a_family_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(Refused, match=r"got family `r7`; expected one of .*r7g"):
        size([load()], family="r7")
