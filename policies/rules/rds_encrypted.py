"""Databases on disk: RDS.3."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, Violation, must_be

_WHY = "What is stored unencrypted stays so: RDS encrypts only by making the database anew."


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "storageEncrypted", True, _WHY)
    # A key that is not known yet is a key.
    if resource.properties.get("kmsKeyId") is None:
        yield Violation("kmsKeyId is not set: name a key of this project. AWS's own key cannot be denied to anybody in the account.")


RULE = ResourceRule(
    name="rds-encrypted",
    description="A database is encrypted on disk with a key of ours.",
    types=frozenset({"aws:rds/instance:Instance", "aws:rds/cluster:Cluster"}),
    check=_check,
)
