"""The online store in each profile, as its settings have it."""

import json
from typing import Any

import pytest

from tests.unit.conftest import platform
from tests.unit.registrations import Recorded, record
from tests.unit.stacks.samples import DEV, changed
from tiers.assembly import assemble

GROUP, USER = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/user:User"
SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"

PROFILES = {
    "development": {
        "nodeType": "cache.t4g.small",
        "replicasPerNodeGroup": 0,
        "multiAzEnabled": False,
        "snapshotRetentionLimit": 0,
        "snapshotWindow": None,
        "finalSnapshotIdentifier": None,
        "applyImmediately": True,
    },
    "preview": {
        "nodeType": "cache.t4g.micro",
        "replicasPerNodeGroup": 0,
        "multiAzEnabled": False,
        "snapshotRetentionLimit": 0,
        "snapshotWindow": None,
        "finalSnapshotIdentifier": None,
        "applyImmediately": True,
    },
    "staging": {
        "nodeType": "cache.t4g.small",
        "replicasPerNodeGroup": 1,
        "multiAzEnabled": True,
        "snapshotRetentionLimit": 1,
        "snapshotWindow": "02:00-03:00",
        "finalSnapshotIdentifier": None,
        "applyImmediately": True,
    },
    "production": {
        "nodeType": "cache.r7g.large",
        "replicasPerNodeGroup": 2,
        "multiAzEnabled": True,
        "snapshotRetentionLimit": 14,
        "snapshotWindow": "02:00-03:00",
        "finalSnapshotIdentifier": "prod-online-store-final",
        "applyImmediately": False,
    },
}
EVERYWHERE = {
    "engine": "valkey",
    "engineVersion": "8.1",
    "clusterMode": "enabled",
    "numNodeGroups": 1,
    "automaticFailoverEnabled": True,
    "atRestEncryptionEnabled": True,
    "transitEncryptionEnabled": True,
    "transitEncryptionMode": "required",
    "autoMinorVersionUpgrade": True,
    "maintenanceWindow": "sun:03:30-sun:04:30",
    "port": 6379,
}
# reserved-memory-percent, days that logs are kept, days that a deleted secret can be restored
BESIDE = {"development": ("30", 30, 0), "preview": ("50", 3, 0), "staging": ("30", 90, 0), "production": ("25", 365, 30)}


@pytest.fixture(scope="module")
def by_profile(dev: Recorded, staging: Recorded, prod: Recorded) -> dict[str, Recorded]:
    preview = record(lambda: assemble(platform("dev", changed(DEV, ("profile", "preview"), ("ci.ephemeral", False)))))
    return {"development": dev, "preview": preview, "staging": staging, "production": prod}


@pytest.mark.parametrize(
    ("profile", "property_", "value"),
    [(profile, name, value) for profile, own in PROFILES.items() for name, value in {**EVERYWHERE, **own}.items()],
)
def test_the_cache_is_what_its_profile_says(by_profile: dict[str, Recorded], profile: str, property_: str, value: object) -> None:
    assert by_profile[profile].one(GROUP).inputs.get(property_) == value


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_beside_the_cache_is_what_its_profile_says(by_profile: dict[str, Recorded], profile: str) -> None:
    recorded, (reserved, log_days, recovery_days) = by_profile[profile], BESIDE[profile]
    parameters = {
        each["name"]: each["value"] for each in recorded.one("aws:elasticache/parameterGroup:ParameterGroup").inputs["parameters"]
    }
    assert parameters == {"cluster-enabled": "yes", "maxmemory-policy": "noeviction", "reserved-memory-percent": reserved}
    logs = [each for each in recorded.all("aws:cloudwatch/logGroup:LogGroup") if each.name.startswith("online-store")]
    assert [each.inputs["retentionInDays"] for each in logs] == [log_days] * 2
    secrets = [each for each in recorded.all(SECRET) if each.name.startswith("online-store")]
    assert [each.inputs["recoveryWindowInDays"] for each in secrets] == [recovery_days] * 2


@pytest.mark.parametrize(("profile", "protected"), [("development", False), ("preview", False), ("staging", False), ("production", True)])
def test_the_cache_is_protected_where_its_data_is(by_profile: dict[str, Recorded], profile: str, protected: bool) -> None:
    assert by_profile[profile].one(GROUP).protect is protected


def test_the_cache_is_encrypted_with_the_features_key_and_its_logs_with_that_of_logs(dev: Recorded) -> None:
    assert dev.one(GROUP).inputs["kmsKeyId"] == "arn:aws:kms:eu-west-1:111111111111:key/features"
    logs = [each.inputs["kmsKeyId"] for each in dev.all("aws:cloudwatch/logGroup:LogGroup") if each.name.startswith("online-store")]
    assert logs == ["arn:aws:kms:eu-west-1:111111111111:key/logs"] * 2


def test_what_happens_to_the_cache_goes_to_the_alarm_topic(dev: Recorded) -> None:
    assert dev.one(GROUP).inputs["notificationTopicArn"] == "arn:aws:sns:eu-west-1:111111111111:topic/dev-alarms"


def test_each_project_has_a_writer_and_a_reader_of_its_own_keys() -> None:
    two = record(lambda: assemble(platform("dev", changed(DEV, ("feature_store.projects", ["credit-decisions", "risk"])))))
    access = {each.inputs["userId"]: each.inputs["accessString"] for each in two.all(USER)}
    assert {user: text.split()[1] for user, text in access.items()} == {
        "dev-default": "resetchannels",
        "dev-credit-decisions-writer": "~*credit_decisions_1db3e116",
        "dev-credit-decisions-reader": "%R~*credit_decisions_1db3e116",
        "dev-risk-writer": "~*risk_2c6ef0f0",
        "dev-risk-reader": "%R~*risk_2c6ef0f0",
    }


def credentials(recorded: Recorded, user: str) -> list[dict[str, Any]]:
    versions = sorted(recorded.all(VERSION), key=lambda each: each.name, reverse=True)
    found = [json.loads(each.inputs["secretString"]) for each in versions]
    return [each for each in found if each["username"] == user]


@pytest.mark.parametrize("role", ["writer", "reader"])
def test_a_user_has_the_password_that_its_secret_holds(dev: Recorded, role: str) -> None:
    user = f"dev-credit-decisions-{role}"
    (held,) = credentials(dev, user)
    assert dev.one(USER, user).inputs["passwords"] == [held["password"]]
    assert f"dev-online-store-credit-decisions-{role}" in {each.inputs["name"] for each in dev.all(SECRET)}


def test_a_raised_generation_gives_users_another_password_beside_the_one_they_have() -> None:
    raised = record(lambda: assemble(platform("dev", changed(DEV, ("feature_store.credentials_generation", 2)))))
    user = "dev-credit-decisions-writer"
    assert raised.one(USER, user).inputs["passwords"] == [each["password"] for each in credentials(raised, user)]
    assert len(raised.one(USER, user).inputs["passwords"]) == 2
