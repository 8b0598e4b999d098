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
        # 4 nodes and one surging in the one zone left: 50 + 5 x 10 pods are 7 prefixes, on each one more begun and one warm.
        (16, 50, 2, 7 + 5 + 5),
        # 288 nodes, 144 in each zone left, 15 surging: 600 + 1,590 pods.
        (1152, 1200, 3, 137 + 159 + 159),
        # So many pods that every node is full: 7 prefixes each.
        (16, 100_000, 2, 5 * 7 + 5),
    ],
)
def test_prefixes_count_pods_warm_ones_surge_and_a_lost_zone(vcpus: int, pods: int, zones: int, needed: int) -> None:
    assert capacity.prefixes_needed(Demand(vcpus=vcpus, pods=pods, clusters=1, endpoints=0), zones) == needed


@pytest.mark.parametrize(
    ("vcpus", "zones", "clusters", "endpoints", "needed"),
    [
        # 4 nodes and one surging in the one zone left; 16 addresses that EKS keeps, 8 for a load balancer.
        (16, 2, 1, 0, 5 + 24),
        (16, 2, 2, 0, 5 + 48),
        (16, 2, 1, 8, 5 + 24 + 8),
        # 288 nodes, 144 in each zone left, 15 surging.
        (1152, 3, 1, 0, 159 + 24),
    ],
)
def test_single_addresses_are_of_nodes_clusters_load_balancers_and_endpoints(
    vcpus: int, zones: int, clusters: int, endpoints: int, needed: int
) -> None:
    assert capacity.singles_needed(Demand(vcpus=vcpus, pods=50, clusters=clusters, endpoints=endpoints), zones) == needed


@pytest.mark.parametrize(("subnet", "has"), [("10.0.0.0/25", 6), ("10.0.0.0/24", 14), ("10.0.0.0/19", 479), ("10.0.0.0/28", 0)])
def test_only_reserved_prefixes_count_and_the_last_is_none(subnet: str, has: int) -> None:
    assert capacity.prefixes_of(subnet) == has


@pytest.mark.parametrize(("subnet", "has"), [("10.0.0.0/25", 12), ("10.0.0.0/24", 12), ("10.0.0.0/19", 508)])
def test_the_first_four_addresses_of_a_subnet_are_not_counted(subnet: str, has: int) -> None:
    assert capacity.singles_of(subnet) == has


@given(st.integers(1, 4000), st.integers(1, 4000))
def test_the_narrowest_subnet_has_enough_of_both_and_a_narrower_one_has_not(prefixes: int, singles: int) -> None:
    length = capacity.subnet_for(prefixes=prefixes, singles=singles)
    subnet, narrower = f"10.0.0.0/{length}", f"10.0.0.0/{length + 1}"
    assert capacity.prefixes_of(subnet) >= prefixes
    assert capacity.singles_of(subnet) >= singles
    assert capacity.prefixes_of(narrower) < prefixes or capacity.singles_of(narrower) < singles
