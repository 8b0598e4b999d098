"""A tier's bucket for data."""

import pulumi

from components.bucket import Bucket, BucketArgs, Lifecycle, ObjectLock
from planning.documents import buckets
from tiers.workspace import Place

NONCURRENT_DAYS = 30
"""How long what was overwritten or deleted can be brought back."""
ABORT_MULTIPART_DAYS = 7
MADE_AGAIN = "made again from its sources"
"""Why most buckets need no copy; the policy pack knows the reason."""


def data_bucket(
    purpose: str,
    place: Place,
    child: pulumi.ResourceOptions,
    *,
    without_replica: str | None,
    kept_days: int | None = None,
    object_lock: ObjectLock | None = None,
) -> Bucket:
    """A bucket encrypted with the environment's key. Its objects go after `kept_days`; without it they stay."""
    bucket = place.environment.names.bucket(purpose)
    # What was kept for its days has had its time; what stays for ever is there to be brought back.
    noncurrent_days = NONCURRENT_DAYS if kept_days is None else min(kept_days, NONCURRENT_DAYS)
    args = BucketArgs(
        bucket=bucket,
        policy=buckets.tls_only(bucket),
        key_arn=place.key_arn,
        logs_bucket=place.logs_bucket,
        protected=place.environment.protected,
        lifecycle=Lifecycle(expiration_days=kept_days, noncurrent_days=noncurrent_days, abort_multipart_days=ABORT_MULTIPART_DAYS),
        object_lock=object_lock,
        without_replica=without_replica,
    )
    return Bucket(purpose, args, child)
