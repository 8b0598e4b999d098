"""What databases write down: RDS.9, CKV_AWS_129. Not the general log, which holds every statement with its values."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_LOGS = ("error", "slowquery")


def _check(resource: Resource) -> Iterator[Finding]:
    exported = resource.properties.get("enabledCloudwatchLogsExports") or []
    if exported is UNKNOWN or UNKNOWN in exported:
        yield Unverified(f"enabledCloudwatchLogsExports is not known yet; it must hold {', '.join(_LOGS)}.")
    elif missing := [each for each in _LOGS if each not in exported]:
        yield Violation(f"enabledCloudwatchLogsExports lacks {', '.join(missing)}: add it. On the instance a log is kept for hours.")


RULE = ResourceRule(
    name="rds-logs",
    description="What a MySQL database writes down is kept outside of it.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
    level="production",
)
