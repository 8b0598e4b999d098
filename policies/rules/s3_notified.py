"""Who hears of objects: S3.11. Advice only: nothing of the platform waits for one.

That a second factor is needed to delete a version, S3.20, is not advised: only the account's root user can turn it on, and never beside a
lifecycle, which all of ours have: https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html.
"""

from collections.abc import Iterator, Sequence

from policies.buckets import BUCKETS, setting, with_setting
from policies.rule import Finding, Resource, StackRule, Violation

_NOTIFICATION = setting("Notification")


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, notification in with_setting(resources, _NOTIFICATION):
        if notification is None:
            yield Violation("No BucketNotification is about this bucket: nobody hears of what is written and deleted.", bucket.urn)


RULE = StackRule(
    name="s3-notified",
    description="Somebody hears of what is written to a bucket and deleted from it.",
    types=BUCKETS | {_NOTIFICATION},
    check=_check,
    level="advisory",
)
