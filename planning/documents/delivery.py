"""What Firehose may do to bring a stream of events into a bucket, and nothing more.

https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3, read November 2026.
"""

from planning import arns
from planning.documents.statements import allow, document


def events(region: str, account: str, *, stream: str, bucket: str, prefixes: tuple[str, ...], log: tuple[str, str]) -> str:
    """Reads the stream, writes objects below the prefixes of the bucket, and its own log: a log group and a log stream of it."""
    arn, (log_group, log_stream) = arns.bucket(bucket), log
    return document(
        allow(
            "Stream",
            ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"],
            resources=arns.stream(region, account, stream),
        ),
        allow("Bucket", ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], resources=arn),
        allow("Objects", ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], resources=[f"{arn}/{each}*" for each in prefixes]),
        allow("Log", "logs:PutLogEvents", resources=f"{arns.log_group(region, account, log_group)}:log-stream:{log_stream}"),
    )


def key(region: str, account: str, key_arn: str, *, stream: str, bucket: str) -> str:
    """Decrypts what the key encrypts in the stream, and encrypts objects of the bucket with it.

    The encryption context of an object is the bucket's ARN where S3 uses a bucket key, which it does in all of ours:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html.
    """
    return document(
        allow(
            "DecryptEvents",
            "kms:Decrypt",
            resources=key_arn,
            conditions={
                "StringEquals": {
                    "kms:ViaService": f"kinesis.{region}.amazonaws.com",
                    "kms:EncryptionContext:aws:kinesis:arn": arns.stream(region, account, stream),
                }
            },
        ),
        allow(
            "EncryptObjects",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            resources=key_arn,
            conditions={
                "StringEquals": {
                    "kms:ViaService": f"s3.{region}.amazonaws.com",
                    "kms:EncryptionContext:aws:s3:arn": arns.bucket(bucket),
                }
            },
        ),
    )
