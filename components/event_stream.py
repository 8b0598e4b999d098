"""A stream of events."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class EventStreamArgs:
    stream: str
    shards: int | None
    """None: on demand."""
    retention_hours: int
    key_arn: pulumi.Input[str]


class EventStream(pulumi.ComponentResource):
    """A Kinesis stream, encrypted with our key."""

    stream: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: EventStreamArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:EventStream", name, None, opts)
        made = aws.kinesis.Stream(
            name,
            name=args.stream,
            shard_count=args.shards,
            stream_mode_details=aws.kinesis.StreamStreamModeDetailsArgs(stream_mode="PROVISIONED" if args.shards else "ON_DEMAND"),
            retention_period=args.retention_hours,
            encryption_type="KMS",
            kms_key_id=args.key_arn,
            # A reader of its own that somebody registered does not keep the stream from going.
            enforce_consumer_deletion=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.stream, self.arn = made.name, made.arn
        self.register_outputs({"stream": self.stream})
