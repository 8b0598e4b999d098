"""What everything else stands on: the key, the roles that clusters need, and a place for access logs."""

from dataclasses import dataclass

import pulumi

from components.bucket import Bucket, BucketArgs
from components.key import Key, KeyArgs
from components.role import ManagedRole, ManagedRoleArgs
from planning.documents import auto_mode, buckets, keys, trust
from tiers.environment import Environment

# https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html
CLUSTER_POLICIES = (
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
# https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html
NODE_POLICIES = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly")


@dataclass(frozen=True, kw_only=True)
class FoundationArgs:
    environment: Environment


class Foundation(pulumi.ComponentResource):
    """One key for the environment's data, one service role for its clusters and one for their nodes, and the log bucket."""

    key_arn: pulumi.Output[str]
    cluster_role_arn: pulumi.Output[str]
    node_role_arn: pulumi.Output[str]
    logs_bucket: pulumi.Output[str]

    def __init__(self, name: str, args: FoundationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Foundation", name, None, opts)
        child, environment, names = pulumi.ResourceOptions(parent=self), args.environment, args.environment.names

        cluster_role = ManagedRole(
            "clusters",
            ManagedRoleArgs(
                role=names.role("eks-cluster"),
                description="What EKS acts as in Auto Mode",
                trust=trust.cluster_service(environment.region, environment.account, names.any_cluster),
                managed_policies=CLUSTER_POLICIES,
                inline_policies=(("custom-tags", auto_mode.custom_tags()),),
            ),
            child,
        )
        node_role = ManagedRole(
            "nodes",
            ManagedRoleArgs(description="What EKS nodes act as", trust=trust.nodes(), managed_policies=NODE_POLICIES),
            child,
        )

        def key_policy(volume_role: str) -> str:
            return keys.data_key(
                region=environment.region,
                account=environment.account,
                volume_roles=[volume_role],
                log_groups=names.any_log_group,
            )

        key = Key(
            "data",
            KeyArgs(
                alias=names.key_alias("data"),
                description=f"Data of {names.deployment}",
                policy=cluster_role.role.apply(key_policy),
                deletion_window_days=7 if environment.destroyable else 30,
                protected=environment.protected,
            ),
            child,
        )
        logs = names.bucket("logs")
        self.logs_bucket = Bucket(
            "logs",
            BucketArgs(
                bucket=logs,
                policy=buckets.log_delivery(logs, environment.account),
                key_arn=None,
                logs_bucket=None,
                protected=environment.protected,
            ),
            child,
        ).bucket
        self.key_arn, self.cluster_role_arn, self.node_role_arn = key.arn, cluster_role.arn, node_role.arn
        self.register_outputs({"key_arn": self.key_arn, "logs_bucket": self.logs_bucket})
