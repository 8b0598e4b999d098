import re
from typing import get_args

import pytest

from planning import node_pools
from planning.capacity import SMALLEST_NODE_VCPUS
from planning.catalogue import AUTO_MODE_REQUIREMENT_KEYS, NODE_LIFETIME_HOURS
from planning.node_pools import LIFECYCLES, Kind
from planning.refusal import Refused

REQUIRED = node_pools.requirements(instance_categories=["c"], architectures=["amd64"], capacity_types=["spot"])
ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def test_requirements_use_only_keys_that_auto_mode_acts_on() -> None:
    static = node_pools.static("serving", REQUIRED, per_zone=1, zones=ZONES)
    gpu = node_pools.gpu(["g5.xlarge"], ["on-demand"], gpu_limit=1)
    keys = {requirement["key"] for pool in (*static, *gpu) for requirement in pool.requirements}
    assert len(keys) == 7
    assert keys <= AUTO_MODE_REQUIREMENT_KEYS


def test_no_node_is_smaller_than_the_arithmetic_of_addresses_counts_with() -> None:
    assert {"key": "eks.amazonaws.com/instance-cpu", "operator": "Gt", "values": ["3"]} in REQUIRED
    assert SMALLEST_NODE_VCPUS == 4


def test_a_key_that_only_karpenter_knows_is_refused() -> None:
    with pytest.raises(Refused, match=re.escape("requirement `karpenter.k8s.aws/instance-family`")):
        node_pools.checked_requirements(({"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["c7g"]},))


@pytest.mark.parametrize("pool", ["system", "general-purpose"])
def test_a_pool_may_not_be_called_like_a_built_in_one(pool: str) -> None:
    with pytest.raises(Refused, match=pool):
        node_pools.checked_name(pool)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_no_node_outlives_14_days_the_grace_of_its_pods_included(kind: Kind) -> None:
    lifecycle = LIFECYCLES[kind]
    assert int(lifecycle.expire_after.removesuffix("h")) + lifecycle.grace_hours == NODE_LIFETIME_HOURS == 336


@pytest.mark.parametrize("kind", ["training-cpu", "gpu"])
def test_work_of_hours_is_not_moved_to_save_money_and_has_a_day_to_reach_a_checkpoint(kind: Kind) -> None:
    assert (LIFECYCLES[kind].consolidation, LIFECYCLES[kind].grace_hours) == ("WhenEmpty", 24)


def test_gpu_nodes_are_tainted_as_aws_does_and_limited_by_gpus() -> None:
    (pool,) = node_pools.gpu(["g5.xlarge", "g5.12xlarge"], ["on-demand", "spot"], gpu_limit=8)
    assert pool.taints == ({"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"},)
    assert pool.limits == {"nvidia.com/gpu": "8"}
    assert pool.replicas is None
    assert pool.requirements == (
        {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["g5.xlarge", "g5.12xlarge"]},
        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand", "spot"]},
    )


@pytest.mark.parametrize(
    ("types", "limit", "nodes"), [(["g5.12xlarge", "g5.xlarge"], 8, 8), (["g5.12xlarge"], 8, 2), (["g5.12xlarge"], 9, 3)]
)
def test_gpu_nodes_are_counted_by_the_type_with_the_fewest_gpus(types: list[str], limit: int, nodes: int) -> None:
    (pool,) = node_pools.gpu(types, ["on-demand"], gpu_limit=limit)
    assert (pool.vcpus, pool.nodes) == (0, nodes)


@pytest.mark.parametrize(("per_zone", "most"), [(1, 2), (10, 11), (11, 13)])
def test_a_static_pool_has_room_for_the_nodes_that_replace_others(per_zone: int, most: int) -> None:
    pools = node_pools.static("serving", REQUIRED, per_zone=per_zone, zones=ZONES)
    assert [pool.name for pool in pools] == [f"serving-{zone}" for zone in ZONES]
    assert {(pool.replicas, pool.limits["nodes"], pool.nodes, pool.vcpus) for pool in pools} == {(per_zone, str(most), most, 0)}
