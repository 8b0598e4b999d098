"""Who people and jobs are to a database: RDS.10."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "iamDatabaseAuthenticationEnabled", True, "People and jobs would need passwords.")


RULE = ResourceRule(
    name="rds-iam-authentication",
    description="People and jobs get into a database as whom IAM knows them.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
    level="production",
)
