"""Where caches are: ElastiCache.7."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation


def _check(resource: Resource) -> Iterator[Finding]:
    group = resource.properties.get("subnetGroupName")
    if group is UNKNOWN:
        yield Unverified("subnetGroupName is not known yet; it must be a subnet group of ours.")
    elif group in (None, "default"):
        yield Violation(
            "subnetGroupName is the default: name a subnet group of data subnets. In the default VPC whatever runs there reaches it."
        )


RULE = ResourceRule(
    name="cache-subnets",
    description="A cache is in a subnet group of ours.",
    types=frozenset({"aws:elasticache/replicationGroup:ReplicationGroup"}),
    check=_check,
)
