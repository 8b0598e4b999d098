"""S3: a bucket and its settings. Each setting is a resource of its own, as in the official provider."""

from __future__ import annotations

from localcloud.aws.bucket_contents import BUCKET_CONTENTS
from localcloud.aws.row import Call, Effect, NotKept, Read, Row

_PUT_VERSIONING = Call("put_bucket_versioning", "{Bucket: bucket, VersioningConfiguration: versioningConfiguration}")
_PUT_ENCRYPTION = Call(
    "put_bucket_encryption",
    """{Bucket: bucket, ServerSideEncryptionConfiguration: {Rules: rules[*].{BucketKeyEnabled: bucketKeyEnabled,
        ApplyServerSideEncryptionByDefault: applyServerSideEncryptionByDefault,
        BlockedEncryptionTypes: blockedEncryptionTypes && {EncryptionType: blockedEncryptionTypes}}}}""",
)
_PUT_ACCESS_BLOCK = Call(
    "put_public_access_block",
    """{Bucket: bucket, PublicAccessBlockConfiguration: {BlockPublicAcls: blockPublicAcls, IgnorePublicAcls: ignorePublicAcls,
        BlockPublicPolicy: blockPublicPolicy, RestrictPublicBuckets: restrictPublicBuckets}}""",
)
_PUT_OWNERSHIP = Call("put_bucket_ownership_controls", "{Bucket: bucket, OwnershipControls: {Rules: [rule]}}")
_PUT_POLICY = Call("put_bucket_policy", "{Bucket: bucket, Policy: policy}")
_PUT_LIFECYCLE = Call(
    "put_bucket_lifecycle_configuration",
    # As the official provider: a rule without a filter gets an empty one, and is for every object.
    """{Bucket: bucket, LifecycleConfiguration: {Rules: rules[*].{ID: id, Status: status, Filter: filter || `{}`,
        Expiration: expiration.{Days: days, ExpiredObjectDeleteMarker: expiredObjectDeleteMarker},
        NoncurrentVersionExpiration: noncurrentVersionExpiration, AbortIncompleteMultipartUpload: abortIncompleteMultipartUpload,
        Transitions: transitions[*].{Days: days, StorageClass: storageClass},
        NoncurrentVersionTransitions: noncurrentVersionTransitions}}}""",
)
_PUT_LOGGING = Call(
    "put_bucket_logging",
    "{Bucket: bucket, BucketLoggingStatus: {LoggingEnabled: {TargetBucket: targetBucket, TargetPrefix: targetPrefix}}}",
)

