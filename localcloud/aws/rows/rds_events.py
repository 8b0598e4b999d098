"""RDS: who is told of what happens to instances and their groups."""

from __future__ import annotations

from localcloud.aws.row import Call, Read, Row

ROWS = (
    Row(
        "aws:rds/eventSubscription:EventSubscription",
        service="rds",
        absent="the emulator has no event subscriptions, and nothing happens to an instance here that RDS would report",
        id="name",
        create=(
            Call(
                "create_event_subscription",
                """{SubscriptionName: name, SnsTopicArn: snsTopic, SourceType: sourceType, EventCategories: eventCategories,
                    SourceIds: sourceIds, Enabled: enabled, Tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "describe_event_subscriptions",
                "{SubscriptionName: id}",
                """EventSubscriptionsList[0].{name: CustSubscriptionId, arn: EventSubscriptionArn, customerAwsId: CustomerAwsId,
                    snsTopic: SnsTopicArn, sourceType: SourceType, eventCategories: EventCategoriesList, sourceIds: SourceIdsList,
                    enabled: Enabled}""",
            ),
        ),
        update=(
            Call(
                "modify_event_subscription",
                """{SubscriptionName: id, SnsTopicArn: snsTopic, SourceType: sourceType, EventCategories: eventCategories,
                    Enabled: enabled}""",
            ),
            # The list makes these calls that carry `sourceIds`; its second element decides.
            Call(
                "add_source_identifier_to_subscription",
                "{SubscriptionName: id, SourceIdentifier: each}",
                when="[sourceIds, added.sourceIds][1]",
                each="added.sourceIds",
            ),
            Call(
                "remove_source_identifier_from_subscription",
                "{SubscriptionName: id, SourceIdentifier: each}",
                when="[sourceIds, dropped.sourceIds][1]",
                each="dropped.sourceIds",
            ),
        ),
        delete=(Call("delete_event_subscription", "{SubscriptionName: id}"),),
        gone=("SubscriptionNotFound",),
        tags="rds",
    ),
)
