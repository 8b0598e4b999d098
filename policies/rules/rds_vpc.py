"""Databases outside of the platform's VPC: RDS.18."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, Violation


def _check(resource: Resource) -> Iterator[Finding]:
    # A group that is not known yet is a group.
    if resource.properties.get("dbSubnetGroupName") is None:
        yield Violation("dbSubnetGroupName is not set: name a group of data subnets. Otherwise it is in the account's default VPC.")


RULE = ResourceRule(
    name="rds-vpc",
    description="A database is in subnets that were chosen for it.",
    types=frozenset({"aws:rds/instance:Instance", "aws:rds/cluster:Cluster"}),
    check=_check,
)
