import pulumi
import pulumi_aws as aws
import pytest

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/logs"
TOPIC, POLICY, SUBSCRIPTION = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", "aws:sns/topicSubscription:TopicSubscription"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    """The topic, and something that publishes to it."""

    def program() -> None:
        args = AlarmTopicArgs(topic="dev-alarms", key_arn=KEY, policy='{"who": "may"}', emails=["a@example.com", "b@example.com"])
        aws.ssm.Parameter("publisher", type="String", value=AlarmTopic("alarms", args).arn, opts=pulumi.ResourceOptions())

    return record(program)


def test_messages_are_encrypted(recorded: Recorded) -> None:
    assert recorded.one(TOPIC).inputs["kmsMasterKeyId"] == KEY


def test_who_may_publish_is_said_before_anybody_does(recorded: Recorded) -> None:
    assert recorded.one(POLICY).inputs["policy"] == '{"who": "may"}'
    assert recorded.one(POLICY).urn in recorded.one("aws:ssm/parameter:Parameter").dependencies


def test_everybody_on_call_is_subscribed(recorded: Recorded) -> None:
    subscribed = [(each.inputs["protocol"], each.inputs["endpoint"]) for each in recorded.all(SUBSCRIPTION)]
    assert sorted(subscribed) == [("email", "a@example.com"), ("email", "b@example.com")]
