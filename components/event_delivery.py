"""The way of events from a stream into a bucket."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

# An object a minute, or of 64 MiB: what Athena reads is a minute old at most, and not in objects too small to be read fast.
BUFFER_SECONDS = 60
BUFFER_MIB = 64


@dataclass(frozen=True, kw_only=True)
class EventDeliveryArgs:
    delivery_stream: str
    stream_arn: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    prefix: str
    error_prefix: str
    """Of what could not be delivered."""
    role_arn: pulumi.Input[str]
    """What Firehose acts as, known once it may: planning.documents.delivery."""
    key_arn: pulumi.Input[str]
    """What objects are encrypted with."""
    log_group: str
    """In it a log stream of the delivery stream's own name."""
    log_key_arn: pulumi.Input[str]
    log_retention_days: int


class EventDelivery(pulumi.ComponentResource):
    """A Firehose stream: events as they were written, one a line, in compressed objects. What fails is logged, and kept below a prefix."""

    def __init__(self, name: str, args: EventDeliveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:EventDelivery", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        log_group = aws.cloudwatch.LogGroup(
            name, name=args.log_group, retention_in_days=args.log_retention_days, kms_key_id=args.log_key_arn, opts=child
        )
        log_stream = aws.cloudwatch.LogStream(name, name=args.delivery_stream, log_group_name=log_group.name, opts=child)
        delimiter = aws.kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArgs(
            type="AppendDelimiterToRecord",
            parameters=[
                aws.kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorParameterArgs(
                    parameter_name="Delimiter", parameter_value="\\n"
                )
            ],
        )
        aws.kinesis.FirehoseDeliveryStream(
            name,
            name=args.delivery_stream,
            destination="extended_s3",
            kinesis_source_configuration=aws.kinesis.FirehoseDeliveryStreamKinesisSourceConfigurationArgs(
                kinesis_stream_arn=args.stream_arn, role_arn=args.role_arn
            ),
            extended_s3_configuration=aws.kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationArgs(
                role_arn=args.role_arn,
                bucket_arn=args.bucket_arn,
                prefix=args.prefix,
                error_output_prefix=args.error_prefix,
                buffering_interval=BUFFER_SECONDS,
                buffering_size=BUFFER_MIB,
                compression_format="GZIP",
                kms_key_arn=args.key_arn,
                processing_configuration=aws.kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationArgs(
                    enabled=True, processors=[delimiter]
                ),
                cloudwatch_logging_options=aws.kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationCloudwatchLoggingOptionsArgs(
                    enabled=True, log_group_name=log_group.name, log_stream_name=log_stream.name
                ),
            ),
            opts=child,
        )
        self.register_outputs({})
