"""Public access to buckets by access control lists: S3.2, S3.3, S3.12."""

from collections.abc import Iterator
from typing import Any

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_PUBLIC = frozenset({"public-read", "public-read-write", "authenticated-read"})
_EVERYBODY = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")
_REMEDY = "remove it; who may read is said by roles."


def _check(resource: Resource) -> Iterator[Finding]:
    acl = resource.properties.get("acl")
    if acl is UNKNOWN:
        yield Unverified("acl is not known yet.")
    elif acl in _PUBLIC:
        yield Violation(f"acl is {acl!r}, which lets in anybody on the internet or with an AWS account: {_REMEDY}")
    listed: Any = resource.properties.get("accessControlPolicy")
    grants: Any = listed.get("grants") if isinstance(listed, dict) else listed or resource.properties.get("grants")
    if grants is UNKNOWN:
        yield Unverified("the grants are not known yet.")
        return
    for grant in grants or []:
        yield from _grant(grant)


def _grant(grant: Any) -> Iterator[Finding]:
    # In a bucket's own `grants` the grantee's fields are the grant's.
    grantee: Any = grant if grant is UNKNOWN else grant.get("grantee", grant)
    uri: Any = grantee if grantee is UNKNOWN else grantee.get("uri")
    if uri is UNKNOWN:
        yield Unverified("a grantee is not known yet.")
    elif isinstance(uri, str) and uri.endswith(_EVERYBODY):
        yield Violation(f"a grant is to {uri}, which is anybody on the internet or with an AWS account: {_REMEDY}")


RULE = ResourceRule(
    name="s3-public-acl",
    description="No access control list opens a bucket or an object to the public.",
    types=frozenset(
        {
            "aws:s3/bucket:Bucket",
            "aws:s3/bucketV2:BucketV2",
            "aws:s3/bucketAcl:BucketAcl",
            "aws:s3/bucketAclV2:BucketAclV2",
            "aws:s3/bucketObject:BucketObject",
            "aws:s3/bucketObjectv2:BucketObjectv2",
            "aws:s3/objectCopy:ObjectCopy",
        }
    ),
    check=_check,
)
