import re

import pytest

from planning import node_pools
from planning.capacity import SMALLEST_NODE_VCPUS
from planning.catalogue import AUTO_MODE_REQUIREMENT_KEYS
from planning.refusal import Refused


def test_requirements_use_only_keys_that_auto_mode_acts_on() -> None:
    required = node_pools.requirements(instance_categories=["c"], architectures=["amd64"], capacity_types=["spot"])
    assert {requirement["key"] for requirement in required} <= AUTO_MODE_REQUIREMENT_KEYS


def test_no_node_is_smaller_than_the_arithmetic_of_addresses_counts_with() -> None:
    required = node_pools.requirements(instance_categories=["c"], architectures=["amd64"], capacity_types=["spot"])
    assert {"key": "eks.amazonaws.com/instance-cpu", "operator": "Gt", "values": ["3"]} in required
    assert SMALLEST_NODE_VCPUS == 4


def test_a_key_that_only_karpenter_knows_is_refused() -> None:
    with pytest.raises(Refused, match=re.escape("requirement `karpenter.k8s.aws/instance-family`")):
        node_pools.checked_requirements(({"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["c7g"]},))


@pytest.mark.parametrize("pool", ["system", "general-purpose"])
def test_a_pool_may_not_be_called_like_a_built_in_one(pool: str) -> None:
    with pytest.raises(Refused, match=pool):
        node_pools.checked_name(pool)


def test_no_node_is_asked_to_live_longer_than_14_days() -> None:
    assert node_pools.LIFETIME == "336h"
