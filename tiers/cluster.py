"""One cluster, with what every cluster has in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.add_ons import AddOns, AddOnsArgs
from components.cluster import Cluster, ClusterArgs
from components.cluster_access import ClusterAccess, ClusterAccessArgs
from components.ingress_class import IngressClass, IngressClassArgs
from components.node_pool import NodePool, NodePoolArgs
from components.priority_classes import PriorityClasses, PriorityClassesArgs
from components.storage_class import StorageClass, StorageClassArgs
from planning.add_ons import add_ons
from planning.node_pools import Pool
from planning.priorities import PRIORITIES
from stacks import models, pools
from tiers.environment import Environment

STORAGE_CLASS = "gp3"
INGRESS_CLASS = "alb"


@dataclass(frozen=True, kw_only=True)
class Roles:
    """ARNs of the roles that a cluster lets in, each made once for all clusters."""

    cluster: pulumi.Input[str]
    nodes: pulumi.Output[str]
    admin: pulumi.Output[str]
    deployer: pulumi.Output[str]
    viewer: pulumi.Output[str]
    teams: Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True, kw_only=True)
class HostingArgs:
    environment: Environment
    cluster: models.Cluster
    pools: Sequence[Pool]
    """All that the cluster will have, those of the tiers included."""
    roles: Roles
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    node_subnet_ids: Sequence[pulumi.Input[str]]
    service_cidr: str
    key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    boundary_arn: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Host:
    """What a tier needs of the cluster that hosts it."""

    cluster: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    api_group_id: pulumi.Output[str]
    node_role: pulumi.Output[str]
    deployer: pulumi.Output[str]
    """The ClusterRole of whoever deploys to the tier's namespace."""
    ingress_class: pulumi.Output[str]
    """What a namespace must not outlive: its load balancers go with it, by their class."""
    priority_classes: Mapping[str, pulumi.Output[str]]
    provider: kubernetes.Provider

    def inside(self, child: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
        """For components that have nothing but objects of the cluster: a component is registered once all of its providers are made,
        and whatever is in it waits as long as that."""
        return pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(providers=[self.provider]))


def cluster(key: str, args: HostingArgs, child: pulumi.ResourceOptions) -> tuple[Cluster, Host]:
    """A cluster with the nodes that its add-ons run on, and everything in it that belongs to no tier."""
    made = Cluster(key, _cluster(key, args), child)
    inside = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(providers=[made.provider]))
    access = ClusterAccess(
        key,
        ClusterAccessArgs(
            cluster=made.cluster,
            deployer_role_arn=args.roles.deployer,
            viewer_role_arn=args.roles.viewer,
            team_role_arns=args.roles.teams,
        ),
        inside,
    )
    nodes = NodePool(f"{key}-platform", _platform_nodes(args, made), inside)
    ready = pulumi.Output.all(made.cluster, nodes.kind).apply(lambda known: str(known[0]))
    AddOns(key, _add_ons(key, args, ready), child)
    tags = args.environment.tags
    StorageClass(key, StorageClassArgs(storage_class=STORAGE_CLASS, key_arn=args.key_arn, tags=tags), inside)
    ingresses = IngressClass(key, IngressClassArgs(ingress_class=INGRESS_CLASS, tags=tags), inside)
    priorities = PriorityClasses(key, PriorityClassesArgs(priorities=PRIORITIES), inside)
    return made, Host(
        cluster=made.cluster,
        security_group_id=made.security_group_id,
        api_group_id=made.api_group_id,
        node_role=made.node_role,
        deployer=access.deployer,
        ingress_class=ingresses.ingress_class,
        priority_classes=priorities.classes,
        provider=made.provider,
    )


def _cluster(key: str, args: HostingArgs) -> ClusterArgs:
    names, cluster = args.environment.names, args.cluster
    return ClusterArgs(
        cluster=names.cluster(key),
        version=cluster.version,
        pools=args.pools,
        role_arn=args.roles.cluster,
        admin_role_arn=args.roles.admin,
        node_role_arn=args.roles.nodes,
        vpc_id=args.vpc_id,
        subnet_ids=args.subnet_ids,
        service_cidr=args.service_cidr,
        public_access_cidrs=cluster.public_access_cidrs,
        private_access_cidrs=cluster.private_access_cidrs,
        key_arn=args.key_arn,
        log_group=names.cluster_log_group(key),
        log_key_arn=args.log_key_arn,
        log_retention_days=cluster.log_retention_days,
        zonal_shift=cluster.zonal_shift,
        protected=args.environment.protected,
    )


def _platform_nodes(args: HostingArgs, made: Cluster) -> NodePoolArgs:
    decided = pools.platform(args.cluster)
    return NodePoolArgs(
        kind=decided.kind,
        pools=decided.pools,
        volume_gib=decided.volume_gib,
        node_role=made.node_role,
        subnet_ids=args.node_subnet_ids,
        security_group_id=made.security_group_id,
        key_arn=args.key_arn,
        tags=args.environment.tags,
    )


def _add_ons(key: str, args: HostingArgs, ready: pulumi.Output[str]) -> AddOnsArgs:
    names, chosen = args.environment.names, add_ons(args.cluster.version)
    return AddOnsArgs(
        account=args.environment.account,
        cluster=names.cluster(key),
        ready=ready,
        add_ons=chosen,
        log_groups={each.name: [names.container_log_group(key, of) for of in each.logs] for each in chosen},
        log_retention_days=args.cluster.log_retention_days,
        log_key_arn=args.log_key_arn,
        roles={each.name: names.add_on_role(key, each.identity.service_account) for each in chosen if each.identity},
        boundary_arn=args.boundary_arn,
    )
