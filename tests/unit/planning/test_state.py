"""What is made once per account for the states: who may use the key, and what pulumi is given."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from planning import state
from planning.documents.boundary import boundary
from planning.documents.state import state_key
from planning.names import Names

ACCOUNT, REGION = "111111111111", "eu-west-1"
PROD = Names(environment="prod", account=ACCOUNT)
STATEMENTS: dict[str, Any] = {each["Sid"]: each for each in json.loads(state_key(PROD, REGION))["Statement"]}
DENIED, OF_PLATFORMS = STATEMENTS["SecretsOfOthers"], STATEMENTS["SecretsOfPlatforms"]
S3 = "s3.eu-west-1.amazonaws.com"


def test_the_login_names_bucket_and_region() -> None:
    assert state.backend(PROD, REGION) == "s3://ml-platform-state-111111111111?region=eu-west-1"


def test_secrets_are_kept_for_one_deployment() -> None:
    assert state.secrets_provider(PROD, REGION) == "awskms://alias/pulumi-state?region=eu-west-1&context_deployment=ml-platform/prod"


@pytest.mark.parametrize("environment", ["state", "prod", "state-logs"])
def test_the_log_bucket_is_none_of_an_environment(environment: str) -> None:
    names = Names(environment=environment, account=ACCOUNT)
    assert not fnmatchcase(names.state_logs_bucket, names.any_bucket)


@pytest.mark.parametrize("environment", ["state", "prod", "ml-platform"])
def test_what_is_made_once_carries_the_tag_of_no_environment(environment: str) -> None:
    assert Names(environment=environment, account=ACCOUNT).deployment != state.SHARED


@pytest.mark.parametrize("action", ["kms:PutKeyPolicy", "kms:DescribeKey", "kms:EnableKeyRotation", "kms:ScheduleKeyDeletion"])
def test_the_accounts_iam_decides_who_administers_the_key(action: str) -> None:
    administration = STATEMENTS["Administration"]
    assert administration["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert action in administration["Action"]


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt", "kms:CreateGrant"])
def test_administration_opens_nothing(action: str) -> None:
    assert not any(fnmatchcase(action, each) for each in STATEMENTS["Administration"]["Action"])


def test_through_s3_it_is_used_for_the_bucket_of_the_states_only() -> None:
    bucket = "arn:aws:s3:::ml-platform-state-111111111111"
    assert STATEMENTS["States"]["Condition"] == {
        "StringEquals": {"kms:CallerAccount": ACCOUNT, "kms:ViaService": S3},
        "ArnLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]},
    }


def test_by_itself_it_is_used_for_secrets_of_a_deployment_only() -> None:
    assert STATEMENTS["Secrets"]["Condition"] == {
        "StringEquals": {"kms:CallerAccount": ACCOUNT},
        "StringLike": {"kms:EncryptionContext:deployment": "ml-platform/*"},
    }


def test_no_statement_allows_everybody() -> None:
    assert [sid for sid, each in STATEMENTS.items() if each["Effect"] == "Allow" and each["Principal"] == {"AWS": "*"}] == []


def test_roles_of_ci_open_the_secrets_of_their_own_deployment_only() -> None:
    """Denied where both are so; a role without the tag is held against a value that no deployment has."""
    assert DENIED["Effect"] == "Deny"
    assert DENIED["Condition"]["StringNotEquals"] == {
        "kms:ViaService": S3,
        "kms:EncryptionContext:deployment": "${aws:PrincipalTag/deployment, 'none'}",
    }


def test_roles_for_pull_requests_open_the_secrets_of_these_only() -> None:
    assert OF_PLATFORMS["Effect"] == "Deny"
    assert OF_PLATFORMS["Condition"]["StringNotEquals"] == {"kms:ViaService": S3}
    assert OF_PLATFORMS["Condition"]["StringNotLike"] == {"kms:EncryptionContext:deployment": "ml-platform/pr-*"}


@pytest.mark.parametrize(
    ("denied", "role"),
    [
        (DENIED, "prod-ci-preview"),
        (DENIED, "prod-ci-deploy"),
        (DENIED, "state-ci-deploy"),
        (OF_PLATFORMS, "dev-ci-ephemeral"),
        (OF_PLATFORMS, "dev-ci-reap"),
    ],
)
def test_every_role_of_ci_is_meant(denied: dict[str, Any], role: str) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    assert any(fnmatchcase(arn, pattern) for pattern in denied["Condition"]["ArnLike"]["aws:PrincipalArn"])


@pytest.mark.parametrize("denied", [DENIED, OF_PLATFORMS], ids=["own", "pull-requests"])
@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:Encrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey"])
def test_nothing_that_opens_is_left_out_of_the_denial(denied: dict[str, Any], action: str) -> None:
    assert any(fnmatchcase(action, each) for each in denied["Action"])


def test_ci_cannot_give_its_roles_another_tag() -> None:
    """What the denial rests on."""
    denied = next(each for each in json.loads(boundary(PROD, REGION, keeps_audit_logs=True))["Statement"] if each["Sid"] == "CiRoles")
    assert {"iam:TagRole", "iam:UntagRole", "iam:CreateRole"} <= set(denied["Action"])
