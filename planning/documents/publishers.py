"""Who publishes to the alarm topic."""

from dataclasses import dataclass

from planning import arns
from planning.documents.statements import allow, deny, document


@dataclass(frozen=True)
class Publisher:
    """An AWS service that publishes on behalf of what matches `source`: an ARN's pattern, with {region} and {account}."""

    sid: str
    service: str
    source: str


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
# https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html
PUBLISHERS = (
    Publisher("CloudWatch", "cloudwatch.amazonaws.com", "arn:aws:cloudwatch:{region}:{account}:alarm:*"),
    Publisher("Budgets", "budgets.amazonaws.com", "arn:aws:budgets::{account}:*"),
    Publisher("DatabaseEvents", "events.rds.amazonaws.com", "arn:aws:rds:{region}:{account}:es:*"),
)


def alarm_topic(region: str, account: str, topic: str) -> str:
    """Lets the publishers publish for this account, and refuses whatever does not come over TLS."""
    arn = arns.topic(region, account, topic)
    return document(
        # ElastiCache publishes to no topic that asks for `aws:SourceAccount`, or names it as a service:
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ECEvents.SNS.html
        allow(
            "CacheEvents",
            "sns:Publish",
            principal={"AWS": "*"},
            resources=arn,
            conditions={"StringEquals": {"aws:SourceOwner": account}},
        ),
        deny("TlsOnly", "sns:Publish", principal={"AWS": "*"}, resources=arn, conditions={"Bool": {"aws:SecureTransport": "false"}}),
        *(
            allow(
                publisher.sid,
                "sns:Publish",
                principal={"Service": publisher.service},
                resources=arn,
                conditions={
                    "StringEquals": {"aws:SourceAccount": account},
                    "ArnLike": {"aws:SourceArn": publisher.source.format(region=region, account=account)},
                },
            )
            for publisher in PUBLISHERS
        ),
    )
