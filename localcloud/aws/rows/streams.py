"""Kinesis: streams, and what Firehose brings from them into S3."""

from __future__ import annotations

from localcloud.aws.row import Call, NotChanged, Read, Row

# The members of ExtendedS3DestinationConfiguration and ...Update that the program gives.
_TO_S3 = """{RoleARN: extendedS3Configuration.roleArn, BucketARN: extendedS3Configuration.bucketArn,
    Prefix: extendedS3Configuration.prefix, ErrorOutputPrefix: extendedS3Configuration.errorOutputPrefix,
    BufferingHints: {SizeInMBs: extendedS3Configuration.bufferingSize || `5`,
        IntervalInSeconds: extendedS3Configuration.bufferingInterval || `300`},
    CompressionFormat: extendedS3Configuration.compressionFormat || 'UNCOMPRESSED',
    EncryptionConfiguration: (extendedS3Configuration.kmsKeyArn
        && {KMSEncryptionConfig: {AWSKMSKeyARN: extendedS3Configuration.kmsKeyArn}}) || {NoEncryptionConfig: 'NoEncryption'},
    CloudWatchLoggingOptions: extendedS3Configuration.cloudwatchLoggingOptions,
    ProcessingConfiguration: extendedS3Configuration.processingConfiguration || {Enabled: `false`, Processors: `[]`}}"""

_AT_ONCE = "the emulator writes each event at once, as an object of its own"

ROWS = (
    Row(
        "aws:kinesis/stream:Stream",
        service="kinesis",
        id="join('', ['arn:', partition, ':kinesis:', region, ':', account, ':stream/', name])",
        id_pattern=r"arn:[^:]+:kinesis:[^:]+:\d+:stream/(?P<name>.+)",
        create=(Call("create_stream", "{StreamName: name, ShardCount: shardCount, StreamModeDetails: streamModeDetails}"),),
        read=(
            Read(
                "describe_stream_summary",
                "{StreamName: name}",
                """StreamDescriptionSummary.{name: StreamName, arn: StreamARN, streamModeDetails: StreamModeDetails,
                    shardCount: StreamModeDetails.StreamMode=='PROVISIONED' && OpenShardCount || `null`,
                    retentionPeriod: RetentionPeriodHours, encryptionType: EncryptionType, kmsKeyId: KeyId}""",
            ),
        ),
        # As the official provider: one call for each, the retention after a create too.
        update=(
            Call(
                "update_shard_count",
                "{StreamName: name, TargetShardCount: shardCount, ScalingType: 'UNIFORM_SCALING'}",
                when="old.shardCount && shardCount",
            ),
            Call(
                "increase_stream_retention_period",
                "{StreamName: name, RetentionPeriodHours: retentionPeriod}",
                when="retentionPeriod > (old.retentionPeriod || `24`)",
            ),
            Call(
                "decrease_stream_retention_period",
                "{StreamName: name, RetentionPeriodHours: retentionPeriod}",
                when="retentionPeriod < old.retentionPeriod",
            ),
            Call(
                "start_stream_encryption",
                "{StreamName: name, EncryptionType: encryptionType, KeyId: kmsKeyId}",
                when="encryptionType == 'KMS'",
            ),
            Call(
                "stop_stream_encryption",
                "{StreamName: name, EncryptionType: old.encryptionType, KeyId: old.kmsKeyId}",
                when="encryptionType == 'NONE' && old.encryptionType == 'KMS'",
            ),
        ),
        delete=(Call("delete_stream", "{StreamName: name, EnforceConsumerDeletion: enforceConsumerDeletion}"),),
        gone=("ResourceNotFoundException",),
        tags="kinesis",
        unread={"enforceConsumerDeletion": "an argument of the delete call"},
        not_changed={
            "streamModeDetails": NotChanged(
                "the emulator has no UpdateStreamMode",
                Call("update_stream_mode", "{StreamARN: id, StreamModeDetails: streamModeDetails}"),
            )
        },
        waiter="stream_exists",
    ),
    Row(
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        service="firehose",
        id="join('', ['arn:', partition, ':firehose:', region, ':', account, ':deliverystream/', name])",
        id_pattern=r"arn:[^:]+:firehose:[^:]+:\d+:deliverystream/(?P<name>.+)",
        create=(
            Call(
                "create_delivery_stream",
                f"""{{DeliveryStreamName: name,
                    DeliveryStreamType: (kinesisSourceConfiguration && 'KinesisStreamAsSource') || 'DirectPut',
                    KinesisStreamSourceConfiguration: kinesisSourceConfiguration,
                    ExtendedS3DestinationConfiguration: {_TO_S3}, Tags: (length(tagsAll) > `0` && tagsAll) || `null`}}""",
            ),
        ),
        read=(
            Read(
                "describe_delivery_stream",
                "{DeliveryStreamName: name}",
                """DeliveryStreamDescription.{name: DeliveryStreamName, arn: DeliveryStreamARN, versionId: VersionId,
                    destinationId: Destinations[0].DestinationId,
                    destination: Destinations[0].ExtendedS3DestinationDescription && 'extended_s3' || `null`,
                    kinesisSourceConfiguration: Source.KinesisStreamSourceDescription,
                    extendedS3Configuration: Destinations[0].ExtendedS3DestinationDescription.{roleArn: RoleARN, bucketArn: BucketARN,
                        prefix: Prefix, errorOutputPrefix: ErrorOutputPrefix, bufferingSize: BufferingHints.SizeInMBs,
                        bufferingInterval: BufferingHints.IntervalInSeconds, compressionFormat: CompressionFormat,
                        kmsKeyArn: EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN,
                        cloudwatchLoggingOptions: CloudWatchLoggingOptions, processingConfiguration: ProcessingConfiguration}}""",
            ),
        ),
        update=(
            Call(
                "update_destination",
                f"""{{DeliveryStreamName: name, CurrentDeliveryStreamVersionId: state.versionId, DestinationId: state.destinationId,
                    ExtendedS3DestinationUpdate: {_TO_S3}}}""",
            ),
        ),
        delete=(Call("delete_delivery_stream", "{DeliveryStreamName: name}"),),
        gone=("ResourceNotFoundException",),
        tags="firehose",
        unread={"destination": "says which of the configurations is given"},
        not_heeded={
            "extendedS3Configuration.bufferingInterval": _AT_ONCE,
            "extendedS3Configuration.bufferingSize": _AT_ONCE,
            "extendedS3Configuration.compressionFormat": "the emulator writes what it was sent, uncompressed",
            "extendedS3Configuration.processingConfiguration": "the emulator puts no delimiter after an event",
        },
    ),
)
