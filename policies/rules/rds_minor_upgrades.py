"""Fixes of a database's engine: RDS.13."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "autoMinorVersionUpgrade", True, "Security fixes would wait for somebody to remember them.")


RULE = ResourceRule(
    name="rds-minor-upgrades",
    description="A database takes the minor versions of its engine by itself.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
    level="production",
)
