"""What RDS does with a database past standard support."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(
        resource,
        "engineLifecycleSupport",
        "open-source-rds-extended-support-disabled",
        "Otherwise RDS charges for extended support without being asked.",
    )


RULE = ResourceRule(
    name="rds-extended-support",
    description="A database is upgraded when its standard support ends, and never charged for staying behind.",
    types=frozenset({"aws:rds/instance:Instance", "aws:rds/cluster:Cluster"}),
    check=_check,
)
