"""Access logs: S3.9."""

from collections.abc import Iterator, Sequence

from policies.buckets import BUCKETS, POLICY, setting, takes_access_logs, with_setting
from policies.rule import Finding, Resource, StackRule, Violation

_LOGGING = setting("Logging")


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, logging in with_setting(resources, _LOGGING):
        # Logs of a bucket that takes logs would be logged themselves, without an end.
        if logging is None and not takes_access_logs(resources, bucket):
            yield Violation("No BucketLogging is about this bucket: add one to the log bucket.", bucket.urn)


RULE = StackRule(
    name="s3-logged",
    description="Every bucket is logged, but for what S3 delivers access logs to.",
    types=BUCKETS | {POLICY, _LOGGING},
    check=_check,
    level="personal",
)
