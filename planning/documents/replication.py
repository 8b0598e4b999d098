"""What S3 may do to copy a bucket's new objects to another bucket, and nothing more.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html, read November 2026.
"""

from dataclasses import dataclass

from planning import arns
from planning.documents.statements import Conditions, allow, document

PURPOSE = "replication"


@dataclass(frozen=True)
class Replica:
    """Where copies go. Both are somebody else's, and their policies let the role of replication in."""

    bucket_arn: str
    key_arn: str

    @property
    def region(self) -> str:
        """A bucket's key is of the bucket's own region, and only the key's ARN says which that is."""
        return self.key_arn.split(":")[3]


_READS = ("s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging")
_READS_LOCKS = ("s3:GetObjectLegalHold", "s3:GetObjectRetention")
# Deletions are not copied: whoever deletes here leaves the copy.
WRITES = ("s3:ReplicateObject", "s3:ReplicateTags")


def objects(bucket: str, replica: Replica, *, locked: bool = False) -> str:
    """Reads every version of the bucket's objects, with their locks where the bucket can have any, and writes their copies.

    S3 copies from such a bucket only where the role reads locks, and only to another:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html.
    """
    arn = arns.bucket(bucket)
    return document(
        allow("Source", ["s3:GetReplicationConfiguration", "s3:ListBucket"], resources=arn),
        allow(
            "Versions",
            [*_READS, *(_READS_LOCKS if locked else ())],
            resources=f"{arn}/*",
        ),
        allow("Replica", WRITES, resources=f"{replica.bucket_arn}/*"),
    )


def keys(region: str, bucket: str, key_arn: str, replica: Replica) -> str:
    """Decrypts with the bucket's key, and encrypts with the replica's: each through S3, for its own bucket only."""
    return document(
        allow("DecryptSource", "kms:Decrypt", resources=key_arn, conditions=_through_s3(region, arns.bucket(bucket))),
        allow(
            "EncryptReplica",
            ["kms:Encrypt", "kms:GenerateDataKey"],
            resources=replica.key_arn,
            conditions=_through_s3(replica.region, replica.bucket_arn),
        ),
    )


def _through_s3(region: str, bucket_arn: str) -> Conditions:
    """With a bucket key, and without: then the encryption context is the object's ARN."""
    return {
        "StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket_arn, f"{bucket_arn}/*"]},
    }
