"""Access to buckets from other accounts: S3.6."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policies.buckets import POLICY
from policies.documents import allowing, everything, listed
from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unknown, Unverified, Violation


def _check(resource: Resource) -> Iterator[Finding]:
    for statement in allowing(resource.properties.get("policy"), "policy"):
        if not isinstance(statement, Mapping):
            yield statement
            continue
        principal: Any = statement.get("Principal")
        for each in listed(principal.get("AWS")) if isinstance(principal, Mapping) else []:
            # Everybody is what s3-public-policy is about.
            yield from () if everything(each) else _of(each, resource, statement)


def _of(principal: Any, resource: Resource, statement: Mapping[str, Any]) -> Iterator[Finding]:
    said = f"the statement {statement.get('Sid', 'without Sid')!r}"
    accounts = resource.accounts
    if principal is UNKNOWN or isinstance(accounts, Unknown):
        yield Unverified(f"a principal of {said} is not known yet, or not which account the provider is pinned to.")
        return
    account = re.search(r"\b\d{12}\b", str(principal))
    if account is None or account[0] not in accounts:
        yield Violation(
            f"{said} lets in {principal}, which is not of the bucket's account: name a role of the account, and let that be assumed."
        )


RULE = ResourceRule(
    name="s3-foreign-principal",
    description="No bucket policy lets another account in.",
    types=frozenset({POLICY}),
    check=_check,
)
