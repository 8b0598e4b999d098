"""A Kubernetes cluster."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.access_entry import AccessEntry, AccessEntryArgs
from components.cluster_upgrade import before_upgrade
from components.security_group import SecurityGroup, SecurityGroupArgs
from planning.kubeconfig import kubeconfig
from planning.node_pools import Pool

API_PORT = 443
CONTROL_PLANE_LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    cluster: str
    version: str
    pools: Sequence[Pool]
    """All that it will have: what an upgrade replaces."""
    role_arn: pulumi.Input[str]
    """What EKS acts as: with AWS's policies for Auto Mode and the custom-tag policy."""
    admin_role_arn: pulumi.Output[str]
    """Who administers it, this program included."""
    node_role_arn: pulumi.Output[str]
    """What the nodes of our NodeClasses act as."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    service_cidr: str
    public_access_cidrs: Sequence[str]
    """From where the API may be reached over the internet; empty: only from inside the VPC."""
    private_access_cidrs: Sequence[str]
    """From where else it may be reached, over the VPC: ranges of peers and of a VPN."""
    key_arn: pulumi.Input[str]
    """What Kubernetes secrets are encrypted with."""
    log_group: str
    """EKS dictates its name."""
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    zonal_shift: bool
    protected: bool
    """Whether Pulumi and EKS refuse to delete it."""


class Cluster(pulumi.ComponentResource):
    """An EKS cluster in Auto Mode, without built-in node pools, that lets in only the roles that were named.

    Components whose options have `provider` are made in it, once its administrator is in.
    """

    cluster: pulumi.Output[str]
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    certificate_authority: pulumi.Output[str]
    """Base64 of PEM."""
    security_group_id: pulumi.Output[str]
    """Of the control plane's network interfaces, and of the nodes."""
    api_group_id: pulumi.Output[str]
    """Of the control plane's network interfaces too, and of nothing else: ours, so that a rule in it says who else reaches the API."""
    node_role: pulumi.Output[str]
    """The name of the nodes' role, known only once nodes of this role are let in."""
    kubeconfig: pulumi.Output[str]
    provider: kubernetes.Provider

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Cluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.api_group_id = SecurityGroup(f"{name}-api", _api_clients(args), child).group_id
        cluster = self._cluster(name, args, child)
        self.cluster, self.arn, self.endpoint = cluster.name, cluster.arn, cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.apply(lambda authority: authority.data or "")
        self.security_group_id = cluster.vpc_config.apply(lambda vpc: vpc.cluster_security_group_id or "")

        nodes = AccessEntryArgs(cluster=cluster.name, principal_arn=args.node_role_arn, kind="EC2", policy="AmazonEKSAutoNodePolicy")
        self.node_role = AccessEntry(f"{name}-nodes", nodes, child).principal_arn.apply(lambda arn: arn.rsplit("/", 1)[1])
        admin_role_arn = AccessEntry(
            f"{name}-admin",
            AccessEntryArgs(cluster=cluster.name, principal_arn=args.admin_role_arn, kind="STANDARD", policy="AmazonEKSClusterAdminPolicy"),
            child,
        ).principal_arn
        # The admin's ARN comes from its access entry: whatever goes into the cluster waits until the door is open,
        # and has left before it closes.
        self.kubeconfig = pulumi.Output.all(
            cluster=cluster.name, endpoint=cluster.endpoint, certificate_authority=self.certificate_authority, role_arn=admin_role_arn
        ).apply(lambda values: kubeconfig(**values))
        # A ConfigMap that changes is changed where it is: pods that read the contract never find it gone.
        self.provider = kubernetes.Provider(name, kubeconfig=self.kubeconfig, enable_config_map_mutable=True, opts=child)
        self._enforce_network_policies(name)
        self.register_outputs({"cluster": self.cluster, "arn": self.arn, "endpoint": self.endpoint, "kubeconfig": self.kubeconfig})

    def _cluster(self, name: str, args: ClusterArgs, child: pulumi.ResourceOptions) -> aws.eks.Cluster:
        log_group = aws.cloudwatch.LogGroup(
            name, name=args.log_group, retention_in_days=args.log_retention_days, kms_key_id=args.log_key_arn, opts=child
        )
        return aws.eks.Cluster(
            name,
            name=args.cluster,
            version=args.version,
            role_arn=args.role_arn,
            access_config=aws.eks.ClusterAccessConfigArgs(authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False),
            bootstrap_self_managed_addons=False,
            # These three are Auto Mode, and go on and off together. Neither pools nor a node role: our own NodeClasses say both.
            compute_config=aws.eks.ClusterComputeConfigArgs(enabled=True, node_pools=[]),
            storage_config=aws.eks.ClusterStorageConfigArgs(block_storage=aws.eks.ClusterStorageConfigBlockStorageArgs(enabled=True)),
            kubernetes_network_config=aws.eks.ClusterKubernetesNetworkConfigArgs(
                elastic_load_balancing=aws.eks.ClusterKubernetesNetworkConfigElasticLoadBalancingArgs(enabled=True),
                service_ipv4_cidr=args.service_cidr,
            ),
            vpc_config=aws.eks.ClusterVpcConfigArgs(
                subnet_ids=args.subnet_ids,
                security_group_ids=[self.api_group_id],
                endpoint_private_access=True,
                endpoint_public_access=bool(args.public_access_cidrs),
                public_access_cidrs=list(args.public_access_cidrs) or None,
            ),
            encryption_config=aws.eks.ClusterEncryptionConfigArgs(
                provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=args.key_arn), resources=["secrets"]
            ),
            enabled_cluster_log_types=list(CONTROL_PLANE_LOGS),
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
            zonal_shift_config=aws.eks.ClusterZonalShiftConfigArgs(enabled=args.zonal_shift),
            deletion_protection=args.protected,
            # EKS makes a missing log group itself: unencrypted, for ever, and in the way of the next cluster of this name.
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protected,
                depends_on=[log_group],
                hooks=before_upgrade(f"{name}-upgrade", args.cluster, args.pools),
            ),
        )

    def _enforce_network_policies(self, name: str) -> None:
        """Without this, Auto Mode ignores network policies: https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html."""
        kubernetes.core.v1.ConfigMap(
            f"{name}-network-policy",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name="amazon-vpc-cni", namespace="kube-system"),
            data={"enable-network-policy-controller": "true"},
            opts=pulumi.ResourceOptions(parent=self, provider=self.provider),
        )


def _api_clients(args: ClusterArgs) -> SecurityGroupArgs:
    return SecurityGroupArgs(
        name=f"{args.cluster}-api",
        description=f"{args.cluster}: clients of the API",
        vpc_id=args.vpc_id,
        port=API_PORT,
        clients={},
        client_cidrs=args.private_access_cidrs,
    )
