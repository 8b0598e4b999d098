"""Fixes of the engine: ElastiCache.2."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "autoMinorVersionUpgrade", True, "Fixes of Valkey would wait for somebody to think of them.")


RULE = ResourceRule(
    name="cache-minor-upgrades",
    description="A cache gets minor versions in its maintenance window.",
    types=frozenset({"aws:elasticache/replicationGroup:ReplicationGroup"}),
    check=_check,
    level="production",
)
