"""A record of who talked to whom in a VPC."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class FlowLogArgs:
    name: str
    """What the console shows."""
    vpc_id: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    """Known only once log delivery may write to the bucket: AWS replaces the policy of a bucket that does not let it."""


class FlowLog(pulumi.ComponentResource):
    """The flow log of a VPC, in a bucket: what was let through and what was not, in records of at most ten minutes."""

    def __init__(self, name: str, args: FlowLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:FlowLog", name, None, opts)
        aws.ec2.FlowLog(
            name,
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="s3",
            log_destination=args.bucket_arn,
            max_aggregation_interval=600,
            tags={"Name": args.name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
