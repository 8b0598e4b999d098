"""What production cannot get back: RDS.8, CKV_AWS_293.

`scripts/retire.py` takes the protections off in an update of its own, which this rule would refuse: the pack is not part of it.
"""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation, must_be

_DELETION_PROTECTION = frozenset({"aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:eks/cluster:Cluster"})
_FINAL_SNAPSHOT = frozenset({"aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup"})
_OTHERS = frozenset({"aws:s3/bucket:Bucket", "aws:kms/key:Key"})


def _check(resource: Resource) -> Iterator[Finding]:
    if not resource.protect:
        yield Violation("protect is off: set it to true. Pulumi would delete it with everything in it.")
    if resource.type in _DELETION_PROTECTION:
        yield from must_be(resource, "deletionProtection", True, "Anybody who may delete it could do so by a slip.")
    if resource.type in _FINAL_SNAPSHOT and resource.properties.get("finalSnapshotIdentifier") is None:
        yield Violation("finalSnapshotIdentifier is not set: name the snapshot that it is to leave; a deletion cannot be taken back.")
    for name in ("skipFinalSnapshot", "forceDestroy"):
        yield from _off(resource, name)


def _off(resource: Resource, name: str) -> Iterator[Finding]:
    value = resource.properties.get(name)
    if value is UNKNOWN:
        yield Unverified(f"{name} is not known yet; it must be False.")
    elif value not in (None, False):
        yield Violation(f"{name} is {value!r}: set it to False. What it holds would be lost with it.")


RULE = ResourceRule(
    name="stateful-protected",
    description="Production's databases, caches, buckets, keys and clusters are protected from deletion, and leave a snapshot.",
    types=_DELETION_PROTECTION | _FINAL_SNAPSHOT | _OTHERS,
    check=_check,
    level="production",
)
