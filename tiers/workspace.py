"""A tier's place in the cluster that hosts it: nodes, a namespace, and a role for its pods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.namespace import Namespace, NamespaceArgs
from components.node_pool import NodePool, NodePoolArgs
from components.workload_role import WorkloadRole, WorkloadRoleArgs
from planning import egress
from planning.documents.buckets import Access
from stacks import models
from stacks.pools import Pools
from tiers.cluster import Host
from tiers.environment import Environment
from tiers.publication import Fields


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a tier runs, and what its data is encrypted with."""

    environment: Environment
    host: Host
    node_subnet_ids: Sequence[pulumi.Input[str]]
    dns_cidrs: Sequence[str]
    data_cidrs: Sequence[str]
    """Where the registry and the online store are."""
    key_arn: pulumi.Output[str]
    """Of the tier's own data."""
    volume_key_arn: pulumi.Output[str]
    log_key_arn: pulumi.Output[str]
    boundary_arn: pulumi.Output[str]
    logs_bucket: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What pods of a service account may do in AWS."""

    access: Sequence[Access] = ()
    """In buckets."""
    secrets: Sequence[str] = ()
    """Names of those that it reads."""
    streams: Sequence[str] = ()
    """Names of those that it puts records into."""
    inline_policies: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """Documents by name, of rights on what AWS names itself."""


@dataclass(frozen=True, kw_only=True)
class WorkspaceArgs:
    place: Place
    tier: models.Tier
    pools: Pools
    priority: str
    """The priority class of the tier's pods."""
    service_account: str
    rights: Rights
    """Of that service account."""
    other_service_accounts: Sequence[str] = ()
    """Whose roles are made with workload_role."""


def workspace(name: str, args: WorkspaceArgs, child: pulumi.ResourceOptions) -> Fields:
    """Makes the place and returns what the contract says of it (contract.Workspace)."""
    place, tier = args.place, args.tier
    node_pool = nodes(place, args.pools, child)
    namespace = Namespace(
        name,
        NamespaceArgs(
            # Goes before the class of its Ingresses does: its load balancers are deleted by it.
            namespace=place.host.ingress_class.apply(lambda _: name),
            quota=hard(tier.quota),
            dns_cidrs=place.dns_cidrs,
            service_accounts=[args.service_account, *args.other_service_accounts],
            deployer=place.host.deployer,
            egress=[egress.data(place.data_cidrs), egress.aws()],
        ),
        place.host.inside(child),
    )
    role = workload_role(args.service_account, place, args.rights, child, namespace=name)
    return {
        "cluster": place.host.cluster,
        "node_pool": node_pool,
        "namespace": namespace.namespace,
        "service_account": args.service_account,
        "role_arn": role.arn,
        "priority_class": place.host.priority_classes[args.priority],
    }


def workload_role(service_account: str, place: Place, rights: Rights, child: pulumi.ResourceOptions, *, namespace: str) -> WorkloadRole:
    """The role of a service account of a namespace."""
    name = f"{namespace}-{service_account}"
    return WorkloadRole(
        name,
        WorkloadRoleArgs(
            role=place.environment.names.role(name),
            boundary_arn=place.boundary_arn,
            account=place.environment.account,
            region=place.environment.region,
            cluster=place.host.cluster,
            namespace=namespace,
            service_account=service_account,
            access=rights.access,
            secrets=rights.secrets,
            streams=rights.streams,
            inline_policies=rights.inline_policies,
            key_arn=place.key_arn,
        ),
        child,
    )


def nodes(place: Place, pools: Pools, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Makes the nodes of one kind and returns the value of their label."""
    return NodePool(
        pools.kind,
        NodePoolArgs(
            kind=pools.kind,
            pools=pools.pools,
            volume_gib=pools.volume_gib,
            node_role=place.host.node_role,
            subnet_ids=place.node_subnet_ids,
            security_group_id=place.host.security_group_id,
            key_arn=place.volume_key_arn,
            tags=place.environment.tags,
        ),
        place.host.inside(child),
    ).kind


def hard(quota: models.Quota) -> dict[str, str]:
    """What a ResourceQuota allows."""
    return {
        "requests.cpu": str(quota.cpu),
        "requests.memory": f"{quota.memory_gib}Gi",
        "requests.nvidia.com/gpu": str(quota.gpus),
        "pods": str(quota.pods),
        # A load balancer of a Service is in no state, carries no tag of ours and can outlive its cluster. Those of Ingresses are tagged.
        "services.loadbalancers": "0",
    }
