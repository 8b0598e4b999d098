"""S3: what keeps objects from being lost: locks, and copies in another bucket."""

from __future__ import annotations

from localcloud.aws.row import Call, Read, Row

_PUT_LOCK = Call(
    "put_object_lock_configuration",
    "{Bucket: bucket, ObjectLockConfiguration: {ObjectLockEnabled: 'Enabled', Rule: rule}}",
)
_PUT_REPLICATION = Call(
    "put_bucket_replication",
    """{Bucket: bucket, ReplicationConfiguration: {Role: role, Rules: rules[*].{ID: id, Status: status, Priority: priority,
        Filter: filter.{Prefix: prefix}, DeleteMarkerReplication: deleteMarkerReplication,
        SourceSelectionCriteria: sourceSelectionCriteria.{SseKmsEncryptedObjects: sseKmsEncryptedObjects},
        Destination: destination.{Bucket: bucket, StorageClass: storageClass, EncryptionConfiguration: encryptionConfiguration}}}}""",
)

ROWS = (
    Row(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        service="s3",
        id="bucket",
        create=(_PUT_LOCK,),
        read=(
            Read(
                "get_object_lock_configuration",
                "{Bucket: id}",
                "ObjectLockConfiguration.{bucket: '$id', objectLockEnabled: ObjectLockEnabled, rule: Rule}",
            ),
        ),
        update=(_PUT_LOCK,),
        # As the official provider: a bucket that can lock always can; only the rule goes.
        delete=(Call("put_object_lock_configuration", "{Bucket: id, ObjectLockConfiguration: {ObjectLockEnabled: 'Enabled'}}"),),
        gone=("NoSuchBucket", "ObjectLockConfigurationNotFoundError"),
    ),
    Row(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        service="s3",
        id="bucket",
        create=(_PUT_REPLICATION,),
        read=(Read("get_bucket_replication", "{Bucket: id}", "ReplicationConfiguration.{bucket: '$id', role: Role, rules: Rules}"),),
        update=(_PUT_REPLICATION,),
        delete=(Call("delete_bucket_replication", "{Bucket: id}"),),
        gone=("NoSuchBucket", "ReplicationConfigurationNotFoundError"),
    ),
)
