"""What a bucket lets happen, and what a role may do in buckets."""

from collections.abc import Sequence
from dataclasses import dataclass

from planning import arns
from planning.documents.statements import Statement, allow, deny, document


@dataclass(frozen=True)
class Access:
    """What a role may do below `prefix` (ends with `/`, or empty for all) of one bucket. Listing comes with either right."""

    bucket: str
    read: bool = False
    write: bool = False
    prefix: str = ""


def tls_only(bucket: str) -> str:
    """Refuses every request that is not encrypted on its way."""
    return document(_tls_only(bucket))


def log_delivery(bucket: str, account: str) -> str:
    """Takes S3 access logs from this account's buckets, over TLS only."""
    return document(
        _tls_only(bucket),
        allow(
            "AccessLogs",
            "s3:PutObject",
            principal={"Service": "logging.s3.amazonaws.com"},
            resources=f"{arns.bucket(bucket)}/*",
            conditions={"StringEquals": {"aws:SourceAccount": account}},
        ),
    )


def audit(bucket: str, *, region: str, account: str) -> str:
    """Takes what this account delivers as logs, flow logs among them, over TLS only.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html, read November 2026: AWS writes the statements of
    these names itself where they are missing, over whatever the bucket's policy says.
    """
    arn = arns.bucket(bucket)
    service = {"Service": "delivery.logs.amazonaws.com"}
    source = {"ArnLike": {"aws:SourceArn": arns.log_deliveries(region, account)}}
    return document(
        _tls_only(bucket),
        allow(
            "AWSLogDeliveryWrite",
            "s3:PutObject",
            principal=service,
            resources=f"{arn}/AWSLogs/{account}/*",
            conditions={"StringEquals": {"aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"}, **source},
        ),
        allow(
            "AWSLogDeliveryAclCheck",
            ["s3:GetBucketAcl", "s3:ListBucket"],
            principal=service,
            resources=arn,
            conditions={"StringEquals": {"aws:SourceAccount": account}, **source},
        ),
    )


def role_access(accesses: Sequence[Access]) -> str:
    """The least that gives a role these rights. Expects at least one, and each to read, write or both."""
    return document(*(statement for index, access in enumerate(accesses) for statement in _access(index, access)))


def _access(index: int, access: Access) -> list[Statement]:
    arn = arns.bucket(access.bucket)
    reading = ["s3:GetObject", "s3:GetObjectVersion"] if access.read else []
    writing = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"] if access.write else []
    below = {"StringLike": {"s3:prefix": [f"{access.prefix}*"]}} if access.prefix else None
    return [
        allow(f"List{index}", "s3:ListBucket", resources=arn, conditions=below),
        allow(f"Objects{index}", [*reading, *writing], resources=f"{arn}/{access.prefix}*"),
    ]


def _tls_only(bucket: str) -> Statement:
    arn = arns.bucket(bucket)
    return deny(
        "TlsOnly",
        "s3:*",
        principal={"AWS": "*"},
        resources=[arn, f"{arn}/*"],
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )
