"""Databases that are left unprotected, unwatched or in the clear are found: each rule sees its own property broken."""

from dataclasses import replace
from typing import Any

import pytest

from policies.rule import UNKNOWN, Resource, ResourceRule, Violation
from policies.rules import (
    rds_backup_plan,
    rds_backups,
    rds_ca,
    rds_copy_tags,
    rds_defaults,
    rds_events,
    rds_extended_support,
    rds_iam_authentication,
    rds_insights,
    rds_logs,
    rds_managed_password,
    rds_minor_upgrades,
    rds_monitoring,
    rds_multi_az,
    rds_tls,
    rds_vpc,
    stateful_protected,
)
from tests.policies.cases import BUCKET, CACHE, CLUSTER, DATABASE, EVENTS, KEY, PARAMETERS, SELECTION, resource, unverified, violations

BROKEN = [
    (rds_vpc.RULE, {"dbSubnetGroupName": None}),
    (rds_tls.RULE, {"parameterGroupName": None}),
    (rds_tls.RULE, {"parameterGroupName": "default.mysql8.4"}),
    (rds_ca.RULE, {"caCertIdentifier": None}),
    (rds_ca.RULE, {"caCertIdentifier": "rds-ca-2019"}),
    (rds_managed_password.RULE, {"manageMasterUserPassword": None}),
    (rds_managed_password.RULE, {"manageMasterUserPassword": False}),
    (rds_managed_password.RULE, {"password": "not-a-secret"}),
    (rds_managed_password.RULE, {"passwordWo": UNKNOWN}),
    (rds_extended_support.RULE, {"engineLifecycleSupport": None}),
    (rds_extended_support.RULE, {"engineLifecycleSupport": "open-source-rds-extended-support"}),
    (rds_multi_az.RULE, {"multiAz": False}),
    (rds_backups.RULE, {"backupRetentionPeriod": 13}),
    (rds_backups.RULE, {"backupRetentionPeriod": None}),
    (rds_iam_authentication.RULE, {"iamDatabaseAuthenticationEnabled": False}),
    (rds_minor_upgrades.RULE, {"autoMinorVersionUpgrade": False}),
    (rds_copy_tags.RULE, {"copyTagsToSnapshot": False}),
    (rds_logs.RULE, {"enabledCloudwatchLogsExports": ["error"]}),
    (rds_logs.RULE, {"enabledCloudwatchLogsExports": None}),
    (rds_monitoring.RULE, {"monitoringInterval": 0}),
    (rds_monitoring.RULE, {"monitoringInterval": None}),
    (rds_insights.RULE, {"performanceInsightsEnabled": False}),
    (rds_insights.RULE, {"performanceInsightsKmsKeyId": None}),
    (rds_defaults.RULE, {"port": None}),
    (rds_defaults.RULE, {"port": 3306}),
    (rds_defaults.RULE, {"username": "admin"}),
    (stateful_protected.RULE, {"deletionProtection": False}),
    (stateful_protected.RULE, {"skipFinalSnapshot": True}),
    (stateful_protected.RULE, {"finalSnapshotIdentifier": None}),
]

ADVICE_ELSEWHERE = (
    rds_multi_az,
    rds_backups,
    rds_iam_authentication,
    rds_minor_upgrades,
    rds_copy_tags,
    rds_logs,
    rds_monitoring,
    rds_insights,
    rds_events,
    stateful_protected,
)


@pytest.mark.parametrize(("rule", "change"), BROKEN)
def test_database_with_one_property_broken_is_found(rule: ResourceRule, change: dict[str, Any]) -> None:
    (found,) = violations(rule, resource(DATABASE, **change))
    assert next(iter(change)) in found


NOT_KNOWN_YET = [(rule, name) for rule, change in BROKEN for name in change if name not in ("password", "passwordWo")]
# What names something that is made in the same update is there, whatever it is called.
NAMES = ("dbSubnetGroupName", "parameterGroupName", "finalSnapshotIdentifier", "performanceInsightsKmsKeyId")


@pytest.mark.parametrize(("rule", "property_"), NOT_KNOWN_YET)
def test_value_that_is_not_known_yet_breaks_nothing_and_is_said_to_be_so(rule: ResourceRule, property_: str) -> None:
    asked = resource(DATABASE, **{property_: UNKNOWN})
    assert violations(rule, asked) == []
    assert len(unverified(rule, asked)) == (0 if property_ in NAMES else 1)


def test_managed_password_beside_a_written_one_does_not_hide_it() -> None:
    assert len(violations(rds_managed_password.RULE, resource(DATABASE, manageMasterUserPassword=False, password="not-a-secret"))) == 2


