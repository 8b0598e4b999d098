"""Where alarms go."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.order import known_after


@dataclass(frozen=True, kw_only=True)
class AlarmTopicArgs:
    topic: str
    key_arn: pulumi.Input[str]
    """Its policy must let the publishers use it: planning.documents.keys.log_writers."""
    policy: str
    emails: Sequence[str]
    """Who is subscribed. SNS asks each to confirm, and sends nothing before."""


class AlarmTopic(pulumi.ComponentResource):
    """An encrypted SNS topic with e-mail subscriptions. Its ARN is known to others only once they may publish to it."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: AlarmTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:AlarmTopic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(name, name=args.topic, kms_master_key_id=args.key_arn, opts=child)
        policy = aws.sns.TopicPolicy(name, arn=topic.arn, policy=args.policy, opts=child)
        for email in args.emails:
            aws.sns.TopicSubscription(f"{name}-{email}", topic=topic.arn, protocol="email", endpoint=email, opts=child)
        self.arn = known_after(topic.arn, [policy])
        self.register_outputs({"arn": self.arn})
