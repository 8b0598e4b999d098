"""Public access to buckets: S3.1, S3.8."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, must_be

FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _check(resource: Resource) -> Iterator[Finding]:
    for flag in FLAGS:
        yield from must_be(resource, flag, True, "It is off by default.")


RULE = ResourceRule(
    name="s3-public-access-flags",
    description="A public access block blocks all four ways in.",
    types=frozenset({"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"}),
    check=_check,
)
