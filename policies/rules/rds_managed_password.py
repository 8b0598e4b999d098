"""Who knows the master password of a database."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, Violation, must_be

_WRITTEN = ("password", "passwordWo", "masterPassword", "masterPasswordWo")


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "manageMasterUserPassword", True, "RDS then makes, keeps and rotates it, and no program has it.")
    for name in _WRITTEN:
        if resource.properties.get(name) is not None:
            yield Violation(f"{name} is set: remove it, and change the password, for the program and its state have seen it.")


RULE = ResourceRule(
    name="rds-managed-password",
    description="The master password of a database is made and kept by RDS.",
    types=frozenset({"aws:rds/instance:Instance", "aws:rds/cluster:Cluster"}),
    check=_check,
)
