"""Public access to buckets: S3.8. The block is a resource of its own, so this is a rule about the whole stack."""

from collections.abc import Iterator, Sequence

from policies.rule import UNKNOWN, Finding, Resource, StackRule, Violation

_BUCKETS = frozenset({"aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"})
_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    blocks = [each for each in resources if each.type == _BLOCK]
    sources = {urn for block in blocks for urn in block.sources.get("bucket", ())}
    names = {block.properties.get("bucket") for block in blocks} - {UNKNOWN, None}
    for bucket in resources:
        if bucket.type in _BUCKETS and bucket.urn not in sources and bucket.properties.get("bucket") not in names:
            yield Violation("No BucketPublicAccessBlock is about this bucket: add one with all four flags on.", bucket.urn)


RULE = StackRule(
    name="s3-public-access-block",
    description="Every bucket has a public access block.",
    types=_BUCKETS | {_BLOCK},
    check=_check,
)
