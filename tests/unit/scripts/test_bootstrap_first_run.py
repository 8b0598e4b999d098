"""What bootstrap_state.py makes, as AWS has it after the first run."""

import json
from collections.abc import Iterator

import pytest

from tests.unit.scripts.state_account import ACCOUNT, LOGS, STATES, Account, account


@pytest.fixture(scope="module")
def first() -> Iterator[Account]:
    """An account after its first run, which the tests only look at."""
    with pytest.MonkeyPatch.context() as patched, account(patched) as made:
        assert made.run() == 0
        yield made


def test_the_key_rotates(first: Account) -> None:
    assert first.kms.get_key_rotation_status(KeyId=first.key)["KeyRotationEnabled"]


@pytest.mark.parametrize("bucket", [STATES, LOGS])
def test_buckets_are_versioned(first: Account, bucket: str) -> None:
    assert first.s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


@pytest.mark.parametrize("bucket", [STATES, LOGS])
def test_buckets_answer_over_tls_only(first: Account, bucket: str) -> None:
    statement = json.loads(first.s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"][0]
    assert (statement["Effect"], statement["Action"], statement["Condition"]) == (
        "Deny",
        "s3:*",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert statement["Resource"] == [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]


@pytest.mark.parametrize("bucket", [STATES, LOGS])
def test_no_bucket_can_be_made_public(first: Account, bucket: str) -> None:
    assert set(first.s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}


def test_states_are_encrypted_with_the_key_once_per_bucket(first: Account) -> None:
    (rule,) = first.s3.get_bucket_encryption(Bucket=STATES)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule == {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": first.key},
        "BucketKeyEnabled": True,
    }


def test_access_to_states_is_logged_in_a_bucket_of_its_own(first: Account) -> None:
    enabled = first.s3.get_bucket_logging(Bucket=STATES)["LoggingEnabled"]
    assert (enabled["TargetBucket"], enabled["TargetPrefix"]) == (LOGS, f"{STATES}/")


def test_a_state_that_was_replaced_stays_for_ninety_days_and_one_that_was_not_for_ever(first: Account) -> None:
    (rule,) = first.s3.get_bucket_lifecycle_configuration(Bucket=STATES)["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
    assert rule["Expiration"] == {"ExpiredObjectDeleteMarker": True}


def test_access_logs_go_after_a_year(first: Account) -> None:
    (rule,) = first.s3.get_bucket_lifecycle_configuration(Bucket=LOGS)["Rules"]
    assert rule["Expiration"] == {"Days": 365}


def test_github_is_trusted_for_tokens_that_are_for_aws_and_without_thumbprints_of_ours(first: Account) -> None:
    (given,) = [parameters for name, parameters in first.made if name == "CreateOpenIDConnectProvider"]
    assert given["Url"] == "https://token.actions.githubusercontent.com"
    assert given["ClientIDList"] == ["sts.amazonaws.com"]
    assert "ThumbprintList" not in given


def test_every_call_to_s3_but_the_creation_says_whose_the_bucket_is(first: Account) -> None:
    of_s3 = [(name, parameters) for name, parameters in first.made if "Bucket" in parameters and name != "CreateBucket"]
    assert len(of_s3) > 20
    assert [name for name, parameters in of_s3 if parameters.get("ExpectedBucketOwner") != ACCOUNT] == []
