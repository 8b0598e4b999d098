"""The rules as policies of the SDK, and advisory ones for what binds production only and for what cannot be verified yet."""

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
from policies.advice import Findings, lines
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
    rds_backup_plan,
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
    rds_backup_plan.RULE,
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
        found = [(finding.urn, finding) for finding, advised in _of_stack(rule, asked) if isinstance(finding, Violation) and not advised]
        if rule.level == "advisory":
            for line in lines({rule.name: found}):
                report(line, None)
        else:
            for urn, finding in found:
                report(finding.message, urn)

    return StackValidationPolicy(rule.name, rule.description, validate, _level(rule))


def _of_stack(rule: StackRule, asked: StackValidationArgs) -> Iterator[tuple[Finding, bool]]:
    """What a rule finds, each with whether it is advice."""
    resources = {each.urn: reading.from_stack(each) for each in asked.resources if each.resource_type in rule.types}
    for finding in rule.check(list(resources.values())):
        yield finding, _advised(rule, resources[finding.urn])


class _Others:
    """What the rules' own policies do not report: of violations those that are advice, of the unverified all.

    A resource is heard of while it is registered, and a line for each of hundreds would hide what stops the update: so they are kept, and
    said rule by rule when the engine asks about the whole stack.
    """

    def __init__(self, name: str, description: str, kind: type[Finding]) -> None:
        self._kind = kind
        self._of_resources: dict[str, Findings] = {}
        self.policies = (
            ResourceValidationPolicy(f"{name}-by-resource", description, self._hear, EnforcementLevel.ADVISORY),
            StackValidationPolicy(name, description, self._say, EnforcementLevel.ADVISORY),
        )

    def _hear(self, asked: ResourceValidationArgs, report: ReportViolation) -> None:
        found: Findings = {}
        for rule in RULES:
            if isinstance(rule, ResourceRule) and rule.concerns(asked.resource_type):
                resource = reading.from_inputs(asked)
                told = [(asked.urn, each) for each in rule.check(resource) if self._is_other(each, advised=_advised(rule, resource))]
                found.update({rule.name: told} if told else {})
        # Of an update that follows its preview, what is known by now.
        self._of_resources[asked.urn] = found

    def _say(self, asked: StackValidationArgs, report: ReportViolation) -> None:
        there = {each.urn for each in asked.resources}
        found: Findings = {}
        for urn, told in self._of_resources.items():
            for rule, findings in told.items() if urn in there else ():
                found.setdefault(rule, []).extend(findings)
        for rule in RULES:
            if isinstance(rule, StackRule):
                told = [(each.urn, each) for each, advised in _of_stack(rule, asked) if self._is_other(each, advised=advised)]
                found.update({rule.name: told} if told else {})
        for line in lines(found):
            report(line, None)

    def _is_other(self, finding: Finding, *, advised: bool) -> bool:
        return isinstance(finding, self._kind) and (self._kind is Unverified or advised)


# The level is a policy's, not a finding's: what a mandatory rule only advises, or cannot judge yet, is reported by these, and stops
# nothing.
_CANNOT = "Cannot verify yet: the rule decides when the value is known, during the update."
_ADVICE = "What production, or data of persons, may not go without: elsewhere it is advice."

POLICIES: list[Policy] = [
    *(_resource_policy(rule) if isinstance(rule, ResourceRule) else _stack_policy(rule) for rule in RULES),
    *_Others("needed-in-production", _ADVICE, Violation).policies,
    *_Others("cannot-verify-yet", _CANNOT, Unverified).policies,
]
