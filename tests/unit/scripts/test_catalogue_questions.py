"""Who is asked about the dated facts."""

import boto3
import pytest

from scripts.catalogue_questions import Account


@pytest.fixture(autouse=True)
def no_endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)


def test_endpoints_of_aws_are_aws() -> None:
    assert Account(boto3.Session(), "eu-west-1").elsewhere == []


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_RDS"])
@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4566", "https://rds.amazonaws.com.example.com"])
def test_an_endpoint_that_is_not_of_aws_is_told_even_if_only_one_service_has_it(
    variable: str, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, endpoint)
    assert Account(boto3.Session(), "eu-west-1").elsewhere == [endpoint]