@pytest.mark.parametrize("value", ["0", "OFF"])
def test_parameter_group_that_lets_in_clients_without_tls_is_found(value: str) -> None:
    group = resource(PARAMETERS, parameters=[{"name": "require_secure_transport", "value": value}])
    assert len(violations(rds_tls.RULE, group)) == 1
    assert len(violations(rds_tls.RULE, resource(PARAMETERS, parameters=None))) == 1


def test_parameter_group_of_an_engine_with_other_parameters_is_none_of_its_business() -> None:
    assert violations(rds_tls.RULE, resource(PARAMETERS, family="postgres17", parameters=None)) == []


def test_parameter_that_is_not_known_yet_is_said_to_be_so() -> None:
    group = resource(PARAMETERS, parameters=[{"name": "require_secure_transport", "value": UNKNOWN}])
    assert violations(rds_tls.RULE, group) == []
    assert len(unverified(rds_tls.RULE, group)) == 1


@pytest.mark.parametrize("type", [DATABASE, CACHE, BUCKET, KEY, CLUSTER])
def test_what_holds_data_and_pulumi_may_delete_is_found(type: str) -> None:
    (found,) = violations(stateful_protected.RULE, replace(resource(type), protect=False))
    assert "protect is off" in found


@pytest.mark.parametrize(
    ("type", "change"),
    [(CACHE, {"finalSnapshotIdentifier": None}), (CLUSTER, {"deletionProtection": False}), (BUCKET, {"forceDestroy": True})],
)
def test_what_aws_would_delete_without_asking_is_found(type: str, change: dict[str, Any]) -> None:
    (found,) = violations(stateful_protected.RULE, resource(type, **change))
    assert next(iter(change)) in found


def unheard(*stack: Resource) -> list[str]:
    return [found.urn for found in rds_events.RULE.check(stack) if isinstance(found, Violation)]


def test_database_that_nobody_hears_of_is_found() -> None:
    assert unheard(resource(DATABASE)) == [resource(DATABASE).urn]


@pytest.mark.parametrize(
    "change",
    [
        {"enabled": False},
        {"sourceIds": ["other"]},
        {"sourceType": "db-snapshot"},
        {"eventCategories": ["maintenance", "configuration change"]},
    ],
)
def test_subscription_to_something_else_does_not_count(change: dict[str, Any]) -> None:
    assert unheard(resource(DATABASE), resource(EVENTS, **change)) == [resource(DATABASE).urn]


@pytest.mark.parametrize("change", [{"sourceIds": None}, {"sourceType": None}, {"eventCategories": None}])
def test_subscription_to_everything_counts(change: dict[str, Any]) -> None:
    assert unheard(resource(DATABASE), resource(EVENTS, **change)) == []


def test_subscription_is_joined_by_what_it_depends_on_while_the_database_has_no_identifier() -> None:
    database, events = resource(DATABASE, identifier=UNKNOWN), resource(EVENTS, sourceIds=[UNKNOWN])
    assert unheard(database, replace(events, sources={"sourceIds": frozenset({database.urn})})) == []
    assert unheard(database, events) == [database.urn]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, 0),
        ({"resources": [resource(DATABASE).properties["arn"]]}, 0),
        ({"resources": ["arn:aws:rds:eu-west-1:111111111111:db:other"]}, 1),
        ({"resources": [UNKNOWN]}, 1),
        ({"resources": None}, 1),
        ({"resources": None, "selectionTags": [{"type": "STRINGEQUALS", "key": "owner", "value": "team"}]}, 0),
        ({"resources": None, "selectionTags": [{"type": "STRINGEQUALS", "key": "owner", "value": "another"}]}, 1),
        ({"resources": None, "selectionTags": [UNKNOWN]}, 1),
    ],
)
def test_database_that_no_backup_plan_selects_is_found(change: dict[str, Any], found: int) -> None:
    assert len(list(rds_backup_plan.RULE.check([resource(DATABASE), resource(SELECTION, **change)]))) == found


def test_selection_is_joined_by_what_it_depends_on_while_the_database_has_no_arn() -> None:
    database = resource(DATABASE, arn=UNKNOWN)
    selection = replace(resource(SELECTION, resources=[UNKNOWN]), sources={"resources": frozenset({database.urn})})
    assert list(rds_backup_plan.RULE.check([database, selection])) == []


def test_parameter_group_wants_a_subscription_of_its_own() -> None:
    own = resource(EVENTS, sourceType="db-parameter-group", eventCategories=["configuration change"])
    assert unheard(resource(DATABASE), resource(EVENTS), resource(PARAMETERS)) == [resource(PARAMETERS).urn]
    assert unheard(resource(DATABASE), resource(EVENTS), resource(PARAMETERS), own) == []


@pytest.mark.parametrize("module", ADVICE_ELSEWHERE)
def test_what_only_production_needs_binds_production_only(module: Any) -> None:
    assert module.RULE.level == "production"
