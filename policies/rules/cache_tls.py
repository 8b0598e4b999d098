"""Caches on the network: ElastiCache.5."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation, must_be

_JOINS = {
    "aws:elasticache/replicationGroup:ReplicationGroup": "globalReplicationGroupId",
    "aws:elasticache/cluster:Cluster": "replicationGroupId",
}


def _check(resource: Resource) -> Iterator[Finding]:
    # A member of a group, and a group of a global datastore, have the encryption of what they join.
    if resource.properties.get(_JOINS[resource.type]):
        return
    yield from must_be(resource, "transitEncryptionEnabled", True, "Features would be read and written in the clear.")
    mode = resource.properties.get("transitEncryptionMode")
    if mode is UNKNOWN:
        yield Unverified("transitEncryptionMode is not known yet; it must be 'required'.")
    elif mode not in (None, "required"):
        yield Violation(f"transitEncryptionMode is {mode!r}: set it to 'required'. With 'preferred' clients without TLS are let in.")


RULE = ResourceRule(
    name="cache-tls",
    description="A cache is reached over TLS only.",
    types=frozenset(_JOINS),
    check=_check,
)
