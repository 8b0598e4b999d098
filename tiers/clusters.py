"""The clusters: as many as the stack file names. A tier says which one hosts it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.role import ManagedRole, ManagedRoleArgs
from planning.documents import trust
from planning.node_pools import Pool
from stacks import models
from tiers.cluster import Host, HostingArgs, Roles, cluster
from tiers.environment import Environment
from tiers.publication import Fields, publish


@dataclass(frozen=True, kw_only=True)
class ClustersArgs:
    environment: Environment
    clusters: Mapping[str, models.Cluster]
    access: models.Access
    """Who may become what, besides whom the account's own IAM policies let in."""
    pools: Mapping[str, Sequence[Pool]]
    """All node pools of each cluster."""
    cluster_role_arn: pulumi.Input[str]
    node_role_arn: pulumi.Output[str]
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    node_subnet_ids: Sequence[pulumi.Input[str]]
    """The same, for what needs their way out to be there first and to go last."""
    service_cidr: str
    key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    boundary_arn: pulumi.Input[str]


class Clusters(pulumi.ComponentResource):
    """The environment's EKS clusters, which let in only the roles that it makes here: administrator, deployer, viewer, teams."""

    hosts: Mapping[str, Host]
    kubeconfigs: Mapping[str, pulumi.Output[str]]
    published: Fields

    def __init__(self, name: str, args: ClustersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Clusters", name, None, opts)
        child, environment = pulumi.ResourceOptions(parent=self), args.environment
        roles = _roles(args, child)
        made = {key: cluster(key, _hosting(key, args, roles), child) for key in args.clusters}
        self.hosts = {key: host for key, (_, host) in made.items()}
        self.kubeconfigs = {key: each.kubeconfig for key, (each, _) in made.items()}
        self.published = publish(
            "clusters",
            environment.names.environment,
            {
                "clusters": {
                    key: {
                        "cluster": each.cluster,
                        "arn": each.arn,
                        "version": args.clusters[key].version,
                        "endpoint": each.endpoint,
                        "certificate_authority": each.certificate_authority,
                        "service_cidr": args.service_cidr,
                        "admin_role_arn": roles.admin,
                    }
                    for key, (each, _) in made.items()
                }
            },
            child,
        )
        self.register_outputs(dict(self.published))


def _roles(args: ClustersArgs, child: pulumi.ResourceOptions) -> Roles:
    def role(purpose: str, does: str, principals: Sequence[str]) -> pulumi.Output[str]:
        # EKS asks nothing of the roles of people: what they may do is in the clusters.
        managed = ManagedRoleArgs(
            role=args.environment.names.role(purpose),
            boundary_arn=args.boundary_arn,
            description=does,
            trust=trust.people(args.environment.account, principals),
            managed_policies=(),
        )
        return ManagedRole(purpose, managed, child).arn

    access = args.access
    return Roles(
        cluster=args.cluster_role_arn,
        nodes=args.node_role_arn,
        admin=role("cluster-admin", "Administers the clusters", access.cluster_admins),
        deployer=role("cluster-deployer", "Deploys to the tiers' namespaces", access.deployers),
        viewer=role("cluster-viewer", "Reads the clusters, secrets excepted", access.viewers),
        teams={team: role(f"team-{team}", f"Members of {team}", principals) for team, principals in access.teams.items()},
    )


def _hosting(key: str, args: ClustersArgs, roles: Roles) -> HostingArgs:
    return HostingArgs(
        environment=args.environment,
        cluster=args.clusters[key],
        pools=args.pools[key],
        roles=roles,
        vpc_id=args.vpc_id,
        subnet_ids=args.subnet_ids,
        node_subnet_ids=args.node_subnet_ids,
        service_cidr=args.service_cidr,
        key_arn=args.key_arn,
        log_key_arn=args.log_key_arn,
        boundary_arn=args.boundary_arn,
    )
