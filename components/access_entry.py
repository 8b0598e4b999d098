"""Who gets into a cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.order import known_after
from planning import arns


@dataclass(frozen=True, kw_only=True)
class AccessEntryArgs:
    cluster: pulumi.Input[str]
    principal_arn: pulumi.Output[str]
    kind: Literal["STANDARD", "EC2"]
    """EC2: the nodes of an Auto Mode NodeClass. STANDARD: people and programs."""
    policy: str | None = None
    """The name of one of EKS's own access policies; it applies to the whole cluster."""
    groups: Sequence[str] = ()
    """Kubernetes groups, which roles of the cluster's own may be bound to."""


class AccessEntry(pulumi.ComponentResource):
    """Lets one IAM role into a cluster. `principal_arn` is known to others only once the role is in."""

    principal_arn: pulumi.Output[str]

    def __init__(self, name: str, args: AccessEntryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:AccessEntry", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        entry = aws.eks.AccessEntry(
            name,
            cluster_name=args.cluster,
            principal_arn=args.principal_arn,
            type=args.kind,
            kubernetes_groups=list(args.groups) or None,
            opts=child,
        )
        associations = [
            aws.eks.AccessPolicyAssociation(
                name,
                cluster_name=args.cluster,
                # The entry's own: EKS refuses a policy for a principal that has no entry yet.
                principal_arn=entry.principal_arn,
                policy_arn=arns.cluster_access_policy(policy),
                access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
                opts=child,
            )
            for policy in ([args.policy] if args.policy else [])
        ]
        self.principal_arn = known_after(entry.principal_arn, associations)
        self.register_outputs({"principal_arn": self.principal_arn})
