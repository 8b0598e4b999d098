from typing import Any

import pytest

from components.node_pool import NodePool, NodePoolArgs
from planning import node_pools
from planning.node_pools import Pool
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
POOL, CLASS = "kubernetes:karpenter.sh/v1:NodePool", "kubernetes:eks.amazonaws.com/v1:NodeClass"
REQUIRED = node_pools.requirements(instance_categories=["c"], architectures=["amd64"], capacity_types=["on-demand"])


def node_pool(pools: tuple[Pool, ...]) -> Recorded:
    args = NodePoolArgs(
        kind=pools[0].kind,
        pools=pools,
        volume_gib=80,
        node_role="nodes-1",
        subnet_ids=["subnet-a", "subnet-b"],
        security_group_id="sg-cluster",
        key_arn=KEY,
        tags={"deployment": "ml-platform/dev"},
    )
    return record(lambda: NodePool(pools[0].kind, args))


def growing(kind: node_pools.Kind = "serving", *, reserved: bool = True) -> Recorded:
    return node_pool(node_pools.growing(kind, REQUIRED, reserved=reserved, cpu_limit=16, memory_limit_gib=64))


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return growing()


@pytest.fixture(scope="module")
def static() -> Recorded:
    return node_pool(node_pools.static("serving", REQUIRED, per_zone=4, zones=["eu-west-1a", "eu-west-1b"]))


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


def test_open_capacity_reservations_stay_in_use(recorded: Recorded) -> None:
    # A selector on any NodeClass turns them off for the whole cluster: https://docs.aws.amazon.com/eks/latest/userguide/auto-odcr.html.
    assert "capacityReservationSelectorTerms" not in spec(recorded, CLASS)


def test_the_pool_uses_its_own_class_and_comes_after_it(recorded: Recorded) -> None:
    assert template(recorded)["nodeClassRef"] == {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "serving"}
    assert recorded.one(CLASS).urn in recorded.one(POOL).dependencies


def test_a_reserved_pool_keeps_other_pods_out(recorded: Recorded) -> None:
    assert template(recorded)["taints"] == [{"key": "ml-platform/node-pool", "value": "serving", "effect": "NoSchedule"}]


def test_an_open_pool_takes_any_pod() -> None:
    assert "taints" not in template(growing("platform", reserved=False))


def test_nodes_say_which_pool_they_are_of(recorded: Recorded) -> None:
    assert spec(recorded, POOL)["template"]["metadata"] == {"labels": {"ml-platform/node-pool": "serving"}}


def test_the_pool_grows_no_further_than_asked(recorded: Recorded) -> None:
    assert spec(recorded, POOL)["limits"] == {"cpu": "16", "memory": "64Gi"}
    assert "replicas" not in spec(recorded, POOL)


@pytest.mark.parametrize(
    ("kind", "consolidation", "after", "budget", "expiry", "grace"),
    [
        ("platform", "WhenEmptyOrUnderutilized", "5m", "1", "335h", "1h"),
        ("feature-store", "WhenEmptyOrUnderutilized", "5m", "10%", "335h", "1h"),
        ("serving", "WhenEmptyOrUnderutilized", "15m", "5%", "335h", "1h"),
        ("training-cpu", "WhenEmpty", "10m", "10%", "312h", "24h"),
        ("gpu", "WhenEmpty", "10m", "10%", "312h", "24h"),
    ],
)
def test_nodes_come_and_go_as_their_kind_of_work_bears_it(
    kind: node_pools.Kind, consolidation: str, after: str, budget: str, expiry: str, grace: str
) -> None:
    recorded = growing(kind)
    disruption = {"consolidationPolicy": consolidation, "consolidateAfter": after, "budgets": [{"nodes": budget}]}
    assert spec(recorded, POOL)["disruption"] == disruption
    assert (template(recorded)["expireAfter"], template(recorded)["terminationGracePeriod"]) == (expiry, grace)


def test_static_pools_are_one_for_each_zone_and_of_one_class(static: Recorded) -> None:
    names = {each.inputs["metadata"]["name"]: each.inputs["spec"] for each in static.all(POOL)}
    assert names.keys() == {"serving-eu-west-1a", "serving-eu-west-1b"}
    assert {each["template"]["spec"]["nodeClassRef"]["name"] for each in names.values()} == {"serving"}
    assert {each["template"]["metadata"]["labels"]["ml-platform/node-pool"] for each in names.values()} == {"serving"}
    for name, each in names.items():
        zone = {"key": "topology.kubernetes.io/zone", "operator": "In", "values": [name.removeprefix("serving-")]}
        assert zone in each["template"]["spec"]["requirements"]


def test_static_pools_have_no_limit_but_nodes_and_room_above_their_replicas(static: Recorded) -> None:
    for each in static.all(POOL):
        assert (each.inputs["spec"]["replicas"], each.inputs["spec"]["limits"]) == (4, {"nodes": "5"})
        assert "weight" not in each.inputs["spec"]
