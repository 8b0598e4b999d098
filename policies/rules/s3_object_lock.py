"""Locks on objects: S3.15. Advice, for most buckets hold what is overwritten by those who work with it."""

from collections.abc import Iterator, Sequence

from policies.buckets import BUCKETS, setting, with_setting
from policies.rule import Finding, Resource, StackRule, Violation

_LOCK = setting("ObjectLockConfiguration")


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, lock in with_setting(resources, _LOCK):
        # The lock of a bucket that was made to have locks, of decisions say, is not forgotten where it counts.
        if bucket.production and bucket.properties.get("objectLockEnabled") is True and not (lock and lock.properties.get("rule")):
            yield Violation("The bucket can lock objects and locks none by itself: add a default retention.", bucket.urn)


RULE = StackRule(
    name="s3-object-lock",
    description="What can lock objects locks them, in production.",
    types=BUCKETS | {_LOCK},
    check=_check,
    level="production",
)
