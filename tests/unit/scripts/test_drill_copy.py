"""What a restored database is asked to be, and how it is compared with its source."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from scripts.drill_copy import PROPERTIES, differences, modification, restoration, rewinding, unapplied, undescribed

KEY = "arn:aws:kms:eu-west-1:111111111111:key/1"
ROLE = "arn:aws:iam::111111111111:role/prod-monitoring"

# As AWS describes a production registry.
SOURCE: dict[str, Any] = {
    "DBInstanceIdentifier": "prod-registry",
    "DBInstanceClass": "db.m7g.large",
    "Engine": "mysql",
    "EngineVersion": "8.4.6",
    "MasterUsername": "administrator",
    "Endpoint": {"Address": "prod-registry.example", "Port": 3306},
    "DBSubnetGroup": {"DBSubnetGroupName": "data"},
    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-2", "Status": "active"}, {"VpcSecurityGroupId": "sg-1", "Status": "active"}],
    "DBParameterGroups": [{"DBParameterGroupName": "tls-only", "ParameterApplyStatus": "in-sync"}],
    "PubliclyAccessible": False,
    "MultiAZ": True,
    "StorageType": "gp3",
    "AllocatedStorage": 100,
    "MaxAllocatedStorage": 500,
    "StorageEncrypted": True,
    "KmsKeyId": KEY,
    "IAMDatabaseAuthenticationEnabled": True,
    "EnabledCloudwatchLogsExports": ["slowquery", "error"],
    "CACertificateIdentifier": "rds-ca-rsa2048-g1",
    "AutoMinorVersionUpgrade": True,
    "EngineLifecycleSupport": "open-source-rds-extended-support-disabled",
    "CopyTagsToSnapshot": True,
    "DeletionProtection": True,
    "BackupRetentionPeriod": 35,
    "PreferredBackupWindow": "02:00-03:00",
    "PreferredMaintenanceWindow": "sun:03:30-sun:04:30",
    "MasterUserSecret": {"SecretArn": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:rds!db-1", "KmsKeyId": KEY},
    "MonitoringInterval": 60,
    "MonitoringRoleArn": ROLE,
    "DatabaseInsightsMode": "advanced",
    "PerformanceInsightsEnabled": True,
    "PerformanceInsightsKMSKeyId": KEY,
    "PerformanceInsightsRetentionPeriod": 465,
    "TagList": [{"Key": "environment", "Value": "prod"}],
}
# What a restore that was asked for all that it takes leaves to a modification.
RESTORED = {
    **SOURCE,
    "PreferredMaintenanceWindow": "mon:00:00-mon:00:30",
    "MonitoringInterval": 0,
    "DatabaseInsightsMode": "standard",
    "PerformanceInsightsEnabled": False,
} | {"PerformanceInsightsRetentionPeriod": 7}
for _dropped in ("MaxAllocatedStorage", "MasterUserSecret", "MonitoringRoleArn", "PerformanceInsightsKMSKeyId"):
    del RESTORED[_dropped]

INPUTS = {each.input: "set" for each in PROPERTIES}


def test_a_restore_asks_for_everything_that_it_can_be_told() -> None:
    assert restoration(SOURCE, "copy", "taken") == {
        "DBInstanceIdentifier": "copy",
        "DBSnapshotIdentifier": "taken",
        "DBInstanceClass": "db.m7g.large",
        "DBSubnetGroupName": "data",
        "VpcSecurityGroupIds": ["sg-1", "sg-2"],
        "DBParameterGroupName": "tls-only",
        "PubliclyAccessible": False,
        "MultiAZ": True,
        "StorageType": "gp3",
        "AllocatedStorage": 100,
        "EnableIAMDatabaseAuthentication": True,
        "EnableCloudwatchLogsExports": ["error", "slowquery"],
        "CACertificateIdentifier": "rds-ca-rsa2048-g1",
        "AutoMinorVersionUpgrade": True,
        "EngineLifecycleSupport": "open-source-rds-extended-support-disabled",
        "CopyTagsToSnapshot": True,
        "DeletionProtection": True,
        "BackupRetentionPeriod": 35,
        "PreferredBackupWindow": "02:00-03:00",
        "Tags": [{"Key": "environment", "Value": "prod"}],
    }


def test_a_restore_to_a_moment_asks_for_the_same() -> None:
    at = datetime(2026, 11, 26, 18, tzinfo=UTC)
    asked = rewinding(SOURCE, "copy", at)
    assert {asked.pop("SourceDBInstanceIdentifier"), asked.pop("TargetDBInstanceIdentifier")} == {"prod-registry", "copy"}
    assert asked.pop("RestoreTime") == at
    told = restoration(SOURCE, "copy", "taken")
    assert asked == {name: value for name, value in told.items() if name not in ("DBInstanceIdentifier", "DBSnapshotIdentifier")}


def test_a_modification_sets_what_a_restore_cannot() -> None:
    assert modification(SOURCE, RESTORED) == {
        "MaxAllocatedStorage": 500,
        "PreferredMaintenanceWindow": "sun:03:30-sun:04:30",
        "ManageMasterUserPassword": True,
        "MasterUserSecretKmsKeyId": KEY,
        "MonitoringInterval": 60,
        "MonitoringRoleArn": ROLE,
        "DatabaseInsightsMode": "advanced",
        "EnablePerformanceInsights": True,
        "PerformanceInsightsKMSKeyId": KEY,
        "PerformanceInsightsRetentionPeriod": 465,
    }


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        ("RestoreDBInstanceFromDBSnapshot", restoration(SOURCE, "copy", "taken")),
        ("RestoreDBInstanceToPointInTime", rewinding(SOURCE, "copy", datetime(2026, 11, 26, tzinfo=UTC))),
        ("ModifyDBInstance", modification(SOURCE, RESTORED)),
    ],
)
def test_rds_takes_each_parameter(operation: str, asked: dict[str, Any]) -> None:
    model: Any = boto3.client("rds", region_name="eu-west-1").meta.service_model
    assert asked.keys() <= model.operation_model(operation).input_shape.members.keys()


def test_a_copy_that_is_as_its_source_is_left_alone() -> None:
    assert modification(SOURCE, {**SOURCE, "DBInstanceIdentifier": "copy"}) == {}


# For each property, what a description has otherwise.
CHANGES: dict[str, dict[str, Any]] = {
    "dbSubnetGroupName": {"DBSubnetGroup": {"DBSubnetGroupName": "default"}},
    "vpcSecurityGroupIds": {"VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-default", "Status": "active"}]},
    "parameterGroupName": {"DBParameterGroups": [{"DBParameterGroupName": "default.mysql8.4", "ParameterApplyStatus": "in-sync"}]},
    "publiclyAccessible": {"PubliclyAccessible": True},
    "multiAz": {"MultiAZ": False},
    "instanceClass": {"DBInstanceClass": "db.t4g.micro"},
    "storageType": {"StorageType": "gp2"},
    "allocatedStorage": {"AllocatedStorage": 20},
    "maxAllocatedStorage": {"MaxAllocatedStorage": None},
    "storageEncrypted": {"StorageEncrypted": False},
    "kmsKeyId": {"KmsKeyId": "arn:aws:kms:eu-west-1:111111111111:key/2"},
    "iamDatabaseAuthenticationEnabled": {"IAMDatabaseAuthenticationEnabled": False},
    "enabledCloudwatchLogsExports": {"EnabledCloudwatchLogsExports": ["error"]},
    "caCertIdentifier": {"CACertificateIdentifier": "rds-ca-2019"},
    "autoMinorVersionUpgrade": {"AutoMinorVersionUpgrade": False},
    "engineLifecycleSupport": {"EngineLifecycleSupport": "open-source-rds-extended-support"},
    "copyTagsToSnapshot": {"CopyTagsToSnapshot": False},
    "deletionProtection": {"DeletionProtection": False},
    "backupRetentionPeriod": {"BackupRetentionPeriod": 1},
    "backupWindow": {"PreferredBackupWindow": "00:00-00:30"},
    "maintenanceWindow": {"PreferredMaintenanceWindow": "mon:00:00-mon:00:30"},
    "manageMasterUserPassword": {"MasterUserSecret": None},
    "masterUserSecretKmsKeyId": {"MasterUserSecret": {"SecretArn": "arn:secret", "KmsKeyId": "alias/aws/secretsmanager"}},
    "monitoringInterval": {"MonitoringInterval": 0},
    "monitoringRoleArn": {"MonitoringRoleArn": None},
    "databaseInsightsMode": {"DatabaseInsightsMode": "standard"},
    "performanceInsightsEnabled": {"PerformanceInsightsEnabled": False},
    "performanceInsightsKmsKeyId": {"PerformanceInsightsKMSKeyId": None},
    "performanceInsightsRetentionPeriod": {"PerformanceInsightsRetentionPeriod": 7},
}


def test_each_property_is_compared() -> None:
    assert list(CHANGES) == [each.input for each in PROPERTIES]


@pytest.mark.parametrize("name", CHANGES)
def test_a_property_that_differs_is_named(name: str) -> None:
    assert f"{name} is " in "\n".join(differences(SOURCE, {**SOURCE, **CHANGES[name]}, INPUTS))


def test_a_tag_that_is_missing_is_named() -> None:
    assert differences(SOURCE, {**SOURCE, "TagList": []}, INPUTS) == ["the tag environment is not 'prod'"]


def test_what_is_set_and_described_of_neither_is_unknown() -> None:
    source = {name: value for name, value in SOURCE.items() if name != "EngineLifecycleSupport"}
    assert undescribed(source, source, {"engineLifecycleSupport": "disabled"}) == ["engineLifecycleSupport"]


def test_what_is_not_set_and_not_described_is_known() -> None:
    source = {name: value for name, value in SOURCE.items() if name != "MaxAllocatedStorage"}
    assert undescribed(source, source, {}) == []


def test_what_is_described_of_the_source_and_not_of_the_copy_differs() -> None:
    copy = {**SOURCE, "EnabledCloudwatchLogsExports": []}
    assert undescribed(SOURCE, copy, INPUTS) == []
    assert differences(SOURCE, copy, INPUTS) == ["enabledCloudwatchLogsExports is None; the source has ['error', 'slowquery']"]


def test_the_key_of_an_encrypted_copy_that_is_not_described_is_unknown() -> None:
    copy = {**SOURCE, "KmsKeyId": ""}
    assert undescribed(SOURCE, copy, INPUTS) == ["kmsKeyId"]
    assert differences(SOURCE, copy, INPUTS) == []


@pytest.mark.parametrize(
    ("status", "said"),
    [("in-sync", None), ("pending-reboot", "the parameter group is pending-reboot"), (None, "the parameter group is not described")],
)
def test_a_parameter_group_that_is_not_in_force_is_named(status: str | None, said: str | None) -> None:
    assert unapplied({"DBParameterGroups": [{"DBParameterGroupName": "tls-only", "ParameterApplyStatus": status}]}) == said
