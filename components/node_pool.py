"""Nodes of one kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.order import known_after
from planning.node_pools import LABEL, Kind, Pool


@dataclass(frozen=True, kw_only=True)
class NodePoolArgs:
    kind: Kind
    """The name of the NodeClass, and the value of the label on the nodes."""
    pools: Sequence[Pool]
    """One where the number of nodes follows the pods; one for each zone where it is the same in all."""
    volume_gib: int
    node_role: pulumi.Input[str]
    """The name of a role that the cluster lets nodes in with."""
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    tags: Mapping[str, str]
    """On the instances, volumes and network interfaces that EKS launches: Pulumi's default tags do not reach them."""


class NodePool(pulumi.ComponentResource):
    """An Auto Mode NodeClass with its NodePools: encrypted volumes, and no node that outlives what Auto Mode allows."""

    kind: pulumi.Output[str]
    """Known only once the pools are there."""

    def __init__(self, name: str, args: NodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:NodePool", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        node_class = kubernetes.apiextensions.CustomResource(
            f"{name}-class",
            api_version="eks.amazonaws.com/v1",
            kind="NodeClass",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=args.kind),
            spec={
                "role": args.node_role,
                "subnetSelectorTerms": [{"id": subnet_id} for subnet_id in args.subnet_ids],
                "securityGroupSelectorTerms": [{"id": args.security_group_id}],
                "ephemeralStorage": {"size": f"{args.volume_gib}Gi", "kmsKeyID": args.key_arn},
                "tags": dict(args.tags),
            },
            opts=child,
        )
        class_name = known_after(pulumi.Output.from_input(str(args.kind)), [node_class])
        made = [
            kubernetes.apiextensions.CustomResource(
                # A pool's name begins with its kind, and what comes after that is its zone.
                f"{name}{pool.name.removeprefix(args.kind)}",
                api_version="karpenter.sh/v1",
                kind="NodePool",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(name=pool.name),
                spec=_spec(pool, class_name),
                opts=child,
            )
            for pool in args.pools
        ]
        self.kind = known_after(pulumi.Output.from_input(str(args.kind)), made)
        self.register_outputs({"kind": self.kind})


def _spec(pool: Pool, node_class: pulumi.Output[str]) -> dict[str, Any]:
    lifecycle = pool.lifecycle
    template: dict[str, Any] = {
        "nodeClassRef": {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": node_class},
        "requirements": list(pool.requirements),
        "expireAfter": lifecycle.expire_after,
        "terminationGracePeriod": f"{lifecycle.grace_hours}h",
        **({"taints": list(pool.taints)} if pool.taints else {}),
    }
    return {
        "template": {"metadata": {"labels": {LABEL: pool.kind}}, "spec": template},
        "limits": dict(pool.limits),
        "disruption": {
            "consolidationPolicy": lifecycle.consolidation,
            "consolidateAfter": f"{lifecycle.idle_minutes}m",
            "budgets": [{"nodes": lifecycle.budget}],
        },
        **({"replicas": pool.replicas} if pool.replicas is not None else {}),
    }
