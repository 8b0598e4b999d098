"""Encryption of objects: S3.17."""

from collections.abc import Iterator, Sequence
from typing import Any

from policies.buckets import BUCKETS, POLICY, setting, takes_access_logs, with_setting
from policies.rule import UNKNOWN, Finding, Resource, StackRule, Unverified, Violation

_ENCRYPTION = setting("ServerSideEncryptionConfiguration")
_REMEDY = "encrypt with aws:kms and a key of ours."


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, encryption in with_setting(resources, _ENCRYPTION):
        # S3 delivers access logs to no bucket that is encrypted with a key of ours.
        if takes_access_logs(resources, bucket):
            continue
        if encryption is None:
            yield Violation(f"No BucketServerSideEncryptionConfiguration is about this bucket: {_REMEDY}", bucket.urn)
            continue
        rules: Any = encryption.properties.get("rules") or []
        if rules is UNKNOWN:
            yield Unverified("rules is not known yet.", encryption.urn)
            continue
        for rule in rules or [{}]:
            yield from _rule(rule, encryption.urn)


def _rule(rule: Any, urn: str) -> Iterator[Finding]:
    default: Any = UNKNOWN if rule is UNKNOWN else rule.get("applyServerSideEncryptionByDefault") or {}
    algorithm: Any = UNKNOWN if default is UNKNOWN else default.get("sseAlgorithm")
    if algorithm is UNKNOWN:
        yield Unverified("sseAlgorithm is not known yet.", urn)
    elif algorithm not in ("aws:kms", "aws:kms:dsse"):
        yield Violation(f"sseAlgorithm is {algorithm!r}: {_REMEDY}", urn)
    # A key that is not known yet is a key.
    elif not default.get("kmsMasterKeyId"):
        yield Violation(f"kmsMasterKeyId is not set, so that AWS's own key is taken: {_REMEDY}", urn)


RULE = StackRule(
    name="s3-encrypted",
    description="Every bucket is encrypted with a key of ours, but for what S3 delivers access logs to.",
    types=BUCKETS | {POLICY, _ENCRYPTION},
    check=_check,
)
