"""The operating system under databases: RDS.6, CKV_AWS_118."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation


def _check(resource: Resource) -> Iterator[Finding]:
    seconds = resource.properties.get("monitoringInterval")
    if seconds is UNKNOWN:
        yield Unverified("monitoringInterval is not known yet; it must not be 0.")
    elif not seconds:
        yield Violation("monitoringInterval is 0 or not set: set it to 60 seconds or less, and monitoringRoleArn to the role it writes as.")


RULE = ResourceRule(
    name="rds-monitoring",
    description="The operating system of a database is monitored.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
    level="production",
)
