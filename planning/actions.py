"""What a tenant's roles may be allowed: the IAM actions that pods need on objects, queues, streams and secrets of their own."""

from typing import Literal

# https://docs.aws.amazon.com/service-authorization/latest/reference/ of each service, read November 2026.
TenantAction = Literal[
    "kinesis:PutRecord",
    "kinesis:PutRecords",
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "secretsmanager:GetSecretValue",
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
]
