"""What loads a database: CKV_AWS_353, CKV_AWS_354."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, Violation, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "performanceInsightsEnabled", True, "Nobody could tell afterwards which query it was.")
    # A key that is not known yet is a key.
    if resource.properties.get("performanceInsightsEnabled") is True and resource.properties.get("performanceInsightsKmsKeyId") is None:
        yield Violation("performanceInsightsKmsKeyId is not set: name a key of this project. It keeps what queries say.")


RULE = ResourceRule(
    name="rds-insights",
    description="What loads a database is kept, by query, with a key of ours.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
    level="production",
)
