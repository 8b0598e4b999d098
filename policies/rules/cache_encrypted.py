"""Caches on disk: ElastiCache.4."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, Violation, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    # A group of a global datastore has the encryption of what it joins.
    if resource.properties.get("globalReplicationGroupId"):
        return
    yield from must_be(resource, "atRestEncryptionEnabled", True, "Snapshots and swapped memory would be readable.")
    # A key that is not known yet is a key; only its absence means that AWS's own is used.
    if resource.properties.get("kmsKeyId") is None:
        yield Violation("kmsKeyId is not set: give it a key of ours, so that we decide who can read it, and can take the key away.")


RULE = ResourceRule(
    name="cache-encrypted",
    description="A cache is encrypted on disk with a key of ours.",
    types=frozenset({"aws:elasticache/replicationGroup:ReplicationGroup"}),
    check=_check,
)
