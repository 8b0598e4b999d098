"""Buckets and their settings, each of which is a resource of its own."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from policies.rule import UNKNOWN, Resource

BUCKETS = frozenset({"aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"})
POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def setting(name: str) -> str:
    """The type of a setting of a bucket: `Versioning` is BucketVersioning's."""
    return f"aws:s3/bucket{name}:Bucket{name}"


def with_setting(resources: Sequence[Resource], type: str) -> Iterator[tuple[Resource, Resource | None]]:
    """Every bucket with its setting of a type; None where it has none. A setting whose bucket's name is not known yet is joined by what
    the name comes from."""
    settings = [each for each in resources if each.type == type]
    for bucket in resources:
        if bucket.type in BUCKETS:
            yield bucket, next((each for each in settings if _is_of(each, bucket)), None)


def takes_access_logs(resources: Sequence[Resource], bucket: Resource) -> bool:
    """Whether S3 delivers access logs to it, which it does to no bucket with a key of ours, nor with access logs of its own:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html."""
    policy = next((found for of, found in with_setting(resources, POLICY) if of is bucket), None)
    return policy is not None and "logging.s3.amazonaws.com" in _text(policy.properties.get("policy"))


def _is_of(setting: Resource, bucket: Resource) -> bool:
    if bucket.urn in setting.sources.get("bucket", ()):
        return True
    name = setting.properties.get("bucket")
    return name is not None and name is not UNKNOWN and name == bucket.properties.get("bucket")


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document, default=str)
