"""What queries may do: CKV_AWS_82, CKV_AWS_159."""

from collections.abc import Iterator
from typing import Any

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation


def _check(resource: Resource) -> Iterator[Finding]:
    configuration: Any = resource.properties.get("configuration") or {}
    if configuration is UNKNOWN:
        yield Unverified("configuration is not known yet.")
        return
    # It is on where nothing is said.
    if configuration.get("enforceWorkgroupConfiguration") is False:
        yield Violation("configuration.enforceWorkgroupConfiguration is off, so that each query has its own settings: turn it on.")
    results: Any = configuration.get("resultConfiguration") or {}
    encryption: Any = results if results is UNKNOWN else results.get("encryptionConfiguration") or {}
    if encryption is UNKNOWN:
        yield Unverified("configuration.resultConfiguration is not known yet.")
    # A key that is not known yet is a key.
    elif encryption.get("encryptionOption") not in ("SSE_KMS", "CSE_KMS") or not encryption.get("kmsKeyArn"):
        yield Violation("results are not encrypted with a key of ours: set encryptionOption to 'SSE_KMS', and kmsKeyArn.")


RULE = ResourceRule(
    name="athena-enforced",
    description="A workgroup's own settings hold for every query, and results are encrypted with a key of ours.",
    types=frozenset({"aws:athena/workgroup:Workgroup"}),
    check=_check,
)
