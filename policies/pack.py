"""The rules as policies of the SDK, and advisory ones for what binds production only and for what cannot be verified yet."""

from collections.abc import Callable, Iterator, Sequence

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from policies import reading
from policies.rule import Finding, Resource, ResourceRule, Rule, StackRule, Unverified, Violation
from policies.rules import (
    athena_enforced,
    cache_authentication,
    cache_backups,
    cache_encrypted,
    cache_minor_upgrades,
    cache_subnets,
    cache_tls,
    cache_zones,
    default_security_group_empty,
    firehose_encrypted,
    iam_all_actions,
    kinesis_encrypted,
    no_world_ingress,
    rds_backups,
    rds_ca,
    rds_copy_tags,
    rds_defaults,
    rds_encrypted,
    rds_events,
    rds_extended_support,
    rds_iam_authentication,
    rds_insights,
    rds_logs,
    rds_managed_password,
    rds_minor_upgrades,
    rds_monitoring,
    rds_multi_az,
    rds_private,
    rds_tls,
    rds_vpc,
    required_tags,
    s3_encrypted,
    s3_foreign_principal,
    s3_lifecycle,
    s3_lock_out,
    s3_logged,
    s3_notified,
    s3_object_lock,
    s3_public_access_block,
    s3_public_access_flags,
    s3_public_acl,
    s3_public_policy,
    s3_replicated,
    s3_tls_only,
    s3_versioned,
    secrets_key,
    stateful_protected,
    vpc_flow_logs,
)

RULES: Sequence[Rule] = (
    s3_public_access_block.RULE,
    s3_public_access_flags.RULE,
    s3_public_acl.RULE,
    s3_public_policy.RULE,
    s3_foreign_principal.RULE,
    s3_lock_out.RULE,
    s3_tls_only.RULE,
    s3_encrypted.RULE,
    s3_versioned.RULE,
    s3_lifecycle.RULE,
    s3_logged.RULE,
    s3_object_lock.RULE,
    s3_replicated.RULE,
    s3_notified.RULE,
    kinesis_encrypted.RULE,
    firehose_encrypted.RULE,
    athena_enforced.RULE,
    rds_encrypted.RULE,
    rds_private.RULE,
    rds_vpc.RULE,
    rds_tls.RULE,
    rds_ca.RULE,
    rds_managed_password.RULE,
    rds_extended_support.RULE,
    rds_multi_az.RULE,
    rds_backups.RULE,
    rds_iam_authentication.RULE,
    rds_minor_upgrades.RULE,
    rds_copy_tags.RULE,
    rds_logs.RULE,
    rds_monitoring.RULE,
    rds_insights.RULE,
    rds_events.RULE,
    rds_defaults.RULE,
    cache_authentication.RULE,
    cache_backups.RULE,
    cache_encrypted.RULE,
    cache_minor_upgrades.RULE,
    cache_subnets.RULE,
    cache_tls.RULE,
    cache_zones.RULE,
    secrets_key.RULE,
    iam_all_actions.RULE,
    vpc_flow_logs.RULE,
    default_security_group_empty.RULE,
    no_world_ingress.RULE,
    stateful_protected.RULE,
    required_tags.RULE,
)


def _level(rule: Rule) -> EnforcementLevel:
    return EnforcementLevel.ADVISORY if rule.level == "advisory" else EnforcementLevel.MANDATORY


def _advised(rule: Rule, resource: Resource) -> bool:
    """Whether a violation is advice although the policy that is named after the rule is mandatory."""
    return rule.level != "advisory" and not resource.bound_by(rule.level)


def _resource_policy(rule: ResourceRule) -> ResourceValidationPolicy:
    def validate(asked: ResourceValidationArgs, report: ReportViolation) -> None:
        if rule.concerns(asked.resource_type):
            resource = reading.from_inputs(asked)
            for finding in rule.check(resource):
                if isinstance(finding, Violation) and not _advised(rule, resource):
                    report(finding.message, None)

    return ResourceValidationPolicy(rule.name, rule.description, validate, _level(rule))


def _stack_policy(rule: StackRule) -> StackValidationPolicy:
    def validate(asked: StackValidationArgs, report: ReportViolation) -> None:
        for finding, advised in _of_stack(rule, asked):
            if isinstance(finding, Violation) and not advised:
                report(finding.message, finding.urn)

    return StackValidationPolicy(rule.name, rule.description, validate, _level(rule))


def _of_stack(rule: StackRule, asked: StackValidationArgs) -> Iterator[tuple[Finding, bool]]:
    """What a rule finds, each with whether it is advice."""
    resources = {each.urn: reading.from_stack(each) for each in asked.resources if each.resource_type in rule.types}
    for finding in rule.check(list(resources.values())):
        yield finding, _advised(rule, resources[finding.urn])


def _others_of_resource(kind: type[Finding]) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    """Reports what the rules' own policies do not: of violations those that are advice, of the unverified all."""

    def validate(asked: ResourceValidationArgs, report: ReportViolation) -> None:
        for rule in RULES:
            if isinstance(rule, ResourceRule) and rule.concerns(asked.resource_type):
                resource = reading.from_inputs(asked)
                for finding in rule.check(resource):
                    if isinstance(finding, kind) and (kind is Unverified or _advised(rule, resource)):
                        report(f"{rule.name}: {finding.message}", None)

    return validate


def _others_of_stack(kind: type[Finding]) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(asked: StackValidationArgs, report: ReportViolation) -> None:
        for rule in RULES:
            if isinstance(rule, StackRule):
                for finding, advised in _of_stack(rule, asked):
                    if isinstance(finding, kind) and (kind is Unverified or advised):
                        report(f"{rule.name}: {finding.message}", finding.urn)

    return validate


# The level is a policy's, not a finding's: what a mandatory rule only advises, or cannot judge yet, is reported by these four, and stops
# nothing.
_CANNOT = "Cannot verify yet: the rule decides when the value is known, during the update."
_ADVICE = "What production may not go without: elsewhere it is advice."

POLICIES: list[Policy] = [
    *(_resource_policy(rule) if isinstance(rule, ResourceRule) else _stack_policy(rule) for rule in RULES),
    ResourceValidationPolicy("needed-in-production", _ADVICE, _others_of_resource(Violation), EnforcementLevel.ADVISORY),
    StackValidationPolicy("needed-in-production-in-stack", _ADVICE, _others_of_stack(Violation), EnforcementLevel.ADVISORY),
    ResourceValidationPolicy("cannot-verify-yet", _CANNOT, _others_of_resource(Unverified), EnforcementLevel.ADVISORY),
    StackValidationPolicy("cannot-verify-yet-in-stack", _CANNOT, _others_of_stack(Unverified), EnforcementLevel.ADVISORY),
]
