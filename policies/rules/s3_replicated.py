"""Copies in another region: S3.7, CKV_AWS_144.

A bucket that has none says why in a tag. Where data of persons is, only the reasons that are listed here count.
"""

from collections.abc import Iterator, Mapping, Sequence

from policies.buckets import BUCKETS, with_setting
from policies.rule import UNKNOWN, Finding, Resource, StackRule, Unverified, Violation

REASON = "without-replica"
MADE_AGAIN, LOGS = "made again from its sources", "logs are no source of anything"
REASONS = (MADE_AGAIN, LOGS)
"""What needs no copy wherever it is: what it holds was made of something that has one, or nothing is made of it."""

_REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
_REMEDY = f"add a BucketReplicationConfig, or the tag {REASON} with the reason."


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, replication in with_setting(resources, _REPLICATION):
        if replication is not None:
            yield from _enabled(replication)
            continue
        tags = bucket.properties.get("tags") or {}
        reason = tags.get(REASON) if isinstance(tags, Mapping) else UNKNOWN
        if reason is UNKNOWN:
            yield Unverified(f"the tag {REASON} is not known yet.", bucket.urn)
        elif not reason:
            yield Violation(f"No BucketReplicationConfig is about this bucket: {_REMEDY}", bucket.urn)
        elif bucket.personal and reason not in REASONS:
            said = f"the tag {REASON} is {reason!r}, and where data of persons is only {' and '.join(map(repr, REASONS))} count"
            yield Violation(f"No BucketReplicationConfig is about this bucket: {said}.", bucket.urn)


def _enabled(replication: Resource) -> Iterator[Finding]:
    rules = replication.properties.get("rules")
    if rules is UNKNOWN:
        yield Unverified("rules are not known yet; one must be Enabled.", replication.urn)
    elif not any(each is UNKNOWN or each.get("status") in (UNKNOWN, "Enabled") for each in rules or []):
        yield Violation("no rule of it is Enabled: enable one, nothing is copied.", replication.urn)


RULE = StackRule(
    name="s3-replicated",
    description="Every bucket has a copy, or says why it needs none.",
    types=BUCKETS | {_REPLICATION},
    check=_check,
    level="personal",
)
