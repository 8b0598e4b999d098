"""How far back databases can go: RDS.11."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

DAYS = 14


def _check(resource: Resource) -> Iterator[Finding]:
    days = resource.properties.get("backupRetentionPeriod")
    if days is UNKNOWN:
        yield Unverified(f"backupRetentionPeriod is not known yet; it must be {DAYS} days or more.")
    elif days is None or days < DAYS:
        shown = "not set" if days is None else f"{days:g} days"
        yield Violation(f"backupRetentionPeriod is {shown}: set it to {DAYS} or more. What is found out later cannot be undone.")


RULE = ResourceRule(
    name="rds-backups",
    description=f"A database can be restored to any moment of the last {DAYS} days.",
    types=frozenset({"aws:rds/instance:Instance", "aws:rds/cluster:Cluster"}),
    check=_check,
    level="production",
)
