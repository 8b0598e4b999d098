"""RDS: MySQL instances and their groups."""

from __future__ import annotations

from localcloud.aws.rds_server import RDS_SERVER
from localcloud.aws.row import Call, Effect, NotChanged, NotKept, Read, Row, StandIn

_NOT_MODIFIED = {
    "port": "DBPortNumber",
    "dbSubnetGroupName": "DBSubnetGroupName",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "performanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
}

ROWS = (
    Row(
        "aws:rds/subnetGroup:SubnetGroup",
        service="rds",
        id="name",
        create=(
            Call(
                "create_db_subnet_group",
                "{DBSubnetGroupName: name, DBSubnetGroupDescription: description, SubnetIds: subnetIds, Tags: tagsAll}",
            ),
        ),
        read=(
            Read(
                "describe_db_subnet_groups",
                "{DBSubnetGroupName: id}",
                """DBSubnetGroups[0].{name: DBSubnetGroupName, description: DBSubnetGroupDescription, vpcId: VpcId,
                    subnetIds: Subnets[*].SubnetIdentifier, arn: DBSubnetGroupArn, supportedNetworkTypes: SupportedNetworkTypes}""",
            ),
        ),
        update=(
            Call(
                "modify_db_subnet_group",
                "{DBSubnetGroupName: id, DBSubnetGroupDescription: description, SubnetIds: subnetIds}",
            ),
        ),
        delete=(Call("delete_db_subnet_group", "{DBSubnetGroupName: id}"),),
        gone=("DBSubnetGroupNotFoundFault",),
        tags="rds",
        lower_name=True,
    ),
    Row(
        "aws:rds/parameterGroup:ParameterGroup",
        service="rds",
        id="name",
        create=(
            Call(
                "create_db_parameter_group",
                "{DBParameterGroupName: name, DBParameterGroupFamily: family, Description: description, Tags: tagsAll}",
            ),
        ),
        read=(
            Read(
                "describe_db_parameter_groups",
                "{DBParameterGroupName: id}",
                """DBParameterGroups[0].{name: DBParameterGroupName, family: DBParameterGroupFamily, description: Description,
                    arn: DBParameterGroupArn}""",
            ),
            Read(
                "describe_db_parameters",
                "{DBParameterGroupName: id, Source: 'user'}",
                "{parameters: Parameters[?ParameterValue].{name: ParameterName, value: ParameterValue, applyMethod: ApplyMethod}}",
            ),
        ),
        update=(
            # What is not wanted any more goes back to its default. JMESPath cannot subtract lists, so all old ones do before the
            # wanted ones are set. The list makes the call one of those that carry `parameters`; its second element decides.
            Call(
                "reset_db_parameter_group",
                """{DBParameterGroupName: id, Parameters: old.parameters[*].{ParameterName: name,
                    ApplyMethod: applyMethod || 'immediate'}}""",
                when="[parameters, old.parameters][1]",
            ),
            Call(
                "modify_db_parameter_group",
                """{DBParameterGroupName: id, Parameters: parameters[*].{ParameterName: name, ParameterValue: value,
                    ApplyMethod: applyMethod || 'immediate'}}""",
                when="parameters",
            ),
        ),
        delete=(Call("delete_db_parameter_group", "{DBParameterGroupName: id}"),),
        gone=("DBParameterGroupNotFoundFault", "DBParameterGroupNotFound"),
        tags="rds",
        lower_name=True,
    ),
    Row(
        "aws:rds/instance:Instance",
        service="rds",
        id="response.DBInstance.DbiResourceId",
        create=(
            Call(
                "create_db_instance",
                """{DBInstanceIdentifier: identifier, Engine: engine, EngineVersion: engineVersion, DBInstanceClass: instanceClass,
                    AllocatedStorage: allocatedStorage, MaxAllocatedStorage: maxAllocatedStorage, StorageType: storageType,
                    StorageEncrypted: storageEncrypted, KmsKeyId: kmsKeyId, DBName: dbName, MasterUsername: username,
                    MasterUserPassword: password, ManageMasterUserPassword: manageMasterUserPassword,
                    MasterUserSecretKmsKeyId: masterUserSecretKmsKeyId, DBSubnetGroupName: dbSubnetGroupName,
                    VpcSecurityGroupIds: vpcSecurityGroupIds, DBParameterGroupName: parameterGroupName,
                    PubliclyAccessible: publiclyAccessible, MultiAZ: multiAz, AvailabilityZone: availabilityZone, Port: port,
                    BackupRetentionPeriod: backupRetentionPeriod, PreferredBackupWindow: backupWindow,
                    PreferredMaintenanceWindow: maintenanceWindow, CopyTagsToSnapshot: copyTagsToSnapshot,
                    DeletionProtection: deletionProtection, CACertificateIdentifier: caCertIdentifier,
                    EngineLifecycleSupport: engineLifecycleSupport, EnableCloudwatchLogsExports: enabledCloudwatchLogsExports,
                    AutoMinorVersionUpgrade: autoMinorVersionUpgrade, EnableIAMDatabaseAuthentication: iamDatabaseAuthenticationEnabled,
                    MonitoringInterval: monitoringInterval, MonitoringRoleArn: monitoringRoleArn,
                    DatabaseInsightsMode: databaseInsightsMode, EnablePerformanceInsights: performanceInsightsEnabled,
                    PerformanceInsightsKMSKeyId: performanceInsightsKmsKeyId,
                    PerformanceInsightsRetentionPeriod: performanceInsightsRetentionPeriod, Tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "describe_db_instances",
                "{Filters: [{Name: 'dbi-resource-id', Values: [id]}]}",
                # The emulator does not know the filter: without the second look any instance of the account would do.
                """DBInstances[?DbiResourceId=='$id' && DBInstanceStatus!='deleting'] | [0].{identifier: DBInstanceIdentifier,
                    arn: DBInstanceArn, resourceId: DbiResourceId,
                    status: DBInstanceStatus,
                    engine: Engine, engineVersion: EngineVersion, engineVersionActual: EngineVersion, instanceClass: DBInstanceClass,
                    allocatedStorage: AllocatedStorage, maxAllocatedStorage: MaxAllocatedStorage, storageType: StorageType,
                    storageEncrypted: StorageEncrypted, kmsKeyId: KmsKeyId, dbName: DBName, username: MasterUsername,
                    dbSubnetGroupName: DBSubnetGroup.DBSubnetGroupName, vpcSecurityGroupIds: VpcSecurityGroups[*].VpcSecurityGroupId,
                    parameterGroupName: DBParameterGroups[0].DBParameterGroupName, publiclyAccessible: PubliclyAccessible,
                    multiAz: MultiAZ, availabilityZone: AvailabilityZone, port: Endpoint.Port, address: Endpoint.Address,
                    endpoint: Endpoint.Address && join(':', [Endpoint.Address, to_string(Endpoint.Port)]),
                    hostedZoneId: Endpoint.HostedZoneId,
                    backupRetentionPeriod: BackupRetentionPeriod, backupWindow: PreferredBackupWindow,
                    maintenanceWindow: PreferredMaintenanceWindow, copyTagsToSnapshot: CopyTagsToSnapshot,
                    deletionProtection: DeletionProtection, caCertIdentifier: CACertificateIdentifier,
                    autoMinorVersionUpgrade: AutoMinorVersionUpgrade,
                    monitoringInterval: MonitoringInterval, monitoringRoleArn: MonitoringRoleArn,
                    performanceInsightsEnabled: PerformanceInsightsEnabled,
                    performanceInsightsRetentionPeriod: PerformanceInsightsRetentionPeriod,
                    iamDatabaseAuthenticationEnabled: IAMDatabaseAuthenticationEnabled}""",
            ),
        ),
        update=(
            Call(
                "modify_db_instance",
                """{DBInstanceIdentifier: old.identifier || identifier, DBInstanceClass: instanceClass,
                    EngineVersion: engineVersion, AllowMajorVersionUpgrade: allowMajorVersionUpgrade,
                    AllocatedStorage: allocatedStorage, MaxAllocatedStorage: maxAllocatedStorage, StorageType: storageType,
                    MasterUserPassword: password, ManageMasterUserPassword: manageMasterUserPassword,
                    VpcSecurityGroupIds: vpcSecurityGroupIds,
                    DBParameterGroupName: parameterGroupName, PubliclyAccessible: publiclyAccessible, MultiAZ: multiAz,
                    BackupRetentionPeriod: backupRetentionPeriod, PreferredBackupWindow: backupWindow,
                    PreferredMaintenanceWindow: maintenanceWindow, CopyTagsToSnapshot: copyTagsToSnapshot,
                    DeletionProtection: deletionProtection, CACertificateIdentifier: caCertIdentifier,
                    MonitoringInterval: monitoringInterval, MonitoringRoleArn: monitoringRoleArn,
                    EnableIAMDatabaseAuthentication: iamDatabaseAuthenticationEnabled, ApplyImmediately: applyImmediately}""",
                only_changed=True,
            ),
        ),
        delete=(
            Call(
                "delete_db_instance",
                """{DBInstanceIdentifier: identifier, SkipFinalSnapshot: skipFinalSnapshot || `false`,
                    FinalDBSnapshotIdentifier: finalSnapshotIdentifier, DeleteAutomatedBackups: deleteAutomatedBackups}""",
            ),
        ),
        gone=("DBInstanceNotFound", "DBInstanceNotFoundFault"),
        tags="rds",
        name_form="{name}{hex}",
        lower_name=True,
        same={"engineVersion": "version_prefix", "identifier": "lower_case"},
        unread={
            "password": "AWS never returns it",
            "manageMasterUserPassword": "AWS returns the secret instead",
            "applyImmediately": "an argument of the modify call",
            "allowMajorVersionUpgrade": "an argument of the modify call",
            "skipFinalSnapshot": Effect("the deleted database leaves a snapshot, or none"),
            "finalSnapshotIdentifier": Effect("the deleted database leaves a snapshot of this name"),
            "deleteAutomatedBackups": "an argument of the delete call; the emulator keeps no automated backups of what is gone",
        },
        not_changed={
            "identifier": NotChanged(
                "ModifyDBInstance of the emulator does not rename",
                Call(
                    "modify_db_instance",
                    "{DBInstanceIdentifier: state.identifier, NewDBInstanceIdentifier: identifier, ApplyImmediately: `true`}",
                ),
            ),
            **{
                name: NotChanged(
                    "ModifyDBInstance of the emulator drops it",
                    Call("modify_db_instance", f"{{DBInstanceIdentifier: identifier, {parameter}: {name}, ApplyImmediately: `true`}}"),
                )
                for name, parameter in _NOT_MODIFIED.items()
            },
        },
        not_kept={
            "masterUserSecretKmsKeyId": NotKept("the emulator makes no managed secret", answer="DBInstances[0].MasterUserSecret.KmsKeyId"),
            "enabledCloudwatchLogsExports": NotKept("the emulator drops it", answer="DBInstances[0].EnabledCloudwatchLogsExports"),
            "databaseInsightsMode": NotKept("the emulator drops it", answer="DBInstances[0].DatabaseInsightsMode"),
            "performanceInsightsKmsKeyId": NotKept("the emulator drops it", answer="DBInstances[0].PerformanceInsightsKMSKeyId"),
            "engineLifecycleSupport": NotKept("the emulator drops it", answer="DBInstances[0].EngineLifecycleSupport"),
        },
        stand_ins={
            "masterUserSecrets": StandIn(
                "the emulator makes no managed secret: one that the local cloud makes beside it stands in, and is not rotated",
                "rds",
                Read("describe_db_instances", "{DBInstanceIdentifier: identifier}", "DBInstances[0].MasterUserSecret"),
            ),
        },
        hook=RDS_SERVER,
    ),
)
