"""Databases that outlive a zone: RDS.5."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "multiAz", True, "When its zone is lost, so is the database until the zone is back.")


RULE = ResourceRule(
    name="rds-multi-az",
    description="A database has a standby in another zone.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
    level="production",
)
