"""Bucket policies that nobody could change again."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from policies.buckets import POLICY
from policies.documents import everything, listed
from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_CHANGES = ("*", "s3:*", "s3:Put*", "s3:PutBucketPolicy")


def _check(resource: Resource) -> Iterator[Finding]:
    document = resource.properties.get("policy")
    if document is UNKNOWN:
        yield Unverified("policy is not known yet.")
        return
    read: Any = json.loads(document) if isinstance(document, str) else document
    for statement in listed(read.get("Statement")) if isinstance(read, Mapping) else []:
        if isinstance(statement, Mapping) and _locks_out(statement):
            said = f"the statement {statement.get('Sid', 'without Sid')!r}"
            yield Violation(
                f"{said} denies everybody to change the policy, its author too: give it a condition, or leave s3:PutBucketPolicy out."
            )


def _locks_out(statement: Mapping[str, Any]) -> bool:
    principal: Any = statement.get("Principal")
    everybody = listed(principal.get("AWS") if isinstance(principal, Mapping) else principal)
    return (
        statement.get("Effect") == "Deny"
        and not statement.get("Condition")
        and any(everything(each) for each in everybody)
        and any(each in _CHANGES for each in listed(statement.get("Action")))
    )


RULE = ResourceRule(
    name="s3-lock-out",
    description="No bucket policy locks everybody out.",
    types=frozenset({POLICY}),
    check=_check,
)
