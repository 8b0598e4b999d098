"""Versions of objects: S3.14."""

from collections.abc import Iterator, Sequence
from typing import Any

from policies.buckets import BUCKETS, setting, with_setting
from policies.rule import UNKNOWN, Finding, Resource, StackRule, Unverified, Violation

_VERSIONING = setting("Versioning")


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, versioning in with_setting(resources, _VERSIONING):
        if versioning is None:
            yield Violation("No BucketVersioning is about this bucket: add one that is Enabled.", bucket.urn)
            continue
        configuration: Any = versioning.properties.get("versioningConfiguration") or {}
        status: Any = UNKNOWN if configuration is UNKNOWN else configuration.get("status")
        if status is UNKNOWN:
            yield Unverified("versioningConfiguration.status is not known yet.", versioning.urn)
        elif status != "Enabled":
            yield Violation(f"versioningConfiguration.status is {status!r}: set it to 'Enabled'.", versioning.urn)


RULE = StackRule(
    name="s3-versioned",
    description="Every bucket is versioned.",
    types=BUCKETS | {_VERSIONING},
    check=_check,
)
