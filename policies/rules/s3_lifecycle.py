"""What nobody deletes and everybody pays for: S3.10, S3.13."""

from collections.abc import Iterator, Sequence
from typing import Any

from policies.buckets import BUCKETS, setting, with_setting
from policies.rule import UNKNOWN, Finding, Resource, StackRule, Unverified, Violation

_LIFECYCLE = setting("LifecycleConfiguration")
_ENDS = ("noncurrentVersionExpiration", "abortIncompleteMultipartUpload")


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, lifecycle in with_setting(resources, _LIFECYCLE):
        if lifecycle is None:
            yield Violation(f"No BucketLifecycleConfiguration is about this bucket: add one with {' and '.join(_ENDS)}.", bucket.urn)
            continue
        rules: Any = lifecycle.properties.get("rules") or []
        if rules is UNKNOWN or UNKNOWN in rules:
            yield Unverified("rules is not known yet.", lifecycle.urn)
            continue
        enabled = [each for each in rules if each.get("status") == "Enabled"]
        for end in _ENDS:
            if not any(each.get(end) for each in enabled):
                yield Violation(f"no rule that is Enabled has {end}: add it.", lifecycle.urn)


RULE = StackRule(
    name="s3-lifecycle",
    description="Every bucket lets go of old versions and of uploads that nobody completes.",
    types=BUCKETS | {_LIFECYCLE},
    check=_check,
    level="production",
)
