"""The feature store: registry, online store, offline store and the log of decisions."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from planning import cache, feast_projects, mysql, windows
from planning.documents.replication import Replica
from planning.refusal import Refused
from stacks.fields import (
    BucketArn,
    CacheNodeType,
    DailyWindow,
    DatabaseClass,
    FeastProjectName,
    KeyArn,
    LogRetentionDays,
    MysqlVersion,
    Positive,
    TagValue,
    ValkeyVersion,
    WeeklyWindow,
    different,
    refusal,
)
from stacks.models.base import Model
from stacks.models.clusters import Tier


class Registry(Model):
    """Feast's registry and other metadata, in RDS MySQL."""

    version: MysqlVersion
    """MySQL release series, in RDS standard support."""
    instance_class: DatabaseClass
    """RDS instance class."""
    storage_gib: Annotated[int, Field(ge=20, le=65536)]
    """Storage to begin with (gp3)."""
    storage_limit_gib: Annotated[int, Field(ge=20, le=65536)]
    """Storage grows by itself up to here; at least a tenth above storage_gib."""
    multi_az: bool
    """Whether a standby in another zone takes over."""
    read_replicas: Annotated[int, Field(ge=0, le=15)] = 0
    """Read replicas: none, for RDS makes none of an instance whose master password it manages."""
    backup_retention_days: Annotated[int, Field(ge=1, le=35)]
    """How far back the database can be restored."""
    backup_window: DailyWindow
    """When backups are taken, each day, in UTC: 30 minutes or more."""
    maintenance_window: WeeklyWindow
    """When AWS may restart it, in UTC: 30 minutes or more, apart from backup_window."""
    log_retention_days: LogRetentionDays
    """How long error and slow-query logs are kept."""
    monitoring_interval_seconds: Literal[0, 1, 5, 10, 15, 30, 60]
    """How often the metrics of its operating system are taken; 0: never."""
    insights: Literal["none", "standard", "advanced"]
    """How Database Insights shows what loads it: standard keeps 7 days, advanced 15 months and is paid for."""

    @model_validator(mode="after")
    def _fits(self) -> "Registry":
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
        least = -(-self.storage_gib * 11 // 10)
        if self.storage_limit_gib < least:
            raise refusal(f"at least {least}, a tenth above storage_gib", "raise the limit", at="storage_limit_gib")
        if self.read_replicas:
            # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations
            expected = "0: RDS makes no read replica of an instance whose master password it manages in Secrets Manager"
            raise refusal(expected, "read from the instance, or raise instance_class", at="read_replicas")
        if self.insights != "none" and self.instance_class in mysql.CLASSES_WITHOUT_INSIGHTS:
            expected = f"none: RDS has no Database Insights on {self.instance_class}"
            raise refusal(expected, "set it to none, or use db.t4g.medium or a larger class", at="insights")
        if windows.overlap(self.backup_window, self.maintenance_window):
            expected = f"a window apart from backup_window, {self.backup_window}"
            raise refusal(expected, "move one of them", at="maintenance_window")
        return self


class OnlineStore(Model):
    """Feast's online store, in ElastiCache for Valkey, cluster mode."""

    version: ValkeyVersion
    """Valkey version."""
    node_type: CacheNodeType
    """ElastiCache node type; scripts/size_online_store.py says which holds how much."""
    shards: Annotated[int, Field(ge=1, le=cache.MOST_NODES)]
    """Parts that the keys are spread over: 1, or 3 and more, as of two primaries none is a majority when the other is lost."""
    replicas: Annotated[int, Field(ge=0, le=cache.MOST_REPLICAS)]
    """Replicas of each shard, in other zones; from one on, failover is automatic."""
    eviction: cache.Eviction = "noeviction"
    """What happens when memory is full. `noeviction`: writing features fails, which is seen, and what is there is read as before.
    `volatile-lru`: features with a time to live go first, and where none has one, as in Feast unless it is asked for, it is noeviction.
    `allkeys-lru`: features go unseen, and models decide without them."""
    log_retention_days: LogRetentionDays
    """How long slow and engine logs are kept."""
    snapshot_retention_days: Annotated[int, Field(ge=0, le=35)]
    """How long daily snapshots are kept; 0: none are taken."""
    snapshot_window: DailyWindow
    """When snapshots are taken, each day, in UTC: an hour or more."""
    maintenance_window: WeeklyWindow
    """When AWS may restart nodes, in UTC: an hour or more, apart from snapshot_window."""

    @model_validator(mode="after")
    def _nodes_fit(self) -> "OnlineStore":
        if self.shards == 2:
            raise refusal("1, or 3 and more: of two primaries none is a majority when the other is lost", "use 1 or 3", at="shards")
        nodes = self.shards * (1 + self.replicas)
        if nodes > cache.MOST_NODES:
            expected = (
                f"at most {cache.MOST_NODES} nodes, ElastiCache's quota; {self.shards} shards with {self.replicas} replicas are {nodes}"
            )
            raise refusal(expected, "use fewer shards of a larger node_type", at="shards")
        return self

    @model_validator(mode="after")
    def _windows_are_apart(self) -> "OnlineStore":
        for key, window in (("snapshot_window", self.snapshot_window), ("maintenance_window", self.maintenance_window)):
            if windows.minutes(window) < 60:
                raise refusal("an hour or more", "end the window later", at=key)
        if windows.overlap(self.snapshot_window, self.maintenance_window):
            expected = f"a window apart from snapshot_window, {self.snapshot_window}"
            raise refusal(expected, "move one of them", at="maintenance_window")
        return self


class Replicated(Model):
    """Objects in S3 of which there may be a copy elsewhere."""

    replica_bucket_arn: BucketArn | None = None
    replica_key_arn: KeyArn | None = None
    without_replica: TagValue | None = None

    @model_validator(mode="after")
    def _replica_is_whole(self) -> "Replicated":
        if self.replica_bucket_arn and not self.replica_key_arn:
            raise refusal("a KMS key beside replica_bucket_arn", "name the key that encrypts the copies", at="replica_key_arn")
        if self.replica_key_arn and not self.replica_bucket_arn:
            raise refusal("a bucket beside replica_key_arn", "name the bucket, or remove the key", at="replica_bucket_arn")
        if self.replica_bucket_arn and self.without_replica:
            raise refusal("no reason beside replica_bucket_arn", "remove one of them", at="without_replica")
        return self

    @property
    def replica(self) -> Replica | None:
        """Where copies go; None: nowhere."""
        bucket_arn, key_arn = self.replica_bucket_arn, self.replica_key_arn
        return Replica(bucket_arn=bucket_arn, key_arn=key_arn) if bucket_arn and key_arn else None


class OfflineStore(Replicated):
    """Past feature values, in S3, and the queries over them, in Athena."""

    history_days: Positive | None = None
    """How long past feature values are kept; without it: for ever."""
    athena_scan_limit_gib: Annotated[int, Field(ge=1, le=1_048_576)]
    """What one query of Athena may scan; one that would scan more is ended."""
    replica_bucket_arn: BucketArn | None = None
    """A versioned bucket that past feature values are copied to, of another region or account; without it there is no copy."""
    replica_key_arn: KeyArn | None = None
    """The KMS key that encrypts the copies, of the bucket's region; its policy and the bucket's let the role ENVIRONMENT-replication in."""
    without_replica: TagValue | None = None
    """Why there is no copy; what the policy pack wants of production instead of one. Not where data_classification is pii."""


class Events(Model):
    """Fresh features and decisions on their way to S3, in Kinesis."""

    shards: Annotated[int, Field(ge=1, le=200)] | None = None
    """Shards of each stream, for 1 MiB or 1,000 events a second each; without it Kinesis follows the traffic (on demand)."""
    retention_hours: Annotated[int, Field(ge=24, le=8760)]
    """How long an event can be read from its stream again."""
    log_retention_days: LogRetentionDays
    """How long is kept what could not be delivered, and why."""


class DecisionLog(Replicated):
    """What was decided, and on which features: for audit."""

    retention_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """How long a decision is kept, and with `lock` cannot be deleted; without it there is no decision log."""
    lock: Literal["none", "governance"] = "none"
    """`governance`: only a role that may bypass the lock can delete a decision within retention_days. Not where destroyable is true."""
    replica_bucket_arn: BucketArn | None = None
    """A versioned bucket, able to lock, that decisions are copied to, of another region or account; without it there is no copy."""
    replica_key_arn: KeyArn | None = None
    """The KMS key that encrypts the copies, of the bucket's region; its policy and the bucket's let the role
    ENVIRONMENT-decision-log-replication in."""
    without_replica: TagValue | None = None
    """Why there is no copy; what the policy pack wants of production instead of one. Not where data_classification is pii."""

    @model_validator(mode="after")
    def _locks_something(self) -> "DecisionLog":
        if self.lock != "none" and self.retention_days is None:
            raise refusal("a number of days beside lock", "say how long decisions are locked, or remove the lock", at="retention_days")
        return self


def _apart(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        feast_projects.projects(different(names))
    except Refused as error:
        raise refusal(f"{error.expected}: {error.got}", error.remedy) from None
    return names


class FeatureStore(Tier):
    """The feature store and where its jobs run."""

    projects: Annotated[tuple[FeastProjectName, ...], Field(min_length=1, max_length=feast_projects.MOST), AfterValidator(_apart)]
    """Projects of Feast: each has a database, keys of its own in the online store, and users who reach nothing else. In Feast a project's
    name has a suffix, by which no name is the end of another."""
    credentials_generation: Annotated[int, Field(ge=1)] = 1
    """Raised by one, it makes each user another password; the one before stays valid until it is raised again. Never lowered:
    docs/procedures/rotate-credentials.md."""

    registry: Registry
    online_store: OnlineStore
    offline_store: OfflineStore
    events: Events
    decision_log: DecisionLog = DecisionLog()

    @property
    def replicas(self) -> tuple[Replica, ...]:
        """Where copies go of what is copied."""
        # Without decisions there is nothing to copy.
        log = self.decision_log.replica if self.decision_log.retention_days is not None else None
        return tuple(each for each in (self.offline_store.replica, log) if each is not None)
