"""Nodes of one kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.order import known_after
from planning.node_pools import LIFETIME, TIER_LABEL, Requirement, checked_name


@dataclass(frozen=True, kw_only=True)
class NodePoolArgs:
    pool: str
    """The name of the pool, of its NodeClass, and of the tier on the nodes' label."""
    reserved: bool
    """Whether only pods that tolerate the tier's taint may run here."""
    requirements: Sequence[Requirement]
    cpu_limit: int
    memory_limit_gib: int
    """All nodes together; the pool grows no further."""
    volume_gib: int
    node_role: pulumi.Input[str]
    """The name of a role that the cluster lets nodes in with."""
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    tags: Mapping[str, str]
    """On the instances, volumes and network interfaces that EKS launches: Pulumi's default tags do not reach them."""


class NodePool(pulumi.ComponentResource):
    """An Auto Mode NodePool with a NodeClass of its own: encrypted volumes, consolidated when idle, no node older than 14 days."""

    pool: pulumi.Output[str]

    def __init__(self, name: str, args: NodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:NodePool", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        metadata = kubernetes.meta.v1.ObjectMetaArgs(name=checked_name(args.pool))
        node_class = kubernetes.apiextensions.CustomResource(
            f"{name}-class",
            api_version="eks.amazonaws.com/v1",
            kind="NodeClass",
            metadata=metadata,
            spec={
                "role": args.node_role,
                "subnetSelectorTerms": [{"id": subnet_id} for subnet_id in args.subnet_ids],
                "securityGroupSelectorTerms": [{"id": args.security_group_id}],
                "ephemeralStorage": {"size": f"{args.volume_gib}Gi", "kmsKeyID": args.key_arn},
                "tags": dict(args.tags),
            },
            opts=child,
        )
        template: dict[str, object] = {
            "nodeClassRef": {
                "group": "eks.amazonaws.com",
                "kind": "NodeClass",
                "name": known_after(pulumi.Output.from_input(args.pool), [node_class]),
            },
            "requirements": list(args.requirements),
            "expireAfter": LIFETIME,
        }
        if args.reserved:
            template["taints"] = [{"key": TIER_LABEL, "value": args.pool, "effect": "NoSchedule"}]
        node_pool = kubernetes.apiextensions.CustomResource(
            name,
            api_version="karpenter.sh/v1",
            kind="NodePool",
            metadata=metadata,
            spec={
                "template": {"metadata": {"labels": {TIER_LABEL: args.pool}}, "spec": template},
                "limits": {"cpu": str(args.cpu_limit), "memory": f"{args.memory_limit_gib}Gi"},
                "disruption": {"consolidationPolicy": "WhenEmptyOrUnderutilized", "consolidateAfter": "5m", "budgets": [{"nodes": "10%"}]},
            },
            opts=child,
        )
        self.pool = known_after(pulumi.Output.from_input(args.pool), [node_pool])
        self.register_outputs({"pool": self.pool})
