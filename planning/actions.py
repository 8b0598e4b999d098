"""What a tenant's roles may be allowed: the IAM actions that pods need on objects and secrets of the tenant's own.

It has no queue and no stream of its own: the streams are the platform's, and the events in them everybody's.
"""

from typing import Literal

# https://docs.aws.amazon.com/service-authorization/latest/reference/ of each service, read November 2026.
TenantAction = Literal[
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "secretsmanager:GetSecretValue",
]
