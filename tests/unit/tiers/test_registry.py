"""The registry's database in each profile."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.conftest import platform, stack_file
from tests.unit.registrations import Recorded, record
from tiers.assembly import assemble

INSTANCE, GROUP = "aws:rds/instance:Instance", "aws:rds/parameterGroup:ParameterGroup"
ROLE, SUBSCRIPTION = "aws:iam/role:Role", "aws:rds/eventSubscription:EventSubscription"
PROFILES = ("development", "preview", "staging", "production")

EVERYWHERE: Mapping[str, Any] = {
    "engine": "mysql",
    "engineVersion": "8.4",
    "engineLifecycleSupport": "open-source-rds-extended-support-disabled",
    "autoMinorVersionUpgrade": True,
    "storageType": "gp3",
    "storageEncrypted": True,
    "manageMasterUserPassword": True,
    "iamDatabaseAuthenticationEnabled": True,
    "caCertIdentifier": "rds-ca-rsa2048-g1",
    "publiclyAccessible": False,
    "copyTagsToSnapshot": True,
    "enabledCloudwatchLogsExports": ["error", "slowquery"],
    "backupWindow": "02:00-03:00",
    "maintenanceWindow": "sun:03:30-sun:04:30",
}

# In the order of PROFILES; None: not given.
BY_PROFILE: Mapping[str, tuple[Any, Any, Any, Any]] = {
    "instanceClass": ("db.t4g.medium", "db.t4g.small", "db.t4g.medium", "db.m7g.large"),
    "allocatedStorage": (20, 20, 20, 100),
    "maxAllocatedStorage": (100, 40, 100, 500),
    "multiAz": (False, False, True, True),
    "backupRetentionPeriod": (1, 1, 7, 35),
    "deletionProtection": (False, False, False, True),
    "skipFinalSnapshot": (True, True, True, False),
    "finalSnapshotIdentifier": (None, None, None, "prod-registry-final"),
    "deleteAutomatedBackups": (True, True, True, False),
    "applyImmediately": (True, True, True, False),
    "monitoringInterval": (60, 0, 60, 15),
    "databaseInsightsMode": ("standard", None, "standard", "advanced"),
    "performanceInsightsEnabled": (True, False, True, True),
    "performanceInsightsRetentionPeriod": (7, None, 7, 465),
}
CONNECTIONS = (256, 128, 256, 512)


@pytest.fixture(scope="module")
def profiles(dev: Recorded, staging: Recorded, prod: Recorded) -> Mapping[str, Recorded]:
    without_ci = {key: value for key, value in stack_file("dev").items() if key != "ci"}
    preview = record(lambda: assemble(platform("small", {**without_ci, "profile": "preview"})), stack="small")
    return dict(zip(PROFILES, (dev, preview, staging, prod), strict=True))


@pytest.mark.parametrize("property_", [*EVERYWHERE, *BY_PROFILE])
@pytest.mark.parametrize("profile", PROFILES)
def test_the_instance_is_what_its_profile_says(profiles: Mapping[str, Recorded], profile: str, property_: str) -> None:
    expected = EVERYWHERE[property_] if property_ in EVERYWHERE else BY_PROFILE[property_][PROFILES.index(profile)]
    assert profiles[profile].one(INSTANCE).inputs.get(property_) == expected


@pytest.mark.parametrize("profile", PROFILES)
def test_its_parameters_fit_its_class(profiles: Mapping[str, Recorded], profile: str) -> None:
    parameters = {each["name"]: each["value"] for each in profiles[profile].one(GROUP).inputs["parameters"]}
    assert parameters["require_secure_transport"] == "1"
    assert parameters["max_connections"] == str(CONNECTIONS[PROFILES.index(profile)])


@pytest.mark.parametrize("profile", PROFILES)
def test_everything_of_it_is_encrypted_with_the_key_of_the_features(profiles: Mapping[str, Recorded], profile: str) -> None:
    recorded = profiles[profile]
    inputs, key = recorded.one(INSTANCE).inputs, recorded.one("aws:kms/key:Key", "features")
    named = [name for name in ("kmsKeyId", "masterUserSecretKmsKeyId", "performanceInsightsKmsKeyId") if name in inputs]
    assert len(named) == (3 if inputs["performanceInsightsEnabled"] else 2)
    assert {key.urn} <= recorded.one(INSTANCE).dependencies
    assert len({inputs[name] for name in named}) == 1


@pytest.mark.parametrize("profile", PROFILES)
def test_the_alarm_topic_hears_of_it_once_rds_may_publish(profiles: Mapping[str, Recorded], profile: str) -> None:
    recorded = profiles[profile]
    for subscription in recorded.all(SUBSCRIPTION):
        assert subscription.inputs["snsTopic"].endswith("-alarms")
        assert "aws:sns/topicPolicy:TopicPolicy alarms" in recorded.behind(subscription)
    assert len(recorded.all(SUBSCRIPTION)) == 2


@pytest.mark.parametrize("profile", [each for each in PROFILES if each != "preview"])
def test_rds_alone_becomes_the_monitoring_role_and_for_this_instance_and_drills_of_it_only(
    profiles: Mapping[str, Recorded], profile: str
) -> None:
    recorded = profiles[profile]
    role, instance = recorded.one(ROLE, "registry-monitoring"), recorded.one(INSTANCE)
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    account, identifier = statement["Condition"]["StringEquals"]["aws:SourceAccount"], instance.inputs["identifier"]
    arn = f"arn:aws:rds:eu-west-1:{account}:db:{identifier}"
    assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": [arn, f"{arn}-drill-*"]}
    assert account in role.inputs["permissionsBoundary"]
    assert role.inputs["permissionsBoundary"].endswith("-boundary")
    # The instance waits for the rights, too: RDS tries them when it is made.
    assert "aws:iam/rolePolicyAttachment:RolePolicyAttachment registry-monitoring-service-role/AmazonRDSEnhancedMonitoringRole" in (
        recorded.behind(instance)
    )


def test_what_is_not_monitored_has_no_role_for_it(profiles: Mapping[str, Recorded]) -> None:
    assert [each.name for each in profiles["preview"].all(ROLE) if "monitoring" in each.name] == []
    assert "monitoringRoleArn" not in profiles["preview"].one(INSTANCE).inputs