ROWS = (
    Row(
        "aws:s3/bucket:Bucket",
        service="s3",
        id="bucket",
        create=(
            Call(
                "create_bucket",
                """{Bucket: bucket, CreateBucketConfiguration: {LocationConstraint: (region != 'us-east-1' && region) || `null`},
                    ObjectLockEnabledForBucket: objectLockEnabled}""",
            ),
        ),
        read=(
            Read("head_bucket", "{Bucket: id}", "{bucket: '$id', bucketRegion: BucketRegion}"),
            Read(
                "get_object_lock_configuration",
                "{Bucket: id}",
                "{objectLockEnabled: ObjectLockConfiguration.ObjectLockEnabled=='Enabled'}",
            ),
        ),
        delete=(Call("delete_bucket", "{Bucket: id}"),),
        gone=("NoSuchBucket", "404", "NoSuchTagSet", "ObjectLockConfigurationNotFoundError"),
        tags="bucket",
        lower_name=True,
        unread={"forceDestroy": Effect("the provider empties the bucket before it deletes it")},
        hook=BUCKET_CONTENTS,
    ),
    Row(
        "aws:s3/bucketVersioning:BucketVersioning",
        service="s3",
        id="bucket",
        create=(_PUT_VERSIONING,),
        read=(
            Read(
                "get_bucket_versioning",
                "{Bucket: id}",
                "{bucket: '$id', versioningConfiguration: {status: Status || 'Disabled', mfaDelete: MFADelete}}",
            ),
        ),
        update=(_PUT_VERSIONING,),
        # As the official provider: versioning cannot be removed, only suspended.
        delete=(Call("put_bucket_versioning", "{Bucket: id, VersioningConfiguration: {Status: 'Suspended'}}"),),
        gone=("NoSuchBucket",),
        not_kept={"versioningConfiguration.mfaDelete": NotKept("the emulator drops it", answer="MFADelete")},
    ),
    Row(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        service="s3",
        id="bucket",
        create=(_PUT_ENCRYPTION,),
        read=(
            Read(
                "get_bucket_encryption",
                "{Bucket: id}",
                """{bucket: '$id', rules: ServerSideEncryptionConfiguration.Rules[*].{bucketKeyEnabled: BucketKeyEnabled,
                    applyServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault,
                    blockedEncryptionTypes: BlockedEncryptionTypes.EncryptionType}}""",
            ),
        ),
        update=(_PUT_ENCRYPTION,),
        delete=(Call("delete_bucket_encryption", "{Bucket: id}"),),
        gone=("NoSuchBucket", "ServerSideEncryptionConfigurationNotFoundError"),
    ),
    Row(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        service="s3",
        id="bucket",
        create=(_PUT_ACCESS_BLOCK,),
        read=(
            Read(
                "get_public_access_block",
                "{Bucket: id}",
                """PublicAccessBlockConfiguration.{bucket: '$id', blockPublicAcls: BlockPublicAcls, ignorePublicAcls: IgnorePublicAcls,
                    blockPublicPolicy: BlockPublicPolicy, restrictPublicBuckets: RestrictPublicBuckets}""",
            ),
        ),
        update=(_PUT_ACCESS_BLOCK,),
        delete=(Call("delete_public_access_block", "{Bucket: id}", when="!skipDestroy"),),
        gone=("NoSuchBucket", "NoSuchPublicAccessBlockConfiguration"),
        unread={"skipDestroy": Effect("the provider leaves the setting in place")},
    ),
    Row(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        service="s3",
        id="bucket",
        create=(_PUT_OWNERSHIP,),
        read=(Read("get_bucket_ownership_controls", "{Bucket: id}", "{bucket: '$id', rule: OwnershipControls.Rules[0]}"),),
        update=(_PUT_OWNERSHIP,),
        delete=(Call("delete_bucket_ownership_controls", "{Bucket: id}"),),
        gone=("NoSuchBucket", "OwnershipControlsNotFoundError"),
    ),
    Row(
        "aws:s3/bucketPolicy:BucketPolicy",
        service="s3",
        id="bucket",
        create=(_PUT_POLICY,),
        read=(Read("get_bucket_policy", "{Bucket: id}", "{bucket: '$id', policy: Policy}"),),
        update=(_PUT_POLICY,),
        delete=(Call("delete_bucket_policy", "{Bucket: id}"),),
        gone=("NoSuchBucket", "NoSuchBucketPolicy"),
    ),
    Row(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        service="s3",
        id="bucket",
        create=(_PUT_LIFECYCLE,),
        read=(
            Read(
                "get_bucket_lifecycle_configuration",
                "{Bucket: id}",
                "{bucket: '$id', rules: Rules, transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize}",
            ),
        ),
        update=(_PUT_LIFECYCLE,),
        delete=(Call("delete_bucket_lifecycle", "{Bucket: id}"),),
        gone=("NoSuchBucket", "NoSuchLifecycleConfiguration"),
    ),
    Row(
        "aws:s3/bucketLogging:BucketLogging",
        service="s3",
        id="bucket",
        create=(_PUT_LOGGING,),
        read=(
            Read(
                "get_bucket_logging",
                "{Bucket: id}",
                "LoggingEnabled && {bucket: '$id', targetBucket: LoggingEnabled.TargetBucket, targetPrefix: LoggingEnabled.TargetPrefix}",
            ),
        ),
        update=(_PUT_LOGGING,),
        delete=(Call("put_bucket_logging", "{Bucket: id, BucketLoggingStatus: `{}`}"),),
        gone=("NoSuchBucket",),
    ),
)
