import pytest

from components.bucket import Bucket, BucketArgs
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def bucket(*, key_arn: str | None = KEY, logs_bucket: str | None = "logs", protected: bool = True) -> Recorded:
    args = BucketArgs(bucket="models", policy='{"tls": "only"}', key_arn=key_arn, logs_bucket=logs_bucket, protected=protected)
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
