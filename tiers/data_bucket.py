"""A tier's bucket for data."""

import pulumi

from components.bucket import Bucket, BucketArgs
from planning.documents import buckets
from tiers.workspace import Place


def data_bucket(purpose: str, place: Place, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """A bucket encrypted with the environment's key, and its name."""
    bucket = place.environment.names.bucket(purpose)
    args = BucketArgs(
        bucket=bucket,
        policy=buckets.tls_only(bucket),
        key_arn=place.key_arn,
        logs_bucket=place.logs_bucket,
        protected=place.environment.protected,
    )
    return Bucket(purpose, args, child).bucket
