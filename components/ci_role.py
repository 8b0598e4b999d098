"""What a job of CI may do in AWS."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class CiRoleArgs:
    role: str
    description: str
    trust: str
    boundary_arn: pulumi.Input[str]
    session_seconds: int
    """The longest for which a job may ask: 3,600 to 43,200."""
    policies: Mapping[str, str]
    """Documents by what follows the role's name in the name of each."""


class CiRole(pulumi.ComponentResource):
    """An IAM role with managed policies of its own: inline ones may have 10,240 characters together, too few to list actions one by one."""

    def __init__(self, name: str, args: CiRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:CiRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            name,
            name=args.role,
            description=args.description,
            assume_role_policy=args.trust,
            permissions_boundary=args.boundary_arn,
            max_session_duration=args.session_seconds,
            opts=child,
        )
        for purpose, document in args.policies.items():
            policy = aws.iam.Policy(
                f"{name}-{purpose}",
                name=f"{args.role}-{purpose}",
                description=f"{args.description}: {purpose}",
                policy=document,
                opts=child,
            )
            aws.iam.RolePolicyAttachment(f"{name}-{purpose}", role=role.name, policy_arn=policy.arn, opts=child)
        self.register_outputs({})
