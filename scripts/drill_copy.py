"""What a database restored from a snapshot must be told so that it becomes what its source is, and what of that it became.

Left to itself it has one zone, the default security group and the default parameter group:
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jmespath

Description = Mapping[str, Any]
"""One of DescribeDBInstances."""
Inputs = Mapping[str, Any]
"""What the state has of the source: the inputs of its Pulumi resource."""


@dataclass(frozen=True)
class Property:
    """One input of aws.rds.Instance, and where RDS has it."""

    input: str
    described: str
    """Where a description has it, in JMESPath."""
    restore: str | None = None
    """The parameter of the restore that sets it; None: there is none, or it comes with the snapshot."""
    modify: str | None = None
    """The parameter of a modification that sets it."""
    group: str = ""
    """RDS wants those of a group in one call, without those that are off."""


# The restore takes no managed password but Oracle's (its API reference, as above): the modification after it does.
PROPERTIES = (
    Property("dbSubnetGroupName", "DBSubnetGroup.DBSubnetGroupName", "DBSubnetGroupName"),
    Property("vpcSecurityGroupIds", "sort(VpcSecurityGroups[].VpcSecurityGroupId)", "VpcSecurityGroupIds", "VpcSecurityGroupIds"),
    Property("parameterGroupName", "DBParameterGroups[0].DBParameterGroupName", "DBParameterGroupName", "DBParameterGroupName"),
    Property("publiclyAccessible", "PubliclyAccessible", "PubliclyAccessible", "PubliclyAccessible"),
    Property("multiAz", "MultiAZ", "MultiAZ", "MultiAZ"),
    Property("instanceClass", "DBInstanceClass", "DBInstanceClass", "DBInstanceClass"),
    Property("storageType", "StorageType", "StorageType", "StorageType"),
    Property("allocatedStorage", "AllocatedStorage", "AllocatedStorage"),
    Property("maxAllocatedStorage", "MaxAllocatedStorage", None, "MaxAllocatedStorage"),
    Property("storageEncrypted", "StorageEncrypted"),
    Property("kmsKeyId", "KmsKeyId"),
    Property(
        "iamDatabaseAuthenticationEnabled",
        "IAMDatabaseAuthenticationEnabled",
        "EnableIAMDatabaseAuthentication",
        "EnableIAMDatabaseAuthentication",
    ),
    Property(
        "enabledCloudwatchLogsExports", "EnabledCloudwatchLogsExports && sort(EnabledCloudwatchLogsExports)", "EnableCloudwatchLogsExports"
    ),
    Property("caCertIdentifier", "CACertificateIdentifier", "CACertificateIdentifier", "CACertificateIdentifier"),
    Property("autoMinorVersionUpgrade", "AutoMinorVersionUpgrade", "AutoMinorVersionUpgrade", "AutoMinorVersionUpgrade"),
    Property("engineLifecycleSupport", "EngineLifecycleSupport", "EngineLifecycleSupport", "EngineLifecycleSupport"),
    Property("copyTagsToSnapshot", "CopyTagsToSnapshot", "CopyTagsToSnapshot", "CopyTagsToSnapshot"),
    Property("deletionProtection", "DeletionProtection", "DeletionProtection", "DeletionProtection"),
    Property("backupRetentionPeriod", "BackupRetentionPeriod", "BackupRetentionPeriod", "BackupRetentionPeriod"),
    Property("backupWindow", "PreferredBackupWindow", "PreferredBackupWindow", "PreferredBackupWindow"),
    Property("maintenanceWindow", "PreferredMaintenanceWindow", None, "PreferredMaintenanceWindow"),
    Property("manageMasterUserPassword", "MasterUserSecret.SecretArn && `true`", None, "ManageMasterUserPassword", "password"),
    Property("masterUserSecretKmsKeyId", "MasterUserSecret.KmsKeyId", None, "MasterUserSecretKmsKeyId", "password"),
    Property("monitoringInterval", "MonitoringInterval", None, "MonitoringInterval", "monitoring"),
    Property("monitoringRoleArn", "MonitoringRoleArn", None, "MonitoringRoleArn", "monitoring"),
    Property("databaseInsightsMode", "DatabaseInsightsMode", None, "DatabaseInsightsMode", "insights"),
    Property("performanceInsightsEnabled", "PerformanceInsightsEnabled", None, "EnablePerformanceInsights", "insights"),
    Property("performanceInsightsKmsKeyId", "PerformanceInsightsKMSKeyId", None, "PerformanceInsightsKMSKeyId", "insights"),
    Property(
        "performanceInsightsRetentionPeriod",
        "PerformanceInsightsEnabled && PerformanceInsightsRetentionPeriod",
        None,
        "PerformanceInsightsRetentionPeriod",
        "insights",
    ),
)


def described(each: Property, instance: Description) -> Any:
    """What a description says of it; None where it says nothing."""
    value: Any = jmespath.search(each.described, instance)
    unsaid: tuple[Any, ...] = ("", [], False) if each.group else ("", [])
    return None if value in unsaid else value


def restoration(source: Description, name: str, snapshot: str) -> dict[str, Any]:
    """What to ask of RestoreDBInstanceFromDBSnapshot."""
    return {"DBInstanceIdentifier": name, "DBSnapshotIdentifier": snapshot, **_told(source)}


def rewinding(source: Description, name: str, at: datetime) -> dict[str, Any]:
    """What to ask of RestoreDBInstanceToPointInTime."""
    return {
        "SourceDBInstanceIdentifier": source["DBInstanceIdentifier"],
        "TargetDBInstanceIdentifier": name,
        "RestoreTime": at,
        **_told(source),
    }


def modification(source: Description, copy: Description) -> dict[str, Any]:
    """What to ask of ModifyDBInstance, so that the copy becomes what a restore leaves out; empty: nothing."""
    differing = {_group(each) for each in PROPERTIES if each.modify and _differs(each, source, copy)}
    values = {each.modify: described(each, source) for each in PROPERTIES if each.modify and _group(each) in differing}
    return {parameter: value for parameter, value in values.items() if value is not None}


def differences(source: Description, copy: Description, inputs: Inputs) -> list[str]:
    """What the copy has otherwise than its source, tags included."""
    found = [
        f"{each.input} is {described(each, copy)!r}; the source has {described(each, source)!r}"
        for each in PROPERTIES
        if _differs(each, source, copy) and not _unsaid(each, source, copy, inputs)
    ]
    missing = {tag["Key"]: tag["Value"] for tag in source.get("TagList", []) if tag not in copy.get("TagList", [])}
    return [*found, *(f"the tag {key} is not {value!r}" for key, value in missing.items())]


def undescribed(source: Description, copy: Description, inputs: Inputs) -> list[str]:
    """The inputs of which the copy's description says nothing, though they are set: that they are as they should be is unknown."""
    return [each.input for each in PROPERTIES if _unsaid(each, source, copy, inputs)]


def unapplied(copy: Description) -> str | None:
    """The state of the parameter group where it is not in force."""
    status: str | None = jmespath.search("DBParameterGroups[0].ParameterApplyStatus", copy)
    return None if status == "in-sync" else f"the parameter group is {status or 'not described'}"


def _told(source: Description) -> dict[str, Any]:
    """What both restores take."""
    values = {each.restore: described(each, source) for each in PROPERTIES if each.restore}
    return {"Tags": source.get("TagList", []), **{parameter: value for parameter, value in values.items() if value is not None}}


def _unsaid(each: Property, source: Description, copy: Description, inputs: Inputs) -> bool:
    if described(each, copy) is not None:
        return False
    # What is encrypted has a key, whatever is said of it.
    if each.input == "kmsKeyId" and copy.get("StorageEncrypted"):
        return True
    return described(each, source) is None and bool(inputs.get(each.input))


def _differs(each: Property, source: Description, copy: Description) -> bool:
    return described(each, source) != described(each, copy)


def _group(each: Property) -> str:
    return each.group or each.input
