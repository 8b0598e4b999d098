"""A tenant: a team's, or a pull request's, slice of a platform, in a stack of its own. It is told of the platform by its contract, and
holds nothing of the platform's state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

import contract
from components.namespace import ContainerLimits, Namespace, NamespaceArgs
from components.workload_role import WorkloadRole, WorkloadRoleArgs
from planning import arns, cluster_access, egress, feast_projects
from planning.documents import tenants
from planning.kubeconfig import kubeconfig
from planning.names import Names
from planning.subnets import DNS_ADDRESS, service_address
from planning.tenants import TenantNames
from stacks import models
from tiers import platform_contract
from tiers.environment import provider, tags_of_tenant
from tiers.platform_contract import PlatformContract
from tiers.publication import Fields, publish_tenant, show_pods
from tiers.tenant_stores import Slice, stores
from tiers.workspace import hard

_REQUESTED = {"cpu": "100m", "memory": "128Mi"}
_LIMITED = {"memory": "512Mi"}


@dataclass(frozen=True, kw_only=True)
class TenantArgs:
    tenant: models.Tenant
    platform: PlatformContract
    names: TenantNames
    project: str
    """In Feast."""


class Tenant(pulumi.ComponentResource):
    """Namespaces, roles, a database, users of the online store: all of one tenant, and nothing that another's or the platform's data is
    reached with."""

    published: Fields

    def __init__(self, name: str, args: TenantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Tenant", name, None, opts)
        child, tenant, platform = pulumi.ResourceOptions(parent=self), args.tenant, args.platform
        cluster = _cluster(platform.cluster, child)
        inside = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(providers=[cluster]))
        namespaces = {each: Namespace(each, _namespace(each, args), inside).namespace for each in tenant.namespaces}
        made = stores(_slice(args), child, inside)
        roles = {account: WorkloadRole(account, _role(account, args), child).arn for account in tenant.roles}
        self.published = publish_tenant(
            tenant.platform,
            tenant.environment,
            {
                "platform": tenant.platform,
                "cluster": platform.cluster.cluster,
                "namespaces": list(namespaces.values()),
                "node_pool": platform.feature_store.node_pool,
                "priority_class": platform.feature_store.priority_class,
                "role_arns": roles,
                "project": args.project,
                **made,
                "expires": None if tenant.expires is None else tenant.expires.isoformat(),
            },
            child,
        )
        told = {"feature_store": platform.feature_store.model_dump(), "tenant": self.published}
        for each, namespace in namespaces.items():
            show_pods(each, namespace, told, cluster, child)
        self.register_outputs(dict(self.published))


def assemble(tenant: models.Tenant) -> Mapping[str, Any]:
    """Registers one tenant, and returns what it publishes. Raises PlatformUnknown where its platform is not up."""
    # By itself, for the tags of all else say what the platform is.
    reader = provider("platform", tenant.account, tenant.region)
    platform = platform_contract.read(tenant.platform, reader)
    names = Names(environment=tenant.platform, account=tenant.account)
    project = feast_projects.of_tenant(tenant.feast_project, tenant.environment)
    feast_projects.apart(project, (each.project for each in platform.feature_store.projects.values()))
    account = provider("aws", tenant.account, tenant.region, tags_of_tenant(tenant, platform.foundation.profile))
    args = TenantArgs(tenant=tenant, platform=platform, names=TenantNames(names, tenant.environment), project=project)
    return {"tenant": Tenant("tenant", args, pulumi.ResourceOptions(provider=account)).published}


def _cluster(cluster: contract.Cluster, child: pulumi.ResourceOptions) -> kubernetes.Provider:
    config = kubeconfig(
        cluster=cluster.cluster,
        endpoint=cluster.endpoint,
        certificate_authority=cluster.certificate_authority,
        role_arn=cluster.admin_role_arn,
    )
    return kubernetes.Provider("cluster", kubeconfig=config, enable_config_map_mutable=True, opts=child)


def _namespace(namespace: str, args: TenantArgs) -> NamespaceArgs:
    tenant, network, quota = args.tenant, args.platform.network, args.tenant.namespaces[namespace]
    return NamespaceArgs(
        namespace=namespace,
        quota=hard(quota),
        dns_cidrs=[service_address(args.platform.cluster.service_cidr, DNS_ADDRESS), *network.private_cidrs],
        service_accounts=[account for account, role in tenant.roles.items() if role.namespace == namespace],
        deployer=cluster_access.DEPLOYER,
        deployers=cluster_access.DEPLOYERS if tenant.team is None else cluster_access.team(tenant.team),
        limits=ContainerLimits(requested=_REQUESTED, limited=_LIMITED, most={"cpu": str(quota.cpu), "memory": f"{quota.memory_gib}Gi"}),
        egress=[egress.data(network.data_cidrs), egress.aws()],
    )


def _role(service_account: str, args: TenantArgs) -> WorkloadRoleArgs:
    tenant, platform, role = args.tenant, args.platform, args.tenant.roles[service_account]
    own = tenants.Own(
        region=tenant.region,
        account=tenant.account,
        buckets=[platform.feature_store.offline_bucket, platform.feature_store.staging_bucket],
        prefix=f"{args.project}/",
        secrets=args.names.secrets,
    )
    return WorkloadRoleArgs(
        role=args.names.role(service_account),
        boundary_arn=_boundary(args),
        account=tenant.account,
        region=tenant.region,
        cluster=pulumi.Output.from_input(platform.cluster.cluster),
        namespace=role.namespace,
        service_account=service_account,
        inline_policies=tenants.rights(role.actions, own),
        key_arn=pulumi.Output.from_input(platform.foundation.key_arns["features"]),
        key_services=tenants.services(role.actions),
    )


def _boundary(args: TenantArgs) -> str:
    """The platform's, unless the settings name another."""
    tenant = args.tenant
    return args.platform.foundation.boundary_arn if tenant.boundary is None else arns.policy(tenant.account, tenant.boundary)


def _slice(args: TenantArgs) -> Slice:
    tenant, foundation = args.tenant, args.platform.foundation
    return Slice(
        names=args.names,
        project=args.project,
        foundation=foundation,
        feature_store=args.platform.feature_store,
        generation=tenant.credentials_generation,
        # What expires may be made again at once, under the same names.
        recovery_window_days=0 if foundation.destroyable or tenant.expires is not None else 30,
        retiring=tenant.retiring is not None,
    )
