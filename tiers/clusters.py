"""The clusters: as many as the stack file names. A tier says which one hosts it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.cluster import Cluster, ClusterArgs
from components.role import ManagedRole, ManagedRoleArgs
from planning.documents import trust
from stacks import models
from tiers.environment import Environment
from tiers.publication import Fields, publish


@dataclass(frozen=True, kw_only=True)
class ClustersArgs:
    environment: Environment
    clusters: Mapping[str, models.Cluster]
    admins: Sequence[str]
    """ARNs that may become administrator, besides whom the account's own IAM policies let in."""
    cluster_role_arn: pulumi.Input[str]
    node_role_arn: pulumi.Output[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    service_cidr: str
    key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    boundary_arn: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Host:
    """What a tier needs of the cluster that hosts it."""

    cluster: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    node_role: pulumi.Output[str]
    provider: kubernetes.Provider


class Clusters(pulumi.ComponentResource):
    """The environment's EKS clusters, all administered by one role that the account can assume."""

    hosts: Mapping[str, Host]
    kubeconfigs: Mapping[str, pulumi.Output[str]]
    published: Fields

    def __init__(self, name: str, args: ClustersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Clusters", name, None, opts)
        child, environment = pulumi.ResourceOptions(parent=self), args.environment
        admin_role = ManagedRole(
            "cluster-admin",
            ManagedRoleArgs(
                role=environment.names.role("cluster-admin"),
                boundary_arn=args.boundary_arn,
                description="Administers the clusters",
                trust=trust.cluster_admins(environment.account, args.admins),
                managed_policies=(),
            ),
            child,
        )
        made = {key: _cluster(key, cluster, args, admin_role.arn, child) for key, cluster in args.clusters.items()}
        self.hosts = {
            key: Host(
                cluster=cluster.cluster,
                security_group_id=cluster.security_group_id,
                node_role=cluster.node_role,
                provider=cluster.provider,
            )
            for key, cluster in made.items()
        }
        self.kubeconfigs = {key: cluster.kubeconfig for key, cluster in made.items()}
        self.published = publish(
            "clusters",
            environment.names.environment,
            {
                "clusters": {
                    key: {
                        "cluster": cluster.cluster,
                        "arn": cluster.arn,
                        "version": args.clusters[key].version,
                        "endpoint": cluster.endpoint,
                        "certificate_authority": cluster.certificate_authority,
                        "service_cidr": args.service_cidr,
                        "admin_role_arn": admin_role.arn,
                    }
                    for key, cluster in made.items()
                }
            },
            child,
        )
        self.register_outputs(dict(self.published))


def _cluster(
    key: str, cluster: models.Cluster, args: ClustersArgs, admin_role_arn: pulumi.Output[str], child: pulumi.ResourceOptions
) -> Cluster:
    names = args.environment.names
    return Cluster(
        key,
        ClusterArgs(
            cluster=names.cluster(key),
            version=cluster.version,
            role_arn=args.cluster_role_arn,
            admin_role_arn=admin_role_arn,
            node_role_arn=args.node_role_arn,
            subnet_ids=args.subnet_ids,
            service_cidr=args.service_cidr,
            public_access_cidrs=cluster.public_access_cidrs,
            key_arn=args.key_arn,
            log_group=names.cluster_log_group(key),
            log_key_arn=args.log_key_arn,
            log_retention_days=cluster.log_retention_days,
            zonal_shift=cluster.zonal_shift,
            protected=args.environment.protected,
        ),
        child,
    )
