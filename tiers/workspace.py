"""A tier's place in the cluster that hosts it: nodes, a namespace, and a role for its pods."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.namespace import Namespace, NamespaceArgs
from components.node_pool import NodePool, NodePoolArgs
from components.workload_role import WorkloadRole, WorkloadRoleArgs
from planning import node_pools
from planning.documents.buckets import Access
from stacks import models
from tiers.clusters import Host
from tiers.environment import Environment
from tiers.publication import Fields


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a tier runs, and what its data is encrypted with."""

    environment: Environment
    host: Host
    node_subnet_ids: Sequence[pulumi.Input[str]]
    dns_cidrs: Sequence[str]
    key_arn: pulumi.Output[str]
    """Of the tier's own data."""
    volume_key_arn: pulumi.Output[str]
    log_key_arn: pulumi.Output[str]
    boundary_arn: pulumi.Output[str]
    logs_bucket: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class WorkspaceArgs:
    place: Place
    tier: models.Tier
    reserved: bool
    """Whether only the tier's own pods may run on its nodes."""
    service_account: str
    access: Sequence[Access]
    """What pods of the service account may do in buckets."""


def workspace(name: str, args: WorkspaceArgs, child: pulumi.ResourceOptions) -> Fields:
    """Makes the place and returns what the contract says of it (contract.Workspace)."""
    place, tier = args.place, args.tier
    pool = NodePool(
        name,
        NodePoolArgs(
            pool=name,
            reserved=args.reserved,
            requirements=node_pools.requirements(
                instance_categories=tier.nodes.instance_categories,
                architectures=tier.nodes.architectures,
                capacity_types=tier.nodes.capacity_types,
            ),
            cpu_limit=tier.nodes.cpu_limit,
            memory_limit_gib=tier.nodes.memory_limit_gib,
            volume_gib=tier.nodes.volume_gib,
            node_role=place.host.node_role,
            subnet_ids=place.node_subnet_ids,
            security_group_id=place.host.security_group_id,
            key_arn=place.volume_key_arn,
            tags=place.environment.tags,
        ),
        child,
    )
    namespace = Namespace(
        name,
        NamespaceArgs(namespace=name, quota=_hard(tier.quota), dns_cidrs=place.dns_cidrs, service_accounts=[args.service_account]),
        child,
    )
    role = WorkloadRole(
        f"{name}-{args.service_account}",
        WorkloadRoleArgs(
            role=place.environment.names.role(f"{name}-{args.service_account}"),
            boundary_arn=place.boundary_arn,
            account=place.environment.account,
            region=place.environment.region,
            cluster=place.host.cluster,
            namespace=name,
            service_account=args.service_account,
            access=args.access,
            key_arn=place.key_arn,
        ),
        child,
    )
    return {
        "cluster": place.host.cluster,
        "node_pool": pool.pool,
        "namespace": namespace.namespace,
        "service_account": args.service_account,
        "role_arn": role.arn,
    }


def _hard(quota: models.Quota) -> dict[str, str]:
    return {
        "requests.cpu": str(quota.cpu),
        "requests.memory": f"{quota.memory_gib}Gi",
        "requests.nvidia.com/gpu": str(quota.gpus),
        "pods": str(quota.pods),
    }
