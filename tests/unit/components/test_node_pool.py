from typing import Any

import pytest

from components.node_pool import NodePool, NodePoolArgs
from planning import node_pools
from planning.refusal import Refused
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
POOL, CLASS = "kubernetes:karpenter.sh/v1:NodePool", "kubernetes:eks.amazonaws.com/v1:NodeClass"


def node_pool(*, pool: str = "serving", reserved: bool = True) -> Recorded:
    args = NodePoolArgs(
        pool=pool,
        reserved=reserved,
        requirements=node_pools.requirements(instance_categories=["c"], architectures=["amd64"], capacity_types=["on-demand"]),
        cpu_limit=16,
        memory_limit_gib=64,
        volume_gib=80,
        node_role="nodes-1",
        subnet_ids=["subnet-a", "subnet-b"],
        security_group_id="sg-cluster",
        key_arn=KEY,
        tags={"deployment": "ml-platform/dev"},
    )
    return record(lambda: NodePool(pool, args))


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return node_pool()


def spec(recorded: Recorded, type_: str) -> dict[str, Any]:
    return recorded.one(type_).inputs["spec"]


def template(recorded: Recorded) -> dict[str, Any]:
    return spec(recorded, POOL)["template"]["spec"]


def test_nodes_are_in_the_subnets_and_the_group_they_were_given(recorded: Recorded) -> None:
    assert spec(recorded, CLASS)["subnetSelectorTerms"] == [{"id": "subnet-a"}, {"id": "subnet-b"}]
    assert spec(recorded, CLASS)["securityGroupSelectorTerms"] == [{"id": "sg-cluster"}]


def test_nodes_act_as_the_role_that_is_let_in(recorded: Recorded) -> None:
    assert spec(recorded, CLASS)["role"] == "nodes-1"


def test_node_volumes_are_encrypted_with_our_key(recorded: Recorded) -> None:
    assert spec(recorded, CLASS)["ephemeralStorage"] == {"size": "80Gi", "kmsKeyID": KEY}


def test_what_eks_launches_carries_the_deployments_tags(recorded: Recorded) -> None:
    assert spec(recorded, CLASS)["tags"] == {"deployment": "ml-platform/dev"}


def test_the_pool_uses_its_own_class_and_comes_after_it(recorded: Recorded) -> None:
    assert template(recorded)["nodeClassRef"] == {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "serving"}
    assert recorded.one(CLASS).urn in recorded.one(POOL).dependencies


def test_a_reserved_pool_keeps_other_pods_out(recorded: Recorded) -> None:
    assert template(recorded)["taints"] == [{"key": "ml-platform/tier", "value": "serving", "effect": "NoSchedule"}]


def test_an_open_pool_takes_any_pod() -> None:
    assert "taints" not in template(node_pool(reserved=False))


def test_nodes_say_which_tier_they_serve(recorded: Recorded) -> None:
    assert spec(recorded, POOL)["template"]["metadata"] == {"labels": {"ml-platform/tier": "serving"}}


def test_the_pool_grows_no_further_than_asked(recorded: Recorded) -> None:
    assert spec(recorded, POOL)["limits"] == {"cpu": "16", "memory": "64Gi"}


def test_nodes_are_replaced_within_14_days(recorded: Recorded) -> None:
    assert template(recorded)["expireAfter"] == "336h"


def test_idle_nodes_go_a_few_at_a_time(recorded: Recorded) -> None:
    disruption = spec(recorded, POOL)["disruption"]
    assert disruption["consolidationPolicy"] == "WhenEmptyOrUnderutilized"
    assert disruption["budgets"] == [{"nodes": "10%"}]


def test_a_pool_called_like_one_of_awss_is_refused() -> None:
    with pytest.raises(Refused, match="system"):
        node_pool(pool="system")
