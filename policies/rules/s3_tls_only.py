"""Requests that are not encrypted on their way: S3.5."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.buckets import BUCKETS, POLICY, with_setting
from policies.documents import everything, listed
from policies.rule import UNKNOWN, Finding, Resource, StackRule, Unverified, Violation

_REMEDY = "deny every action to everybody where aws:SecureTransport is false."


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    for bucket, policy in with_setting(resources, POLICY):
        if policy is None:
            yield Violation(f"No BucketPolicy is about this bucket: add one, and {_REMEDY}", bucket.urn)
        elif policy.properties.get("policy") is UNKNOWN:
            yield Unverified("policy is not known yet.", policy.urn)
        elif not any(_refuses_plain_text(each) for each in _statements(policy.properties.get("policy"))):
            yield Violation(f"The policy lets in what is not encrypted: {_REMEDY}", policy.urn)


def _statements(document: Any) -> list[Any]:
    found: Any = json.loads(document) if isinstance(document, str) else document
    return listed(found.get("Statement")) if isinstance(found, Mapping) else []


def _refuses_plain_text(statement: Any) -> bool:
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Deny":
        return False
    principal: Any = statement.get("Principal")
    everybody = listed(principal.get("AWS") if isinstance(principal, Mapping) else principal)
    conditions: Any = statement.get("Condition") or {}
    plain: Any = (conditions.get("Bool") or {}).get("aws:SecureTransport") if isinstance(conditions, Mapping) else None
    return (
        any(everything(each) for each in everybody)
        and any(each in ("*", "s3:*") for each in listed(statement.get("Action")))
        and [str(each).lower() for each in listed(plain)] == ["false"]
    )


RULE = StackRule(
    name="s3-tls-only",
    description="Every bucket refuses what is not encrypted on its way.",
    types=BUCKETS | {POLICY},
    check=_check,
)
