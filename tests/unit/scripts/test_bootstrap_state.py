"""Promises of scripts/bootstrap_state.py, in an account of moto's."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from planning.names import STATE_KEY
from scripts import bootstrap_state
from tests.unit.scripts.state_account import ACCOUNT, GIVEN, LOGS, REGION, STATES, Account, account, refusal

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with account(monkeypatch) as made:
        yield made


@pytest.fixture
def ready(empty: Account, capsys: Capture) -> Account:
    """An account that is bootstrapped."""
    assert empty.run() == 0
    capsys.readouterr()
    return empty


def test_the_first_run_says_what_it_made(empty: Account, capsys: Capture) -> None:
    assert empty.run() == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line.endswith("made")] == [
        "key alias/pulumi-state: made",
        f"bucket {LOGS}: made",
        f"bucket {STATES}: made",
        "OpenID Connect provider token.actions.githubusercontent.com: made",
    ]


def test_the_second_run_changes_nothing_and_says_so(ready: Account, capsys: Capture) -> None:
    assert ready.run() == 0
    assert ready.writes == []
    assert "has all of it, as it should be, in eu-west-1. Nothing was changed." in capsys.readouterr().out


def test_it_prints_the_login_and_the_init_of_the_account(ready: Account, capsys: Capture) -> None:
    ready.run()
    out = capsys.readouterr().out
    assert f"  pulumi login 's3://ml-platform-state-{ACCOUNT}?region=eu-west-1'\n" in out
    provider = "awskms://alias/pulumi-state?region=eu-west-1&context_deployment=ml-platform/STACK"
    assert f"  pulumi stack init STACK --secrets-provider '{provider}'\n" in out


@pytest.mark.parametrize(("region", "said"), [("us-east-1", None), ("eu-central-1", {"LocationConstraint": "eu-central-1"})])
def test_buckets_are_made_in_the_region_that_is_given(empty: Account, region: str, said: Any) -> None:
    assert bootstrap_state.main(["--account", ACCOUNT, "--region", region]) == 0
    created = [parameters for name, parameters in empty.made if name == "CreateBucket"]
    assert [each.get("CreateBucketConfiguration") for each in created] == [said, said]


def test_check_of_an_empty_account_says_what_is_missing_and_changes_nothing(empty: Account, capsys: Capture) -> None:
    assert empty.run("--check") == 1
    assert empty.writes == []
    assert capsys.readouterr().out.count(": missing\n") == 4


def test_check_of_a_bootstrapped_account_says_that_each_part_is_as_it_should_be(ready: Account, capsys: Capture) -> None:
    assert ready.run("--check") == 0
    assert capsys.readouterr().out.count(": as it should be\n") == 4


def test_a_key_without_its_alias_gets_it_back(ready: Account) -> None:
    key = ready.key
    ready.kms.delete_alias(AliasName=STATE_KEY)
    assert ready.run() == 0
    assert ready.key == key


def test_of_two_keys_without_alias_none_is_chosen(ready: Account, capsys: Capture) -> None:
    ready.kms.delete_alias(AliasName=STATE_KEY)
    ready.kms.create_key(Tags=[{"TagKey": "deployment", "TagValue": "ml-platform"}])
    assert ready.run() == 1
    assert ready.writes == []
    assert "2 keys are tagged deployment=ml-platform and have no alias" in capsys.readouterr().err


def test_tags_of_keys_with_an_alias_are_not_asked_for(ready: Account) -> None:
    ready.kms.delete_alias(AliasName=STATE_KEY)
    other = ready.kms.create_key()["KeyMetadata"]["KeyId"]
    ready.kms.create_alias(AliasName="alias/theirs", TargetKeyId=other)
    assert ready.run() == 0
    assert other not in [parameters["KeyId"] for name, parameters in ready.made if name == "ListResourceTags"]


@pytest.mark.parametrize(
    ("spoil", "state"),
    [
        (lambda it: it.kms.disable_key(KeyId=it.key.split("/")[1]), "Disabled"),
        (lambda it: it.kms.schedule_key_deletion(KeyId=it.key.split("/")[1]), "PendingDeletion"),
    ],
)
def test_a_key_that_opens_nothing_is_refused_with_the_way_back(
    ready: Account, capsys: Capture, spoil: Callable[[Account], object], state: str
) -> None:
    spoil(ready)
    assert ready.run() == 1
    err = capsys.readouterr().err
    assert f"key alias/pulumi-state is {state}" in err
    assert "aws kms enable-key --key-id " in err


def test_an_asymmetric_key_under_the_alias_is_refused(empty: Account, capsys: Capture) -> None:
    theirs = empty.kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    empty.kms.create_alias(AliasName=STATE_KEY, TargetKeyId=theirs)
    assert empty.run() == 1
    assert "is a RSA_2048 key, and S3 and Pulumi take none but SYMMETRIC_DEFAULT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "code"), [("HeadBucket", "403"), ("CreateBucket", "BucketAlreadyExists")], ids=["before", "while it is made"]
)
def test_a_name_that_another_account_has_is_refused(empty: Account, capsys: Capture, call: str, code: str) -> None:
    empty.answers[call] = refusal(code)
    assert empty.run() == 1
    assert f"bucket {LOGS} belongs to another account" in capsys.readouterr().err


def test_a_bucket_in_another_region_is_refused_with_that_region(ready: Account, capsys: Capture) -> None:
    assert bootstrap_state.main(["--account", ACCOUNT, "--region", "eu-central-1", "--check"]) == 1
    err = capsys.readouterr().err
    assert f"bucket {LOGS} is in eu-west-1, not in eu-central-1" in err
    assert f"--account {ACCOUNT} --region eu-west-1" in err


def test_another_accounts_credentials_are_refused_before_anything_is_asked(empty: Account, capsys: Capture) -> None:
    assert bootstrap_state.main(["--account", "333333333333", "--region", REGION]) == 1
    assert [name for name, _ in empty.made] == ["GetCallerIdentity"]
    assert f"the credentials are of account {ACCOUNT}; --account says 333333333333" in capsys.readouterr().err


def test_a_stack_file_says_which_account_and_region(
    empty: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: ml-platform\n")
    settings = {"account": ACCOUNT, "region": "eu-central-1"}
    (tmp_path / "Pulumi.risk.yaml").write_text(yaml.safe_dump({"config": {"ml-platform:settings": settings}}))
    monkeypatch.chdir(tmp_path)
    assert bootstrap_state.main(["risk"]) == 0
    assert empty.s3.head_bucket(Bucket=STATES)["BucketRegion"] == "eu-central-1"
    assert "pulumi stack init risk --secrets-provider" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["--account", ACCOUNT], ["--region", REGION], ["prod", *GIVEN], ["prod", "--region", REGION]], ids=" ".join
)
def test_without_one_way_to_know_the_account_it_does_not_begin(empty: Account, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bootstrap_state.main(arguments)
    assert ended.value.code == 2
    assert empty.made == []
