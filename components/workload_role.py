"""What the pods of one service account may do in AWS."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from planning.documents import buckets, keys, trust


@dataclass(frozen=True, kw_only=True)
class WorkloadRoleArgs:
    role: str
    """The physical name, which begins with the environment's."""
    boundary_arn: pulumi.Input[str]
    account: str
    region: str
    cluster: pulumi.Output[str]
    namespace: str
    service_account: str
    access: Sequence[buckets.Access]
    key_arn: pulumi.Output[str]
    """What those buckets are encrypted with."""


class WorkloadRole(pulumi.ComponentResource):
    """An IAM role for one service account of one namespace of one cluster, bound to it by EKS Pod Identity."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: WorkloadRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:WorkloadRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        def trusted(cluster: str) -> str:
            return trust.pods(account=args.account, cluster=cluster, namespace=args.namespace, service_account=args.service_account)

        role = aws.iam.Role(
            name,
            name=args.role,
            description=f"Pods of {args.namespace}/{args.service_account}",
            assume_role_policy=args.cluster.apply(trusted),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        aws.iam.RolePolicy(f"{name}-buckets", name="buckets", role=role.name, policy=buckets.role_access(args.access), opts=child)
        aws.iam.RolePolicy(
            f"{name}-key",
            name="key",
            role=role.name,
            # By itself, because the key's ARN is unknown at first preview: the rest stays readable there.
            policy=args.key_arn.apply(lambda key_arn: keys.use_for_objects(args.region, key_arn)),
            opts=child,
        )
        aws.eks.PodIdentityAssociation(
            name,
            cluster_name=args.cluster,
            namespace=args.namespace,
            service_account=args.service_account,
            role_arn=role.arn,
            opts=child,
        )
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
