"""Which node pools an environment has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planning import node_pools
from planning.node_pools import Kind, Pool, Requirement
from stacks.models import Cluster, FeatureStore, Nodes, Serving, Settings, Training


@dataclass(frozen=True, kw_only=True)
class Pools:
    """Nodes of one kind: one NodeClass, and the NodePools that use it."""

    kind: Kind
    volume_gib: int
    pools: tuple[Pool, ...]


def platform(cluster: Cluster) -> Pools:
    """The nodes of a cluster's add-ons. They are reserved for nobody: planning/add_ons.py says why."""
    return _growing("platform", cluster.platform_nodes, reserved=False)


def feature_store(tier: FeatureStore) -> Pools:
    return _growing("feature-store", tier.nodes, reserved=False)


def serving(tier: Serving, zones: Sequence[str]) -> Pools:
    """The pool that follows the pods, and nodes that are there whatever they ask for."""
    made, per_zone = _growing("serving", tier.nodes, reserved=True), tier.nodes.static_nodes_per_zone
    if per_zone is None:
        return made
    return replace(made, pools=(*made.pools, *node_pools.static("serving", _required(tier.nodes), per_zone=per_zone, zones=zones)))


def training(tier: Training) -> Pools:
    return _growing("training-cpu", tier.nodes, reserved=True)


def gpu(tier: Training) -> Pools | None:
    if tier.gpu_nodes is None:
        return None
    nodes = tier.gpu_nodes
    made = node_pools.gpu(nodes.instance_types, nodes.capacity_types, gpu_limit=nodes.gpu_limit)
    return Pools(kind="gpu", volume_gib=nodes.volume_gib, pools=made)


def of_cluster(settings: Settings, cluster: str, zones: Sequence[str]) -> tuple[Pool, ...]:
    """All node pools that a cluster has."""
    hosted = (
        (cluster, platform(settings.clusters[cluster])),
        (settings.feature_store.cluster, feature_store(settings.feature_store)),
        (settings.serving.cluster, serving(settings.serving, zones)),
        (settings.training.cluster, training(settings.training)),
        (settings.training.cluster, gpu(settings.training)),
    )
    return tuple(pool for host, made in hosted if host == cluster and made is not None for pool in made.pools)


def _growing(kind: Kind, nodes: Nodes, *, reserved: bool) -> Pools:
    pools = node_pools.growing(
        kind, _required(nodes), reserved=reserved, cpu_limit=nodes.cpu_limit, memory_limit_gib=nodes.memory_limit_gib
    )
    return Pools(kind=kind, volume_gib=nodes.volume_gib, pools=pools)


def _required(nodes: Nodes) -> tuple[Requirement, ...]:
    return node_pools.requirements(
        instance_categories=nodes.instance_categories, architectures=nodes.architectures, capacity_types=nodes.capacity_types
    )
