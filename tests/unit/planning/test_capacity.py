"""How much is needed with one zone lost, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning import capacity
from planning.capacity import Demand


@pytest.mark.parametrize(
    ("peak_rps", "cpu_ms", "percent", "cpus", "zones", "wanted"),
    [
        # 100/s of 10 ms is 1 vCPU; at 50 % that is 2: with 2 zones each must carry both, with 3 two zones share them.
        (100, 10, 50, 1, 2, 4),
        (100, 10, 50, 1, 3, 3),
        (100, 10, 50, 2, 3, 3),
        # 2000/s of 20 ms at 60 % is 66.7 vCPU: 34 replicas of 2, 17 in each of the two zones that are left.
        (2000, 20, 60, 2, 3, 51),
        (1, 1, 90, 1, 2, 2),
    ],
)
def test_replicas_carry_the_peak_with_a_zone_lost(peak_rps: int, cpu_ms: int, percent: int, cpus: int, zones: int, wanted: int) -> None:
    found = capacity.replicas(peak_rps=peak_rps, cpu_ms_per_request=cpu_ms, target_utilisation_percent=percent, cpus=cpus, zones=zones)
    assert found == wanted


@given(
    st.integers(1, 1_000_000), st.integers(1, 60_000), st.integers(10, 90), st.integers(1, 64), st.integers(2, 4)
)  # fmt: skip
def test_what_is_left_of_the_replicas_is_never_busier_than_wanted(rps: int, ms: int, percent: int, cpus: int, zones: int) -> None:
    found = capacity.replicas(peak_rps=rps, cpu_ms_per_request=ms, target_utilisation_percent=percent, cpus=cpus, zones=zones)
    assert found % zones == 0
    left = found // zones * (zones - 1)
    assert left * cpus * 1000 * percent >= rps * ms * 100
    fewer = left - (zones - 1)
    assert fewer * cpus * 1000 * percent < rps * ms * 100


@pytest.mark.parametrize(
    ("vcpus", "pods", "zones", "needed"),
    [
        # 4 nodes and one surging in the one zone left: 50 + 5 x 10 pods are 7 prefixes, on each one more begun and one warm, 1 for nodes.
        (16, 50, 2, 7 + 5 + 5 + 1),
        # 288 nodes, 144 in each zone left, 15 surging: 600 + 1,590 pods.
        (1152, 1200, 3, 137 + 159 + 159 + 10),
        # So many pods that every node is full: 7 prefixes each.
        (16, 100_000, 2, 5 * 7 + 5 + 1),
    ],
)
def test_addresses_count_pods_warm_prefixes_surge_and_a_lost_zone(vcpus: int, pods: int, zones: int, needed: int) -> None:
    assert capacity.prefixes_needed(Demand(vcpus=vcpus, pods=pods), zones) == needed


@pytest.mark.parametrize(("subnet", "has"), [("10.0.0.0/24", 14), ("10.0.0.0/19", 510), ("10.0.0.0/28", 0)])
def test_the_first_and_last_prefix_of_a_subnet_are_not_counted(subnet: str, has: int) -> None:
    assert capacity.prefixes_of(subnet) == has


@given(st.integers(1, 4000))
def test_the_narrowest_subnet_has_enough_prefixes_and_a_narrower_one_has_not(prefixes: int) -> None:
    length = capacity.subnet_for(prefixes)
    assert capacity.prefixes_of(f"10.0.0.0/{length}") >= prefixes
    assert capacity.prefixes_of(f"10.0.0.0/{length + 1}") < prefixes
