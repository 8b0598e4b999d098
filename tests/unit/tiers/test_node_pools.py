"""The node pools of an environment: which there are, and that each can be added, resized and removed by itself."""

import pytest

from contract import Training
from tests.unit.conftest import platform
from tests.unit.registrations import Recorded, record
from tests.unit.stacks.samples import DEV, changed
from tiers.assembly import assemble

POOL, CLASS, PARAMETER = "kubernetes:karpenter.sh/v1:NodePool", "kubernetes:eks.amazonaws.com/v1:NodeClass", "aws:ssm/parameter:Parameter"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
COMPONENT = "ml-platform:components:NodePool"
GPUS = ("training.gpu_nodes", {"instance_types": ["g5.xlarge"], "gpu_limit": 4})
STATIC = ("serving.nodes.static_nodes_per_zone", 2)


def assembled(*changes: tuple[str, object]) -> Recorded:
    settings = platform("dev", changed(DEV, *changes))
    return record(lambda: assemble(settings))


@pytest.fixture(scope="module")
def gpus() -> Recorded:
    return assembled(GPUS)


@pytest.fixture(scope="module")
def static() -> Recorded:
    return assembled(STATIC)


def differing(before: Recorded, after: Recorded) -> set[str]:
    """`TYPE NAME` of everything that is in one of them only, or in both with other inputs."""
    olds, news = ({each.urn: each for each in recorded.registrations} for recorded in (before, after))
    found = [olds.get(urn) or news[urn] for urn in olds.keys() | news.keys() if urn not in olds or urn not in news]
    found += [news[urn] for urn in olds.keys() & news.keys() if olds[urn].inputs != news[urn].inputs]
    return {f"{each.type} {each.name}" for each in found}


def test_a_cluster_has_nodes_for_add_ons_and_for_each_tier(dev: Recorded) -> None:
    assert {each.inputs["metadata"]["name"] for each in dev.all(POOL)} == {"platform", "feature-store", "serving", "training-cpu"}


def test_adding_or_removing_a_pool_changes_only_it_and_what_is_published_of_it(dev: Recorded, gpus: Recorded) -> None:
    assert differing(dev, gpus) == {
        f"{POOL} gpu",
        f"{CLASS} gpu-class",
        f"{COMPONENT} gpu",
        f"{PARAMETER} training",
        f"{CONFIG_MAP} training-contract",
    }


@pytest.mark.parametrize(
    ("path", "pool"),
    [
        ("clusters.main.platform_nodes.cpu_limit", "main-platform"),
        ("serving.nodes.memory_limit_gib", "serving"),
        ("training.nodes.cpu_limit", "training-cpu"),
    ],
)
def test_resizing_a_pool_changes_only_it(dev: Recorded, path: str, pool: str) -> None:
    assert differing(dev, assembled((path, 65))) == {f"{POOL} {pool}"}


def test_static_nodes_stand_beside_the_pool_that_follows_the_pods(dev: Recorded, static: Recorded) -> None:
    assert differing(dev, static) == {f"{POOL} serving-eu-west-1a", f"{POOL} serving-eu-west-1b"}


def test_gpu_nodes_are_there_only_for_pods_that_ask_for_gpus(gpus: Recorded) -> None:
    spec = gpus.one(POOL, "gpu").inputs["spec"]
    assert spec["limits"] == {"nvidia.com/gpu": "4"}
    assert spec["template"]["spec"]["taints"] == [{"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"}]
    assert "replicas" not in spec
    assert gpus.one(CLASS, "gpu-class").inputs["spec"]["ephemeralStorage"]["size"] == "500Gi"


def test_the_contract_says_where_gpus_are(dev: Recorded, gpus: Recorded) -> None:
    published = [Training.model_validate_json(each.one(PARAMETER, "training").inputs["insecureValue"]) for each in (dev, gpus)]
    assert [(each.node_pool, each.gpu_node_pool) for each in published] == [("training-cpu", None), ("training-cpu", "gpu")]


def test_the_contract_says_which_pods_go_first(dev: Recorded) -> None:
    training = Training.model_validate_json(dev.one(PARAMETER, "training").inputs["insecureValue"])
    assert training.priority_class == "ml-platform-batch"
