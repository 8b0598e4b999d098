"""SNS: topics, who may use them, and who is told."""

from __future__ import annotations

from localcloud.aws.row import Call, Read, Row, StandIn

_ATTRIBUTES = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "deliveryPolicy": "DeliveryPolicy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}
_PUT_POLICY = Call("set_topic_attributes", "{TopicArn: arn, AttributeName: 'Policy', AttributeValue: policy}")
_CONFIRMED_AT_ONCE = "the emulator takes a subscription by email for confirmed: nobody reads a mail here"


def _as_aws_says(attribute: str) -> Read:
    return Read("get_subscription_attributes", "{SubscriptionArn: id}", f"Attributes.{attribute}=='true'")


ROWS = (
    Row(
        "aws:sns/topic:Topic",
        service="sns",
        id="join(':', ['arn', partition, 'sns', region, account, name])",
        id_pattern=r"arn:[^:]+:sns:[^:]+:\d+:(?P<name>[^:]+)",
        create=(Call("create_topic", "{Name: name, Tags: tagsAll}"),),
        read=(
            Read(
                "get_topic_attributes",
                "{TopicArn: id}",
                """Attributes.{name: '$name', arn: TopicArn, owner: Owner, policy: Policy, displayName: DisplayName,
                    kmsMasterKeyId: KmsMasterKeyId, deliveryPolicy: DeliveryPolicy, signatureVersion: SignatureVersion,
                    tracingConfig: TracingConfig}""",
            ),
        ),
        # As the official provider, on create too: one call for each. An empty value takes one away.
        update=tuple(
            Call("set_topic_attributes", f"{{TopicArn: id, AttributeName: '{attribute}', AttributeValue: {name} || ''}}")
            for name, attribute in _ATTRIBUTES.items()
        ),
        delete=(Call("delete_topic", "{TopicArn: id}"),),
        gone=("NotFound",),
        tags="sns",
        same={"deliveryPolicy": "json"},
    ),
    Row(
        "aws:sns/topicPolicy:TopicPolicy",
        service="sns",
        id="arn",
        create=(_PUT_POLICY,),
        read=(Read("get_topic_attributes", "{TopicArn: id}", "Attributes.{arn: TopicArn, policy: Policy, owner: Owner}"),),
        update=(_PUT_POLICY,),
        # As the official provider: a topic always has a policy, so it gets AWS's default one again.
        delete=(
            Call(
                "set_topic_attributes",
                """{TopicArn: id, AttributeName: 'Policy', AttributeValue: {Version: '2008-10-17', Id: '__default_policy_ID', Statement: [{
                    Sid: '__default_statement_ID', Effect: 'Allow', Principal: {AWS: '*'}, Action: ['SNS:GetTopicAttributes',
                    'SNS:SetTopicAttributes', 'SNS:AddPermission', 'SNS:RemovePermission', 'SNS:DeleteTopic', 'SNS:Subscribe',
                    'SNS:ListSubscriptionsByTopic', 'SNS:Publish', 'SNS:Receive'], Resource: id,
                    Condition: {StringEquals: {"AWS:SourceOwner": state.owner}}}]}}""",
            ),
        ),
        gone=("NotFound",),
    ),
    Row(
        "aws:sns/topicSubscription:TopicSubscription",
        service="sns",
        # With ReturnSubscriptionArn AWS tells the ARN of every subscription; the emulator not that of one that waits for a confirmation.
        id="response.SubscriptionArn != 'pending confirmation' && response.SubscriptionArn || `null`",
        create=(Call("subscribe", "{TopicArn: topic, Protocol: protocol, Endpoint: endpoint, ReturnSubscriptionArn: `true`}"),),
        read=(
            Read(
                "get_subscription_attributes",
                "{SubscriptionArn: id}",
                """Attributes.{arn: SubscriptionArn, topic: TopicArn, protocol: Protocol, endpoint: Endpoint, ownerId: Owner,
                    pendingConfirmation: starts_with(Protocol, 'email') || PendingConfirmation=='true',
                    confirmationWasAuthenticated: !starts_with(Protocol, 'email') && ConfirmationWasAuthenticated=='true'}""",
            ),
        ),
        # AWS does not let go of one that waits for its confirmation: the official provider then only forgets it.
        delete=(Call("unsubscribe", "{SubscriptionArn: id}", when="!pendingConfirmation"),),
        gone=("NotFound",),
        unread=dict.fromkeys(
            ("endpointAutoConfirms", "confirmationTimeoutInMinutes"),
            "the official provider waits for the endpoint's confirmation; from here none is asked",
        ),
        stand_ins={
            "pendingConfirmation": StandIn(_CONFIRMED_AT_ONCE, "sns", _as_aws_says("PendingConfirmation")),
            "confirmationWasAuthenticated": StandIn(_CONFIRMED_AT_ONCE, "sns", _as_aws_says("ConfirmationWasAuthenticated")),
        },
    ),
)
