"""What snapshots are found and paid for by: RDS.17."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "copyTagsToSnapshot", True, "Its snapshots would be nobody's.")


RULE = ResourceRule(
    name="rds-copy-tags",
    description="Snapshots of a database have its tags.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
    level="production",
)
