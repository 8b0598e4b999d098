"""Secrets on disk: CKV_AWS_149.

That they change every 90 days (SecretsManager.1 and .4) is not checked: those look for AWS's own rotation, and ours is a setting that a
person raises (docs/procedures/rotate-credentials.md); how old a password is no property says.
"""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, Violation


def _check(resource: Resource) -> Iterator[Finding]:
    # A key that is not known yet is a key.
    if resource.properties.get("kmsKeyId") is None:
        yield Violation("kmsKeyId is not set: give it a key of ours. With AWS's own, whoever may read secrets in the account reads it.")


RULE = ResourceRule(
    name="secrets-key",
    description="A secret is encrypted with a key of ours.",
    types=frozenset({"aws:secretsmanager/secret:Secret"}),
    check=_check,
    level="production",
)
