"""Who is told of what happens to a database."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

# Of https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html, what somebody may have to act on.
INSTANCE_CATEGORIES = (
    "availability",
    "configuration change",
    "deletion",
    "failover",
    "failure",
    "low storage",
    "maintenance",
    "recovery",
    "security patching",
)
PARAMETER_GROUP_CATEGORIES = ("configuration change",)


@dataclass(frozen=True, kw_only=True)
class DatabaseEventsArgs:
    subscription: str
    """What the subscription to the instance is called; that to its parameter group has `-parameters` behind it."""
    topic_arn: pulumi.Input[str]
    """Its policy must let RDS publish: planning.documents.publishers."""
    instance: pulumi.Input[str]
    """The instance's identifier."""
    parameter_group: pulumi.Input[str]


class DatabaseEvents(pulumi.ComponentResource):
    """Subscriptions of a topic to what RDS reports of an instance and of its parameter group."""

    def __init__(self, name: str, args: DatabaseEventsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:DatabaseEvents", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        aws.rds.EventSubscription(
            name,
            name=args.subscription,
            sns_topic=args.topic_arn,
            source_type="db-instance",
            source_ids=[args.instance],
            event_categories=INSTANCE_CATEGORIES,
            opts=child,
        )
        aws.rds.EventSubscription(
            f"{name}-parameters",
            name=f"{args.subscription}-parameters",
            sns_topic=args.topic_arn,
            source_type="db-parameter-group",
            source_ids=[args.parameter_group],
            event_categories=PARAMETER_GROUP_CATEGORIES,
            opts=child,
        )
        self.register_outputs({})
