"""How far back caches can go: ElastiCache.1."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

DAYS = 14


def _check(resource: Resource) -> Iterator[Finding]:
    days = resource.properties.get("snapshotRetentionLimit")
    if days is UNKNOWN:
        yield Unverified(f"snapshotRetentionLimit is not known yet; it must be {DAYS} days or more.")
    elif days is None or days < DAYS:
        shown = "not set" if days is None else f"{days:g} days"
        yield Violation(
            f"snapshotRetentionLimit is {shown}: set it to {DAYS} or more. Without one, features are made again from the offline store."
        )


RULE = ResourceRule(
    name="cache-backups",
    description="A cache can be made again from a snapshot of any of the last 14 days.",
    types=frozenset({"aws:elasticache/replicationGroup:ReplicationGroup"}),
    check=_check,
    level="production",
)
