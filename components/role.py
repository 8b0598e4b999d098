"""A role that AWS's own policies describe."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.order import known_after
from planning import arns


@dataclass(frozen=True, kw_only=True)
class ManagedRoleArgs:
    description: str
    trust: str
    managed_policies: tuple[str, ...]
    """Names of policies that AWS maintains."""
    role: str
    """The physical name, which begins with the environment's: CI may make roles of no other."""
    boundary_arn: pulumi.Input[str]
    """The permissions boundary: what the role can never do."""
    inline_policies: tuple[tuple[str, pulumi.Input[str]], ...] = ()
    """(name, document) of what they lack."""


class ManagedRole(pulumi.ComponentResource):
    """An IAM role with AWS managed policies. Its ARN and name are known to others only once the policies are attached."""

    arn: pulumi.Output[str]
    role: pulumi.Output[str]

    def __init__(self, name: str, args: ManagedRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:ManagedRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            name,
            name=args.role,
            description=args.description,
            assume_role_policy=args.trust,
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        permissions: list[pulumi.Resource] = [
            aws.iam.RolePolicyAttachment(f"{name}-{policy}", role=role.name, policy_arn=arns.managed_policy(policy), opts=child)
            for policy in args.managed_policies
        ]
        permissions += [
            aws.iam.RolePolicy(f"{name}-{policy}", name=policy, role=role.name, policy=document, opts=child)
            for policy, document in args.inline_policies
        ]
        # EKS needs the permissions from the cluster's first moment to its last: without them it leaves network interfaces behind.
        self.arn = known_after(role.arn, permissions)
        self.role = known_after(role.name, permissions)
        self.register_outputs({"arn": self.arn, "role": self.role})
