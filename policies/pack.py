"""The rules as policies of the SDK: mandatory ones for violations, advisory ones for what cannot be verified yet."""

from collections.abc import Iterator, Sequence

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
from policies.rule import Finding, ResourceRule, Rule, StackRule, Unverified, Violation
from policies.rules import (
    cache_tls,
    default_security_group_empty,
    iam_all_actions,
    no_world_ingress,
    rds_encrypted,
    rds_private,
    required_tags,
    s3_public_access_block,
    s3_public_access_flags,
    s3_public_acl,
    s3_public_policy,
    vpc_flow_logs,
)

RULES: Sequence[Rule] = (
    s3_public_access_block.RULE,
    s3_public_access_flags.RULE,
    s3_public_acl.RULE,
    s3_public_policy.RULE,
    rds_encrypted.RULE,
    rds_private.RULE,
    cache_tls.RULE,
    iam_all_actions.RULE,
    vpc_flow_logs.RULE,
    default_security_group_empty.RULE,
    no_world_ingress.RULE,
    required_tags.RULE,
)


def _resource_policy(rule: ResourceRule) -> ResourceValidationPolicy:
    def validate(asked: ResourceValidationArgs, report: ReportViolation) -> None:
        if rule.concerns(asked.resource_type):
            for finding in rule.check(reading.from_inputs(asked)):
                if isinstance(finding, Violation):
                    report(finding.message, None)

    return ResourceValidationPolicy(rule.name, rule.description, validate, EnforcementLevel.MANDATORY)


def _stack_policy(rule: StackRule) -> StackValidationPolicy:
    def validate(asked: StackValidationArgs, report: ReportViolation) -> None:
        for finding in _of_stack(rule, asked):
            if isinstance(finding, Violation):
                report(finding.message, finding.urn)

    return StackValidationPolicy(rule.name, rule.description, validate, EnforcementLevel.MANDATORY)


def _of_stack(rule: StackRule, asked: StackValidationArgs) -> Iterator[Finding]:
    return rule.check([reading.from_stack(each) for each in asked.resources if each.resource_type in rule.types])


def _unverified_resources(asked: ResourceValidationArgs, report: ReportViolation) -> None:
    for rule in RULES:
        if isinstance(rule, ResourceRule) and rule.concerns(asked.resource_type):
            for finding in rule.check(reading.from_inputs(asked)):
                if isinstance(finding, Unverified):
                    report(f"{rule.name}: {finding.message}", None)


def _unverified_in_stack(asked: StackValidationArgs, report: ReportViolation) -> None:
    for rule in RULES:
        if isinstance(rule, StackRule):
            for finding in _of_stack(rule, asked):
                if isinstance(finding, Unverified):
                    report(f"{rule.name}: {finding.message}", finding.urn)


# The level is a policy's, not a finding's: what a mandatory rule cannot judge yet is reported by these two, and stops nothing.
_CANNOT = "Cannot verify yet: the rule decides when the value is known, during the update."

POLICIES: list[Policy] = [
    *(_resource_policy(rule) if isinstance(rule, ResourceRule) else _stack_policy(rule) for rule in RULES),
    ResourceValidationPolicy("cannot-verify-yet", _CANNOT, _unverified_resources, EnforcementLevel.ADVISORY),
    StackValidationPolicy("cannot-verify-yet-in-stack", _CANNOT, _unverified_in_stack, EnforcementLevel.ADVISORY),
]
