"""Databases on the network: RDS.1, RDS.2."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_INSTANCES = frozenset({"aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"})
_SNAPSHOTS = frozenset({"aws:rds/snapshot:Snapshot", "aws:rds/snapshotCopy:SnapshotCopy", "aws:rds/clusterSnapshot:ClusterSnapshot"})


def _check(resource: Resource) -> Iterator[Finding]:
    yield from _address(resource) if resource.type in _INSTANCES else _sharing(resource)


def _address(resource: Resource) -> Iterator[Finding]:
    public = resource.properties.get("publiclyAccessible")
    if public is UNKNOWN:
        yield Unverified("publiclyAccessible is not known yet; it must be False.")
    # Absent is not public: the provider sends False.
    elif public not in (None, False):
        yield Violation(f"publiclyAccessible is {public!r}: set it to False. Whoever needs the database is in its VPC.")


def _sharing(resource: Resource) -> Iterator[Finding]:
    accounts = resource.properties.get("sharedAccounts") or []
    if accounts is UNKNOWN or UNKNOWN in accounts:
        yield Unverified("sharedAccounts is not known yet; it must not hold 'all'.")
    if accounts is not UNKNOWN and "all" in accounts:
        yield Violation("sharedAccounts holds 'all', which is every account of AWS: name the accounts.")


RULE = ResourceRule(
    name="rds-private",
    description="A database has no public address, and no snapshot of one is public.",
    types=_INSTANCES | _SNAPSHOTS,
    check=_check,
)
