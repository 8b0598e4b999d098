"""What production may not go without, whatever its stack file says: the policies that can be seen in the settings."""

from collections.abc import Iterator

from stacks.models import Settings
from stacks.models.feature_store import Replicated
from stacks.problems import Problem, shown

PROFILE = "production"

ZONES = 3
BACKUP_DAYS = 14
LOG_DAYS = 365


def problems(settings: Settings) -> list[Problem]:
    """Every policy that the settings break. None where the profile is another one: there they are advice."""
    return list(_problems(settings)) if settings.profile == PROFILE else []


def without_copies(settings: Settings) -> list[str]:
    """What production has no copy of, nor says why. A warning, and no problem: no profile can know a bucket of another region."""
    store = settings.feature_store
    copied: dict[str, Replicated] = {"offline_store": store.offline_store}
    if store.decision_log.retention_days is not None:
        copied["decision_log"] = store.decision_log
    if settings.profile != PROFILE:
        return []
    return [f"feature_store.{name}" for name, each in copied.items() if each.replica is None and each.without_replica is None]


def _problems(settings: Settings) -> Iterator[Problem]:
    network, registry, online_store = settings.network, settings.feature_store.registry, settings.feature_store.online_store
    events, decision_log = settings.feature_store.events, settings.feature_store.decision_log
    # AWS Foundational Security Best Practices and checkov's CKV_* name these too; the others are our own.
    yield from _exactly("destroyable", settings.destroyable, False, "deletion protection and final snapshots, RDS.8")
    yield from _at_least("audit_retention_days", settings.audit_retention_days, LOG_DAYS, "flow logs and access logs for a year")
    yield from _at_least("network.zones", network.zones, ZONES, "two zones are left when one is lost")
    yield from _exactly("network.nat_gateways", network.nat_gateways, "per_zone", "a NAT gateway in each zone")
    for name, cluster in settings.clusters.items():
        yield from _exactly(f"clusters.{name}.zonal_shift", cluster.zonal_shift, True, "clusters move away from a failing zone")
        yield from _at_least(f"clusters.{name}.log_retention_days", cluster.log_retention_days, LOG_DAYS, "logs for a year, CKV_AWS_338")
    if settings.observability.budget_usd_per_month is None:
        expected = "an amount (policy of production: somebody hears of what is spent)"
        yield Problem("observability.budget_usd_per_month", shown(None), expected, "remove the key, or choose another profile")
    yield from _exactly("feature_store.registry.multi_az", registry.multi_az, True, "Multi-AZ databases, RDS.5")
    days = registry.backup_retention_days
    yield from _at_least("feature_store.registry.backup_retention_days", days, BACKUP_DAYS, "backups for 14 days, RDS.11")
    yield from _at_least("feature_store.registry.log_retention_days", registry.log_retention_days, LOG_DAYS, "logs for a year, CKV_AWS_338")
    interval = registry.monitoring_interval_seconds
    yield from _at_least("feature_store.registry.monitoring_interval_seconds", interval, 1, "enhanced monitoring, RDS.6")
    if registry.insights == "none":
        expected = "standard or advanced (policy of production: Database Insights, CKV_AWS_353)"
        yield Problem("feature_store.registry.insights", shown(registry.insights), expected, "remove the key, or choose another profile")
    days = online_store.log_retention_days
    yield from _at_least("feature_store.online_store.log_retention_days", days, LOG_DAYS, "logs for a year, CKV_AWS_338")
    yield from _at_least("feature_store.online_store.replicas", online_store.replicas, 1, "a replica in another zone, ElastiCache.3")
    days = online_store.snapshot_retention_days
    yield from _at_least("feature_store.online_store.snapshot_retention_days", days, BACKUP_DAYS, "backups for 14 days, ElastiCache.1")
    yield from _at_least("feature_store.events.log_retention_days", events.log_retention_days, LOG_DAYS, "logs for a year, CKV_AWS_338")
    yield from _exactly("feature_store.decision_log.lock", decision_log.lock, "governance", "decisions cannot be deleted, S3.15")
    days = LOG_DAYS if decision_log.retention_days is None else decision_log.retention_days  # without any, there is no lock
    yield from _at_least("feature_store.decision_log.retention_days", days, LOG_DAYS, "decisions of a year can be audited")


def _at_least(path: str, got: int, least: int, policy: str) -> Iterator[Problem]:
    if got < least:
        yield Problem(path, shown(got), f"at least {least} (policy of production: {policy})", "raise it, or choose another profile")


def _exactly(path: str, got: object, wanted: object, policy: str) -> Iterator[Problem]:
    if got != wanted:
        yield Problem(path, shown(got), f"{shown(wanted)} (policy of production: {policy})", "remove the key, or choose another profile")
