"""Locks on objects: S3.15.

Only of what was made to have locks, decisions say: most buckets hold what those who work with it overwrite and delete.
"""

from collections.abc import Iterator, Sequence

from policies.buckets import BUCKETS, setting, with_setting
from policies.rule import Finding, Resource, StackRule, Violation

_LOCK = setting("ObjectLockConfiguration")


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, lock in with_setting(resources, _LOCK):
        if bucket.properties.get("objectLockEnabled") is True and not (lock and lock.properties.get("rule")):
            yield Violation("The bucket can lock objects and locks none by itself: add a default retention.", bucket.urn)


RULE = StackRule(
    name="s3-object-lock",
    description="What can lock objects locks them.",
    types=BUCKETS | {_LOCK},
    check=_check,
    level="production",
)
