"""What everything else stands on: the key, the roles that clusters need, and places for logs."""

from dataclasses import dataclass

import pulumi

from components.bucket import Bucket, BucketArgs, Lifecycle
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
    audit_retention_days: int
    """How long flow logs and access logs are kept."""


class Foundation(pulumi.ComponentResource):
    """One key for the environment's data, one service role for its clusters and one for their nodes, the log bucket, and the audit
    bucket, which has a key and logs of access of its own: what AWS delivers to the log bucket cannot have either."""

    key_arn: pulumi.Output[str]
    cluster_role_arn: pulumi.Output[str]
    node_role_arn: pulumi.Output[str]
    logs_bucket: pulumi.Output[str]
    audit_bucket_arn: pulumi.Output[str]

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
        self.key_arn, self.cluster_role_arn, self.node_role_arn = key.arn, cluster_role.arn, node_role.arn
        self.logs_bucket = Bucket("logs", _logs(args), child).bucket
        self.audit_bucket_arn = Bucket("audit", _audit(args, self.key_arn, self.logs_bucket), child).arn
        self.register_outputs({"key_arn": self.key_arn, "logs_bucket": self.logs_bucket, "audit_bucket_arn": self.audit_bucket_arn})


def _logs(args: FoundationArgs) -> BucketArgs:
    bucket = args.environment.names.bucket("logs")
    return BucketArgs(
        bucket=bucket,
        policy=buckets.log_delivery(bucket, args.environment.account),
        key_arn=None,
        logs_bucket=None,
        protected=args.environment.protected,
        lifecycle=_lifecycle(args),
    )


def _audit(args: FoundationArgs, key_arn: pulumi.Output[str], logs_bucket: pulumi.Output[str]) -> BucketArgs:
    environment = args.environment
    bucket = environment.names.bucket("audit")
    return BucketArgs(
        bucket=bucket,
        policy=buckets.audit(bucket, region=environment.region, account=environment.account),
        key_arn=key_arn,
        logs_bucket=logs_bucket,
        protected=environment.protected,
        lifecycle=_lifecycle(args),
    )


def _lifecycle(args: FoundationArgs) -> Lifecycle:
    return Lifecycle(expiration_days=args.audit_retention_days, noncurrent_days=30, abort_multipart_days=7)
