"""Public access to buckets by bucket policies: S3.2, S3.3, S3.6."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.documents import allowing, everything, listed
from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation


def _check(resource: Resource) -> Iterator[Finding]:
    for statement in allowing(resource.properties.get("policy"), "policy"):
        if not isinstance(statement, Mapping):
            yield statement
            continue
        principals = list(_principals(statement))
        # With NotPrincipal, AWS lets in everybody who is not named.
        if "NotPrincipal" in statement or any(everything(each) for each in principals):
            yield Violation(f"the statement {statement.get('Sid', 'without Sid')!r} allows every principal: name the roles that it is for.")
        elif UNKNOWN in principals:
            yield Unverified(f"a principal of the statement {statement.get('Sid', 'without Sid')!r} is not known yet.")


def _principals(statement: Mapping[str, Any]) -> Iterator[Any]:
    principal: Any = statement.get("Principal")
    for value in principal.values() if isinstance(principal, Mapping) else [principal]:
        yield from listed(value)


RULE = ResourceRule(
    name="s3-public-policy",
    description="No bucket policy lets everybody in.",
    types=frozenset({"aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"}),
    check=_check,
)
