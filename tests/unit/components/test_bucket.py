import pulumi_aws as aws
import pytest

from components.bucket import Bucket, BucketArgs, Lifecycle, ObjectLock
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
FOR_EVER = Lifecycle(expiration_days=None, noncurrent_days=30, abort_multipart_days=7)


def bucket(
    *,
    key_arn: str | None = KEY,
    logs_bucket: str | None = "logs",
    protected: bool = True,
    lifecycle: Lifecycle = FOR_EVER,
    object_lock: ObjectLock | None = None,
    without_replica: str | None = None,
) -> Recorded:
    args = BucketArgs(
        bucket="models",
        policy='{"tls": "only"}',
        key_arn=key_arn,
        logs_bucket=logs_bucket,
        protected=protected,
        lifecycle=lifecycle,
        object_lock=object_lock,
        without_replica=without_replica,
    )
    return record(lambda: Bucket("models", args))


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return bucket()


def test_it_is_versioned(recorded: Recorded) -> None:
    assert recorded.one("aws:s3/bucketVersioning:BucketVersioning").inputs["versioningConfiguration"] == {"status": "Enabled"}


def test_it_is_encrypted_with_our_key(recorded: Recorded) -> None:
    (rule,) = recorded.one(ENCRYPTION).inputs["rules"]
    assert rule == {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY},
        "bucketKeyEnabled": True,
    }


def test_it_is_encrypted_by_s3_where_logs_are_delivered() -> None:
    (rule,) = bucket(key_arn=None).one(ENCRYPTION).inputs["rules"]
    assert rule == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}


@pytest.mark.parametrize("block", ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"])
def test_it_is_never_public(recorded: Recorded, block: str) -> None:
    assert recorded.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs[block] is True


def test_it_has_no_acls(recorded: Recorded) -> None:
    controls = recorded.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls")
    assert controls.inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_it_has_the_policy_it_was_given(recorded: Recorded) -> None:
    assert recorded.one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"] == '{"tls": "only"}'


def test_its_access_is_logged_below_its_name(recorded: Recorded) -> None:
    logging = recorded.one("aws:s3/bucketLogging:BucketLogging").inputs
    assert (logging["targetBucket"], logging["targetPrefix"]) == ("logs", "models/")


def test_the_log_bucket_does_not_log_itself() -> None:
    assert bucket(logs_bucket=None).all("aws:s3/bucketLogging:BucketLogging") == []


@pytest.mark.parametrize("protected", [True, False])
def test_a_protected_one_is_not_deleted_and_above_all_not_with_its_objects(protected: bool) -> None:
    made = bucket(protected=protected).one("aws:s3/bucket:Bucket")
    assert made.protect is protected
    assert made.inputs["forceDestroy"] is not protected


def test_objects_that_are_kept_for_ever_leave_no_markers_when_they_are_deleted(recorded: Recorded) -> None:
    (rule,) = recorded.one(LIFECYCLE).inputs["rules"]
    assert rule["expiration"] == {"expiredObjectDeleteMarker": True}


def test_it_cannot_lock_objects_unless_it_is_made_so(recorded: Recorded) -> None:
    assert "objectLockEnabled" not in recorded.one("aws:s3/bucket:Bucket").inputs
    assert recorded.all(LOCK) == []


def test_it_locks_what_is_written_to_it_for_its_days() -> None:
    made = bucket(object_lock=ObjectLock(days=365))
    assert made.one("aws:s3/bucket:Bucket").inputs["objectLockEnabled"] is True
    assert made.one(LOCK).inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 365}}


def test_it_may_be_able_to_lock_and_lock_nothing_by_itself() -> None:
    made = bucket(object_lock=ObjectLock(days=None))
    assert made.one("aws:s3/bucket:Bucket").inputs["objectLockEnabled"] is True
    assert made.all(LOCK) == []


@pytest.mark.parametrize("protected", [True, False])
def test_what_it_locked_outlives_it_with_every_setting(protected: bool) -> None:
    made = bucket(object_lock=ObjectLock(days=365), protected=protected)
    assert [each.type for each in made.registrations if each.type.startswith("aws:") and not each.retained] == []
    assert made.one("aws:s3/bucket:Bucket").inputs["forceDestroy"] is False


def test_nothing_of_one_without_locks_outlives_it(recorded: Recorded) -> None:
    assert [each.type for each in recorded.registrations if each.retained] == []


def test_versioning_of_one_that_can_lock_is_never_suspended() -> None:
    assert [each.type for each in bucket(object_lock=ObjectLock(days=None)).registrations if each.retained] == [VERSIONING]


@pytest.mark.parametrize(
    ("part", "days"),
    [
        ("expiration", {"days": 90}),
        ("noncurrentVersionExpiration", {"noncurrentDays": 30}),
        ("abortIncompleteMultipartUpload", {"daysAfterInitiation": 7}),
    ],
)
def test_everything_in_it_goes_when_its_lifecycle_says(part: str, days: dict[str, int]) -> None:
    made = bucket(lifecycle=Lifecycle(expiration_days=90, noncurrent_days=30, abort_multipart_days=7)).one(LIFECYCLE)
    (rule,) = made.inputs["rules"]
    assert (rule["status"], rule["filter"]) == ("Enabled", {"prefix": ""})
    assert rule[part] == days


def test_services_hear_of_it_only_once_its_policy_lets_them_in() -> None:
    def program() -> None:
        args = BucketArgs(bucket="audit", policy="{}", key_arn=None, logs_bucket=None, protected=False, lifecycle=FOR_EVER)
        aws.ec2.FlowLog("flows", vpc_id="vpc-1", log_destination=Bucket("audit", args).arn)

    recorded = record(program)
    assert "aws:s3/bucketPolicy:BucketPolicy audit" in recorded.behind(recorded.one("aws:ec2/flowLog:FlowLog"))


def test_replication_begins_once_it_is_versioned() -> None:
    def program() -> None:
        args = BucketArgs(bucket="b", policy="{}", key_arn=KEY, logs_bucket=None, protected=False, lifecycle=FOR_EVER)
        aws.s3.BucketReplicationConfig("copy", bucket=Bucket("b", args).versioned, role="r", rules=[])

    recorded = record(program)
    assert f"{VERSIONING} b" in recorded.behind(recorded.one("aws:s3/bucketReplicationConfig:BucketReplicationConfig"))


@pytest.mark.parametrize(("reason", "tags"), [("logs", {"without-replica": "logs"}), (None, None)])
def test_why_it_has_no_copy_is_a_tag(reason: str | None, tags: dict[str, str] | None) -> None:
    assert bucket(without_replica=reason).one("aws:s3/bucket:Bucket").inputs.get("tags") == tags
