"""Clusters: there, of the version that is promised, answering, with the node pools that tiers say their pods run on."""

from collections.abc import Mapping, Sequence
from typing import Any

import contract
from operations.smoke.access import Access, Contract
from operations.smoke.check import Check, Differs
from operations.smoke.kubernetes import Api, Missing, Object

_POOLS = "/apis/karpenter.sh/v1/nodepools"
_REACHED = "run it where the endpoint is reached (inside the VPC where it is private), or see the cluster in EKS"


def checks(found: Contract, access: Access, apis: Mapping[str, Api]) -> list[Check]:
    """`apis`: by physical names of clusters."""
    made: list[Check] = []
    for name, cluster in found.clusters.clusters.items():
        api = apis[cluster.cluster]
        made += [
            Check(
                name=f"cluster {name}",
                expected=f"ACTIVE, version {cluster.version}",
                remedy="wait for the update that EKS makes, or run `pulumi up`",
                waits_for="EKS",
                look=lambda cluster=cluster: _state(access.client("eks"), cluster),
            ),
            Check(
                name=f"cluster {name}: API",
                expected=f"answers, version {cluster.version}",
                remedy=_REACHED,
                waits_for=cluster.endpoint,
                look=lambda api=api, cluster=cluster: _answers(api, cluster),
                needs="clusters",
            ),
        ]
        for pool, names in _pools(found, cluster).items():
            made += [
                Check(
                    name=f"node pool {pool}",
                    expected=f"{' or '.join(' and '.join(each) for each in names)}",
                    remedy="run `pulumi up --refresh`: it makes the NodePool again",
                    waits_for=cluster.endpoint,
                    look=lambda api=api, names=names: _there(api.items(_POOLS), names),
                    needs="clusters",
                ),
                Check(
                    name=f"node pool {pool}: ready",
                    expected="condition Ready is True",
                    remedy="`kubectl describe nodepool,nodeclass` says what is wrong; where nothing runs nodes, --without nodes",
                    waits_for=cluster.endpoint,
                    look=lambda api=api, pool=pool, names=names: _ready(api.items(_POOLS), pool, names),
                    needs="nodes",
                ),
            ]
    return made


def _state(eks: Any, cluster: contract.Cluster) -> str:
    about = eks.describe_cluster(name=cluster.cluster)["cluster"]
    seen = f"{about['status']}, version {about['version']}"
    if (about["status"], about["version"]) != ("ACTIVE", cluster.version):
        raise Differs(seen)
    return seen


def _answers(api: Api, cluster: contract.Cluster) -> str:
    version = api.answers()
    if not version.startswith(f"v{cluster.version}."):
        raise Differs(version)
    return version


Names = Sequence[Sequence[str]]
"""All of one of them are there."""


def _pools(found: Contract, cluster: contract.Cluster) -> Mapping[str, Names]:
    """By the value of the label: where nodes are static there is a pool for each zone."""
    wanted = [each.node_pool for each in found.workspaces.values() if each.cluster == cluster.cluster]
    if found.training.gpu_node_pool and found.training.cluster == cluster.cluster:
        wanted.append(found.training.gpu_node_pool)
    return {pool: ((pool,), tuple(f"{pool}-{zone}" for zone in found.network.zones)) for pool in dict.fromkeys(wanted)}


def _of(pools: Sequence[Object], names: Names) -> list[Object]:
    """The pools of the first alternative of which all are there."""
    by_name = {each["metadata"]["name"]: each for each in pools}
    for alternative in names:
        if all(name in by_name for name in alternative):
            return [by_name[name] for name in alternative]
    raise Missing(f"only {', '.join(sorted(by_name))}" if by_name else "no node pool at all")


def _there(pools: Sequence[Object], names: Names) -> str:
    return ", ".join(each["metadata"]["name"] for each in _of(pools, names))


def _ready(pools: Sequence[Object], pool: str, names: Names) -> str:
    states: list[str] = []
    for each in _of(pools, names):
        conditions = each.get("status", {}).get("conditions", [])
        ready = next((condition for condition in conditions if condition["type"] == "Ready"), None)
        if ready is None:
            raise Differs(f"{each['metadata']['name']} has no condition Ready: no controller has looked at it")
        if ready["status"] != "True":
            raise Differs(f"{each['metadata']['name']} is not ready: {ready.get('reason')}: {ready.get('message')}")
        states.append(each["metadata"]["name"])
    return f"{', '.join(states)} {'is' if len(states) == 1 else 'are'} ready"
