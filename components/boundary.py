"""What no role of an environment can ever do."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.order import known_after
from planning import arns


@dataclass(frozen=True, kw_only=True)
class BoundaryArgs:
    account: str
    policy: str
    """The physical name, which the policy itself refuses to change."""
    document: str


class Boundary(pulumi.ComponentResource):
    """A permissions boundary. Its ARN is known at preview, and whoever uses it waits for the policy."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: BoundaryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Boundary", name, None, opts)
        policy = aws.iam.Policy(
            name,
            name=args.policy,
            description="What no role of the environment can ever do",
            policy=args.document,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = known_after(pulumi.Output.from_input(arns.policy(args.account, args.policy)), [policy])
        self.register_outputs({"arn": self.arn})
