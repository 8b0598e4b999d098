import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
import pytest

from components.credentials import Credentials, CredentialsArgs
from tests.unit.registrations import Recorded, Registration, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/features"
SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
USER, PARAMETER = "aws:elasticache/user:User", "aws:ssm/parameter:Parameter"


def _record(generation: int, recovery_window_days: int = 30) -> Recorded:
    """The credentials, a user that has their passwords, and something that reads the secret's name."""

    def program() -> None:
        credentials = Credentials(
            "reader",
            CredentialsArgs(
                secret="dev-registry-reader",
                key_arn=KEY,
                username="reader",
                generation=generation,
                fields={"host": pulumi.Output.from_input("registry.example"), "port": 3306},
                recovery_window_days=recovery_window_days,
            ),
        )
        aws.elasticache.User("user", user_id="u", user_name="u", engine="valkey", access_string="on", passwords=credentials.passwords)
        aws.ssm.Parameter("reader-of-it", type="String", value=credentials.secret)

    return record(program)


@pytest.fixture(scope="module")
def first() -> Recorded:
    return _record(1)


@pytest.fixture(scope="module")
def third() -> Recorded:
    return _record(3)


def _values(versions: Sequence[Registration]) -> list[dict[str, object]]:
    return [json.loads(each.inputs["secretString"]) for each in versions]


def test_the_secret_is_encrypted_with_the_key_that_was_given(first: Recorded) -> None:
    assert first.one(SECRET).inputs["kmsKeyId"] == KEY


def test_the_secret_has_the_name_that_was_given(first: Recorded) -> None:
    assert first.one(SECRET).inputs["name"] == "dev-registry-reader"


@pytest.mark.parametrize("days", [0, 30])
def test_a_deleted_secret_can_be_restored_for_as_long_as_was_said(days: int) -> None:
    assert _record(1, days).one(SECRET).inputs["recoveryWindowInDays"] == days


def test_the_secret_holds_who_connects_where_and_with_what(first: Recorded) -> None:
    (value,) = _values([first.one(VERSION)])
    password = value.pop("password")
    assert isinstance(password, str)
    assert value == {"username": "reader", "host": "registry.example", "port": 3306}


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_a_password_is_a_secret_wherever_it_is_given(generation: int) -> None:
    recorded = _record(generation)
    assert all("secretString" in each.secret_inputs for each in recorded.all(VERSION))
    assert "passwords" in recorded.one(USER).secret_inputs


def test_a_password_is_no_output(third: Recorded) -> None:
    passwords = [str(each["password"]) for each in _values(third.all(VERSION))]
    assert not [word for word in passwords if word in str(third.outputs)]


def test_the_first_generation_has_one_password(first: Recorded) -> None:
    assert first.one(USER).inputs["passwords"] == [each["password"] for each in _values([first.one(VERSION)])]


def test_a_later_generation_has_its_password_and_the_one_before_the_newest_first(third: Recorded) -> None:
    assert {each.name for each in third.all(VERSION)} == {"reader-2", "reader-3"}
    newest_first = [third.one(VERSION, "reader-3"), third.one(VERSION, "reader-2")]
    assert third.one(USER).inputs["passwords"] == [each["password"] for each in _values(newest_first)]


def test_each_generation_has_a_password_of_its_own(third: Recorded) -> None:
    assert len({str(each["password"]) for each in _values(third.all(VERSION))}) == 2


def test_the_newest_version_is_put_last(third: Recorded) -> None:
    assert third.one(VERSION, "reader-2").urn in third.one(VERSION, "reader-3").dependencies


def test_a_password_that_was_made_is_kept_by_later_runs(third: Recorded) -> None:
    assert [each.ignored for each in third.all(VERSION)] == [frozenset({"secretString"})] * 2


def test_who_reads_the_secret_finds_the_newest_password_in_it(third: Recorded) -> None:
    assert third.one(VERSION, "reader-3").urn in third.one(PARAMETER).dependencies
