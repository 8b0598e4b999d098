"""The AWS calls with which a deployment makes, changes and removes streams of events, what brings them into S3, and what queries them."""

from planning import arns
from planning.documents.statements import Statement, allow
from planning.names import Names

_STREAMS = (
    "kinesis:AddTagsToStream",
    "kinesis:CreateStream",
    "kinesis:DecreaseStreamRetentionPeriod",
    "kinesis:DeleteStream",
    "kinesis:IncreaseStreamRetentionPeriod",
    "kinesis:RemoveTagsFromStream",
    "kinesis:StartStreamEncryption",
    "kinesis:StopStreamEncryption",
    "kinesis:TagResource",
    "kinesis:UntagResource",
    "kinesis:UpdateShardCount",
    "kinesis:UpdateStreamMode",
)
_DELIVERIES = (
    "firehose:CreateDeliveryStream",
    "firehose:DeleteDeliveryStream",
    "firehose:TagDeliveryStream",
    "firehose:UntagDeliveryStream",
    "firehose:UpdateDestination",
)
_CATALOG = (
    "glue:CreateDatabase",
    "glue:CreateTable",
    "glue:DeleteDatabase",
    "glue:DeleteTable",
    "glue:TagResource",
    "glue:UntagResource",
    "glue:UpdateDatabase",
    "glue:UpdateTable",
)
_WORKGROUPS = (
    "athena:CreateWorkGroup",
    "athena:DeleteWorkGroup",
    "athena:TagResource",
    "athena:UntagResource",
    "athena:UpdateWorkGroup",
)
_LOG_STREAMS = ("logs:CreateLogStream", "logs:DeleteLogStream")


def events(names: Names, region: str) -> tuple[Statement, ...]:
    """Makes, changes and removes them, and neither writes nor reads an event."""
    account, environment = names.account, names.environment
    return (
        allow("Streams", _STREAMS, resources=arns.stream(region, account, f"{environment}-*")),
        allow("Deliveries", _DELIVERIES, resources=arns.delivery_stream(region, account, f"{environment}-*")),
        allow("Catalog", _CATALOG, resources=in_catalog(names, region)),
        allow("Workgroups", _WORKGROUPS, resources=arns.workgroup(region, account, f"{environment}-*")),
        allow("LogStreams", _LOG_STREAMS, resources=_log_streams(names, region)),
    )


def in_catalog(names: Names, region: str) -> list[str]:
    """Databases and tables of the environment, and the catalog, which every call names besides:
    https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html."""
    own = names.any_catalog_database
    return [arns.catalog(region, names.account, of) for of in ("catalog", f"database/{own}", f"table/{own}/*")]


def _log_streams(names: Names, region: str) -> str:
    any_own = f"{names.environment}-*"
    return f"{arns.log_group(region, names.account, f'/aws/kinesisfirehose/{any_own}')}:log-stream:{any_own}"
