"""A place for objects."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.order import known_after

WITHOUT_REPLICA = "without-replica"
"""The tag by which a bucket says why it has no copy."""


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """When objects go by themselves."""

    expiration_days: int | None
    """None: they stay until they are deleted."""
    noncurrent_days: int
    """How long a version is kept once a newer one, or its expiration, has taken its place."""
    abort_multipart_days: int
    """How long the parts of an upload that nobody completes are kept, and paid for."""


@dataclass(frozen=True, kw_only=True)
class ObjectLock:
    """That a version of an object cannot be deleted before its time, but by a role that may bypass governance."""

    days: int | None
    """From when it is written. None: the bucket can have locks, and gives none by itself."""


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    bucket: str
    policy: str
    """Must refuse what is not TLS: planning.documents.buckets."""
    key_arn: pulumi.Input[str] | None
    """None: SSE-S3, for a bucket that AWS services deliver logs to, which accept nothing else."""
    logs_bucket: pulumi.Input[str] | None
    """Where access logs go. None: for the log bucket itself."""
    protected: bool
    """Whether Pulumi refuses to delete it, and S3 unless it is empty; if not, its objects go with it."""
    lifecycle: Lifecycle
    object_lock: ObjectLock | None = None
    """None: it has none, and can never have."""
    without_replica: str | None = None
    """Why it needs no copy elsewhere, for whoever audits it. None: it has one, or nobody has said."""


class Bucket(pulumi.ComponentResource):
    """An S3 bucket: versioned, encrypted, private, without ACLs, logged, and answering over TLS only.

    Where objects are locked by default, destroying it deletes nothing in AWS: bucket and settings stay as they are, for they could be
    deleted only after the last lock has ended.
    """

    bucket: pulumi.Output[str]
    arn: pulumi.Output[str]
    """Known to others only once the policy is in force: for services that deliver to the bucket, and look at it first."""
    versioned: pulumi.Output[str]
    """Its name, known once it is versioned: for replication, without which S3 refuses it, and which has to end before versioning does."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Bucket", name, None, opts)
        lock = args.object_lock
        outlives = lock is not None and lock.days is not None
        child = pulumi.ResourceOptions(parent=self, retain_on_delete=outlives)

        made = aws.s3.Bucket(
            name,
            bucket=args.bucket,
            force_destroy=not (args.protected or outlives),
            object_lock_enabled=True if lock else None,
            tags={WITHOUT_REPLICA: args.without_replica} if args.without_replica else None,
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(protect=args.protected)),
        )
        bucket = made.bucket
        versioning = aws.s3.BucketVersioning(
            name,
            bucket=bucket,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            # Deleting the setting suspends versioning, which S3 refuses where objects can be locked.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=lock is not None),
        )
        _encrypt(name, bucket, args.key_arn, child)
        aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        aws.s3.BucketOwnershipControls(
            name, bucket=bucket, rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"), opts=child
        )
        policy = aws.s3.BucketPolicy(name, bucket=bucket, policy=args.policy, opts=child)
        if args.logs_bucket:
            aws.s3.BucketLogging(name, bucket=bucket, target_bucket=args.logs_bucket, target_prefix=f"{args.bucket}/", opts=child)
        aws.s3.BucketLifecycleConfiguration(name, bucket=bucket, rules=[_rule(args.lifecycle)], opts=child)
        if lock and lock.days:
            _lock(name, bucket, lock.days, child)

        self.bucket, self.arn = bucket, known_after(made.arn, [policy])
        self.versioned = known_after(bucket, [versioning])
        self.register_outputs({"bucket": self.bucket})


def _encrypt(name: str, bucket: pulumi.Output[str], key_arn: pulumi.Input[str] | None, opts: pulumi.ResourceOptions) -> None:
    aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                    sse_algorithm="aws:kms" if key_arn else "AES256", kms_master_key_id=key_arn
                ),
                bucket_key_enabled=True if key_arn else None,
            )
        ],
        opts=opts,
    )


def _lock(name: str, bucket: pulumi.Output[str], days: int, opts: pulumi.ResourceOptions) -> None:
    aws.s3.BucketObjectLockConfiguration(
        name,
        bucket=bucket,
        rule=aws.s3.BucketObjectLockConfigurationRuleArgs(
            default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(mode="GOVERNANCE", days=days)
        ),
        opts=opts,
    )


def _rule(lifecycle: Lifecycle) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="everything",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(
            days=lifecycle.expiration_days,
            # Where no object ends by itself, at least the markers of deleted ones go once nothing is left behind them.
            expired_object_delete_marker=None if lifecycle.expiration_days else True,
        ),
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=lifecycle.noncurrent_days
        ),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=lifecycle.abort_multipart_days
        ),
    )
