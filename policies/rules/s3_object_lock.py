"""Locks on objects: S3.15.

Of the decision log, and of what was made to have locks: other buckets hold what those who work with it overwrite and delete, and of a
person's data what that person may have deleted.
"""

from collections.abc import Iterator, Sequence

from policies.buckets import BUCKETS, setting, with_setting
from policies.rule import UNKNOWN, Finding, Resource, StackRule, Unverified, Violation

DECISION_LOG = "-decision-log-"
"""In the names of buckets that hold decisions."""

_LOCK = setting("ObjectLockConfiguration")


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, lock in with_setting(resources, _LOCK):
        able, name = bucket.properties.get("objectLockEnabled"), bucket.properties.get("bucket")
        evidence = isinstance(name, str) and DECISION_LOG in name
        if able is UNKNOWN:
            yield Unverified("objectLockEnabled is not known yet.", bucket.urn)
        elif evidence and able is not True:
            yield Violation("objectLockEnabled is not set: set it to True, for a bucket of decisions is what can be audited.", bucket.urn)
        elif able is True and not (lock and lock.properties.get("rule")):
            yield Violation("The bucket can lock objects and locks none by itself: add a default retention.", bucket.urn)


RULE = StackRule(
    name="s3-object-lock",
    description="Decisions, and whatever else can be locked, are locked.",
    types=BUCKETS | {_LOCK},
    check=_check,
    level="personal",
)
