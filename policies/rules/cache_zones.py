"""Caches that outlive a zone: ElastiCache.3."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "automaticFailoverEnabled", True, "No replica would take over.")
    yield from must_be(resource, "multiAzEnabled", True, "Replicas may be in the zone that is lost.")
    # The one counts the replicas of a shard, the other all nodes of the only shard.
    name, least = ("numCacheClusters", 2) if "numCacheClusters" in resource.properties else ("replicasPerNodeGroup", 1)
    nodes = resource.properties.get(name)
    if nodes is UNKNOWN:
        yield Unverified(f"{name} is not known yet; it must be {least} or more.")
    elif nodes is None or nodes < least:
        shown = "not set" if nodes is None else f"{nodes:g}"
        yield Violation(f"{name} is {shown}: set it to {least} or more. A shard without a replica is lost with its node.")


RULE = ResourceRule(
    name="cache-zones",
    description="A cache has a replica of each shard in another zone, which takes over.",
    types=frozenset({"aws:elasticache/replicationGroup:ReplicationGroup"}),
    check=_check,
    level="production",
)
