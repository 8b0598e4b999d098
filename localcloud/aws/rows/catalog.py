"""Glue's catalog, and Athena, which queries what is in it."""

from __future__ import annotations

from localcloud.aws.row import Call, NotChanged, Read, Row

_DATABASE = "{Name: name, Description: description, LocationUri: locationUri, Parameters: parameters}"
_TABLE = """{Name: name, Description: description, TableType: tableType, Parameters: parameters,
    PartitionKeys: partitionKeys[*].{Name: name, Type: type, Comment: comment},
    StorageDescriptor: storageDescriptor.{Location: location, InputFormat: inputFormat, OutputFormat: outputFormat, Compressed: compressed,
        SerdeInfo: serDeInfo.{Name: name, SerializationLibrary: serializationLibrary, Parameters: parameters},
        Columns: columns[*].{Name: name, Type: type, Comment: comment}}}"""
_OF_QUERIES = """EnforceWorkGroupConfiguration: configuration.enforceWorkgroupConfiguration,
    PublishCloudWatchMetricsEnabled: configuration.publishCloudwatchMetricsEnabled,
    BytesScannedCutoffPerQuery: configuration.bytesScannedCutoffPerQuery"""
_RESULTS = """{OutputLocation: configuration.resultConfiguration.outputLocation,
    ExpectedBucketOwner: configuration.resultConfiguration.expectedBucketOwner,
    EncryptionConfiguration: configuration.resultConfiguration.encryptionConfiguration.{EncryptionOption: encryptionOption,
        KmsKey: kmsKeyArn}}"""

ROWS = (
    Row(
        "aws:glue/catalogDatabase:CatalogDatabase",
        service="glue",
        id="join(':', [account, name])",
        id_pattern=r"\d+:(?P<name>.+)",
        create=(Call("create_database", f"{{DatabaseInput: {_DATABASE}, Tags: tagsAll}}"),),
        read=(
            Read(
                "get_database",
                "{Name: name}",
                """Database.{name: Name, catalogId: CatalogId, description: Description, locationUri: LocationUri,
                    parameters: Parameters}""",
            ),
        ),
        update=(Call("update_database", f"{{Name: name, DatabaseInput: {_DATABASE}}}"),),
        delete=(Call("delete_database", "{Name: name}"),),
        gone=("EntityNotFoundException",),
        tags="glue",
        name_form="{name}_{hex}",
        lower_name=True,
    ),
    Row(
        "aws:glue/catalogTable:CatalogTable",
        service="glue",
        id="join(':', [account, databaseName, name])",
        id_pattern=r"\d+:(?P<databaseName>[^:]+):(?P<name>.+)",
        create=(Call("create_table", f"{{DatabaseName: databaseName, TableInput: {_TABLE}}}"),),
        read=(
            Read(
                "get_table",
                "{DatabaseName: databaseName, Name: name}",
                """Table.{name: Name, databaseName: DatabaseName, catalogId: CatalogId, description: Description, tableType: TableType,
                    parameters: Parameters, partitionKeys: PartitionKeys, storageDescriptor: StorageDescriptor}""",
            ),
        ),
        update=(Call("update_table", f"{{DatabaseName: databaseName, TableInput: {_TABLE}}}"),),
        delete=(Call("delete_table", "{DatabaseName: databaseName, Name: name}"),),
        gone=("EntityNotFoundException",),
        name_form="{name}_{hex}",
        lower_name=True,
    ),
    Row(
        "aws:athena/workgroup:Workgroup",
        service="athena",
        id="name",
        create=(
            Call(
                "create_work_group",
                f"""{{Name: name, Description: description, Configuration: {{{_OF_QUERIES}, ResultConfiguration: {_RESULTS}}},
                    Tags: tagsAll}}""",
            ),
        ),
        read=(
            Read(
                "get_work_group",
                "{WorkGroup: id}",
                """WorkGroup.{name: Name, description: Description, state: State, configuration: Configuration.{
                    enforceWorkgroupConfiguration: EnforceWorkGroupConfiguration,
                    publishCloudwatchMetricsEnabled: PublishCloudWatchMetricsEnabled,
                    bytesScannedCutoffPerQuery: BytesScannedCutoffPerQuery,
                    resultConfiguration: ResultConfiguration.{outputLocation: OutputLocation, expectedBucketOwner: ExpectedBucketOwner,
                        encryptionConfiguration: EncryptionConfiguration.{encryptionOption: EncryptionOption, kmsKeyArn: KmsKey}}}}""",
            ),
        ),
        update=(
            Call(
                "update_work_group",
                f"""{{WorkGroup: id, Description: description,
                    ConfigurationUpdates: {{{_OF_QUERIES}, ResultConfigurationUpdates: {_RESULTS}}}}}""",
            ),
        ),
        delete=(Call("delete_work_group", "{WorkGroup: id, RecursiveDeleteOption: forceDestroy}"),),
        # Athena has no code of its own for a workgroup that is not there.
        gone=("InvalidRequestException",),
        tags="athena",
        unread={"forceDestroy": "an argument of the delete call"},
        not_changed={
            "configuration.resultConfiguration.expectedBucketOwner": NotChanged(
                "UpdateWorkGroup of the emulator drops it",
                Call(
                    "update_work_group",
                    """{WorkGroup: id, ConfigurationUpdates: {ResultConfigurationUpdates: {
                        ExpectedBucketOwner: configuration.resultConfiguration.expectedBucketOwner}}}""",
                ),
            )
        },
    ),
)
