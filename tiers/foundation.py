"""What everything else stands on: keys, logs, the roles that clusters need, the boundary of all roles, images, alarms, and who deploys."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.boundary import Boundary, BoundaryArgs
from components.budget import Budget, BudgetArgs
from components.repository import Repository, RepositoryArgs
from components.role import ManagedRole, ManagedRoleArgs
from planning import arns, images
from planning.documents import auto_mode, boundary, publishers, trust
from planning.documents.keys import Domain
from planning.documents.replication import Replica
from stacks import models
from tiers.ci_roles import CiRolesArgs, ci_roles
from tiers.encryption import keys_by_domain
from tiers.environment import Environment
from tiers.log_buckets import log_buckets
from tiers.publication import Fields, publish

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
    images: Sequence[str]
    observability: models.Observability
    boundary: str | None
    """The name of the permissions boundary that the roles carry; None: one of the environment's own."""
    ci: models.Ci | None
    replicas: Sequence[Replica]
    """Where the environment's buckets are copied to."""
    outliving_keys: Collection[Domain]
    """Of what stays, encrypted, when the environment is destroyed."""


class Foundation(pulumi.ComponentResource):
    """One key for each domain of data, one service role for clusters and one for their nodes, the buckets for logs, a repository for each
    image, the alarm topic and the budget, the boundary that every role carries, and the roles of CI."""

    keys: Mapping[Domain, pulumi.Output[str]]
    """ARNs by domain."""
    boundary_arn: pulumi.Output[str]
    cluster_role_arn: pulumi.Output[str]
    node_role_arn: pulumi.Output[str]
    logs_bucket: pulumi.Output[str]
    audit_bucket_arn: pulumi.Output[str]
    alarm_topic_arn: pulumi.Output[str]
    """Known once its publishers may publish to it."""
    published: Fields

    def __init__(self, name: str, args: FoundationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Foundation", name, None, opts)
        self._args, self._child = args, pulumi.ResourceOptions(parent=self)
        environment, names = args.environment, args.environment.names
        self.boundary_arn = self._boundary()
        cluster_role = self._cluster_role()
        self.cluster_role_arn = cluster_role.arn
        self.node_role_arn = self._node_role().arn
        self.keys = keys_by_domain(environment, cluster_role.role, args.outliving_keys, self._child)
        self.logs_bucket, self.audit_bucket_arn = log_buckets(environment, args.audit_retention_days, self.keys["logs"], self._child)
        self.alarm_topic_arn = self._alarm_topic()
        if args.ci is not None:
            ci_roles(CiRolesArgs(environment=environment, ci=args.ci, boundary_arn=self.boundary_arn), self._child)
        self.published = publish(
            "foundation",
            names.environment,
            {
                "repositories": self._repositories(),
                "alarm_topic_arn": self.alarm_topic_arn,
                "key_arns": self.keys,
                "boundary_arn": self.boundary_arn,
                "profile": environment.tags["profile"],
                "destroyable": environment.destroyable,
            },
            self._child,
        )
        self.register_outputs(dict(self.published))

    def _boundary(self) -> pulumi.Output[str]:
        environment, names = self._args.environment, self._args.environment.names
        if self._args.boundary is not None:
            return pulumi.Output.from_input(arns.policy(environment.account, self._args.boundary))
        document = boundary.boundary(names, environment.region, keeps_audit_logs=not environment.destroyable, replicas=self._args.replicas)
        args = BoundaryArgs(account=environment.account, policy=names.policy(boundary.PURPOSE), document=document)
        return Boundary("boundary", args, self._child).arn

    def _cluster_role(self) -> ManagedRole:
        environment, names = self._args.environment, self._args.environment.names
        return ManagedRole(
            "clusters",
            ManagedRoleArgs(
                role=names.role("eks-cluster"),
                boundary_arn=self.boundary_arn,
                description="What EKS acts as in Auto Mode",
                trust=trust.cluster_service(environment.region, environment.account, names.any_cluster),
                managed_policies=CLUSTER_POLICIES,
                inline_policies=(("custom-tags", auto_mode.custom_tags()),),
            ),
            self._child,
        )

    def _node_role(self) -> ManagedRole:
        return ManagedRole(
            "nodes",
            ManagedRoleArgs(
                role=self._args.environment.names.role("eks-nodes"),
                boundary_arn=self.boundary_arn,
                description="What EKS nodes act as",
                trust=trust.nodes(),
                managed_policies=NODE_POLICIES,
            ),
            self._child,
        )

    def _repositories(self) -> Mapping[str, pulumi.Output[str]]:
        environment = self._args.environment
        return {
            image: Repository(
                image,
                RepositoryArgs(
                    repository=environment.names.repository(image),
                    key_arn=self.keys["clusters"],
                    lifecycle=images.lifecycle(),
                    destroyable=not environment.protected,
                ),
                self._child,
            ).url
            for image in self._args.images
        }

    def _alarm_topic(self) -> pulumi.Output[str]:
        environment, names, observability = self._args.environment, self._args.environment.names, self._args.observability
        topic = names.topic("alarms")
        arn = AlarmTopic(
            "alarms",
            AlarmTopicArgs(
                topic=topic,
                key_arn=self.keys["logs"],
                policy=publishers.alarm_topic(environment.region, environment.account, topic),
                emails=observability.alarm_emails,
            ),
            self._child,
        ).arn
        if observability.budget_usd_per_month is not None:
            args = BudgetArgs(
                account=environment.account,
                budget=names.budget("monthly"),
                usd_per_month=observability.budget_usd_per_month,
                tag=("deployment", names.deployment),
                topic_arn=arn,
                emails=observability.alarm_emails,
            )
            Budget("monthly", args, self._child)
        return arn
