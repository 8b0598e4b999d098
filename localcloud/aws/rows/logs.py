"""CloudWatch Logs: groups and the streams in them."""

from __future__ import annotations

from localcloud.aws.row import Call, NotChanged, Read, Row

ROWS = (
    Row(
        "aws:cloudwatch/logGroup:LogGroup",
        service="logs",
        id="name",
        create=(Call("create_log_group", "{logGroupName: name, kmsKeyId: kmsKeyId, tags: tagsAll}"),),
        read=(
            Read(
                "describe_log_groups",
                "{logGroupNamePrefix: id}",
                """logGroups[?logGroupName=='$id'] | [0].{name: logGroupName, retentionInDays: retentionInDays || `0`, kmsKeyId: kmsKeyId,
                    logGroupClass: logGroupClass}""",
            ),
        ),
        update=(
            Call("put_retention_policy", "{logGroupName: id, retentionInDays: retentionInDays}", when="retentionInDays != `0`"),
            Call("delete_retention_policy", "{logGroupName: id}", when="retentionInDays == `0`"),
        ),
        delete=(Call("delete_log_group", "{logGroupName: id}"),),
        gone=("ResourceNotFoundException",),
        tags="logs",
        not_changed={
            "kmsKeyId": NotChanged(
                "the emulator has neither AssociateKmsKey nor DisassociateKmsKey",
                Call("associate_kms_key", "{logGroupName: id, kmsKeyId: kmsKeyId}"),
            )
        },
    ),
    Row(
        "aws:cloudwatch/logStream:LogStream",
        service="logs",
        id="name",
        id_pattern="(?P<logGroupName>[^:]+):(?P<name>.+)",
        create=(Call("create_log_stream", "{logGroupName: logGroupName, logStreamName: name}"),),
        read=(
            Read(
                "describe_log_streams",
                "{logGroupName: logGroupName, logStreamNamePrefix: name}",
                "logStreams[?logStreamName=='$name'] | [0].{name: logStreamName, logGroupName: '$logGroupName', arn: arn}",
            ),
        ),
        delete=(Call("delete_log_stream", "{logGroupName: logGroupName, logStreamName: name}"),),
        gone=("ResourceNotFoundException",),
    ),
)
