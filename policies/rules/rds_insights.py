"""What loads a database: CKV_AWS_353."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "performanceInsightsEnabled", True, "Nobody could tell afterwards which query it was.")


RULE = ResourceRule(
    name="rds-insights",
    description="What loads a database is kept, by query.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
    level="production",
)
