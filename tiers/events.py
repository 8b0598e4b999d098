"""Fresh features and decisions: streams in Kinesis, which Firehose brings into S3, where Athena reads them."""

from dataclasses import dataclass

import pulumi

from components.bucket import Bucket, ObjectLock
from components.event_delivery import EventDelivery, EventDeliveryArgs
from components.event_stream import EventStream, EventStreamArgs
from components.event_table import EventTable, EventTableArgs
from components.role import ManagedRole, ManagedRoleArgs
from planning import events as planned
from planning.documents import delivery, replication, trust
from planning.events import Kind
from stacks import models
from tiers.data_bucket import data_bucket
from tiers.feature_store_args import FeatureStoreArgs
from tiers.offline_store import OFFLINE, OfflineStore
from tiers.publication import Fields
from tiers.replica import Copied, replicate
from tiers.workspace import Place

FEATURE_EVENTS, DECISION_EVENTS = "feature-events", "decision-events"
DECISION_LOG = "decision-log"


@dataclass(frozen=True, kw_only=True)
class _Lane:
    """One kind of event on its way."""

    purpose: str
    kind: Kind
    bucket: Bucket
    bucket_name: str
    kept_days: int | None


def events(args: FeatureStoreArgs, store: OfflineStore, child: pulumi.ResourceOptions) -> Fields:
    """Makes the streams and the decision log, and returns what the contract says of them."""
    settings, names = args.feature_store, args.place.environment.names
    features = _Lane(
        purpose=FEATURE_EVENTS,
        kind=planned.FEATURE_EVENTS,
        bucket=store.bucket,
        bucket_name=names.bucket(OFFLINE),
        kept_days=settings.offline_store.history_days,
    )
    feature_stream = _lane(features, store.database, args, child)
    days = settings.decision_log.retention_days
    if days is None:
        return {"feature_event_stream": feature_stream, "decision_event_stream": None, "decision_log_bucket": None}
    log = _decision_log(settings.decision_log, days, args.place, child)
    decisions = _Lane(purpose=DECISION_EVENTS, kind=planned.DECISIONS, bucket=log, bucket_name=names.bucket(DECISION_LOG), kept_days=days)
    return {
        "feature_event_stream": feature_stream,
        "decision_event_stream": _lane(decisions, store.database, args, child),
        "decision_log_bucket": log.bucket,
    }


def _decision_log(settings: models.DecisionLog, days: int, place: Place, child: pulumi.ResourceOptions) -> Bucket:
    # Always able to lock: the provider makes a bucket that is by replacing one that is not.
    lock = ObjectLock(days=days if settings.lock == "governance" else None)
    log = data_bucket(DECISION_LOG, place, child, kept_days=days, object_lock=lock, without_replica=settings.without_replica)
    if settings.replica is not None:
        role = f"{DECISION_LOG}-{replication.PURPOSE}"
        replicate(Copied(purpose=DECISION_LOG, role=role, bucket=log, locked=True), settings.replica, place, child)
    return log


def _lane(lane: _Lane, database: pulumi.Output[str], args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Makes the stream, its delivery and its table, and returns the stream's name."""
    place, names, settings = args.place, args.place.environment.names, args.feature_store.events
    stream = EventStream(
        lane.purpose,
        EventStreamArgs(
            stream=names.stream(lane.purpose), shards=settings.shards, retention_hours=settings.retention_hours, key_arn=place.key_arn
        ),
        child,
    )
    EventDelivery(
        lane.purpose,
        EventDeliveryArgs(
            delivery_stream=names.delivery_stream(lane.purpose),
            stream_arn=stream.arn,
            bucket_arn=lane.bucket.arn,
            prefix=lane.kind.prefix,
            error_prefix=planned.ERROR_PREFIX,
            role_arn=_role(lane, args, child),
            key_arn=place.key_arn,
            log_group=names.delivery_log_group(lane.purpose),
            log_key_arn=place.log_key_arn,
            log_retention_days=settings.log_retention_days,
        ),
        child,
    )
    EventTable(
        lane.purpose,
        EventTableArgs(
            database=database,
            kind=lane.kind,
            bucket=lane.bucket.bucket,
            properties=planned.projection(lane.bucket_name, lane.kind, lane.kept_days),
        ),
        child,
    )
    return stream.stream


def _role(lane: _Lane, args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    place, environment, names = args.place, args.place.environment, args.place.environment.names
    region, account, stream = environment.region, environment.account, names.stream(lane.purpose)
    document = delivery.events(
        region,
        account,
        stream=stream,
        bucket=lane.bucket_name,
        prefixes=(lane.kind.root, planned.ERRORS),
        log=(names.delivery_log_group(lane.purpose), names.delivery_stream(lane.purpose)),
    )
    return ManagedRole(
        f"{lane.purpose}-delivery",
        ManagedRoleArgs(
            role=names.role(f"{lane.purpose}-delivery"),
            boundary_arn=place.boundary_arn,
            description=f"What Firehose acts as when it delivers {stream}",
            trust=trust.delivery(account),
            managed_policies=(),
            inline_policies=(
                ("events", document),
                # By itself, because the key's ARN is unknown at first preview: the rest stays readable there.
                ("key", place.key_arn.apply(lambda arn: delivery.key(region, account, arn, stream=stream, bucket=lane.bucket_name))),
            ),
        ),
        child,
    ).arn
