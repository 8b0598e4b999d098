"""Tokens: nothing but a GetCallerIdentity request to the local AWS is ever sent."""

import base64
import datetime
from urllib.parse import urlencode

import pytest

from localcloud.kubernetes.token import InvalidToken, presigned_query

ENDPOINT = "http://127.0.0.1:4566"
NOW = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)
QUERY = {
    "Action": "GetCallerIdentity",
    "Version": "2011-06-15",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "ASIA/20261123/eu-west-1/sts/aws4_request",
    "X-Amz-Date": "20261123T115500Z",
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
    "X-Amz-Signature": "00",
}


def token(changed: dict[str, str | None] | None = None, *, base: str = f"{ENDPOINT}/", suffix: str = "") -> str:
    query = {name: value for name, value in {**QUERY, **(changed or {})}.items() if value is not None}
    url = f"{base}?{urlencode(query)}{suffix}"
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def test_a_token_of_the_aws_cli_is_taken() -> None:
    assert presigned_query(token(), ENDPOINT, NOW) == urlencode(QUERY)


def test_a_session_token_is_part_of_the_request() -> None:
    assert "X-Amz-Security-Token=abc" in presigned_query(token({"X-Amz-Security-Token": "abc"}), ENDPOINT, NOW)


@pytest.mark.parametrize(
    "base",
    [
        "http://169.254.169.254/",
        "http://127.0.0.1:4567/",
        "https://127.0.0.1:4566/",
        "http://127.0.0.1:4566@evil.test/",
        "http://user@127.0.0.1:4566/",
        "http://localhost:4566/",
        "http://127.0.0.1:4566/_ministack/state",
        "http://127.0.0.1:4566//evil.test/",
        "file:///etc/passwd",
        "//127.0.0.1:4566/",
    ],
)
def test_no_other_address_is_ever_fetched(base: str) -> None:
    with pytest.raises(InvalidToken):
        presigned_query(token(base=base), ENDPOINT, NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"Action": "AssumeRole"},
        {"Version": "2010-01-01"},
        {"Action": None},
        {"RoleArn": "arn:aws:iam::111111111111:role/x"},
        {"X-Amz-SignedHeaders": "host"},
        {"X-Amz-SignedHeaders": "host;x-k8s-aws-id-not"},
        {"X-Amz-Expires": "901"},
        {"X-Amz-Expires": "-1"},
        {"X-Amz-Expires": "soon"},
        {"X-Amz-Date": "20261123T114459Z"},
        {"X-Amz-Date": "20261123T121501Z"},
        {"X-Amz-Date": "yesterday"},
        {"X-Amz-Signature": None},
    ],
)
def test_nothing_but_a_fresh_identity_request_for_one_cluster_is_sent(changed: dict[str, str | None]) -> None:
    with pytest.raises(InvalidToken):
        presigned_query(token(changed), ENDPOINT, NOW)


@pytest.mark.parametrize("suffix", ["&Action=AssumeRole", "&Action=GetCallerIdentity", "#x"])
def test_a_parameter_is_not_given_twice(suffix: str) -> None:
    with pytest.raises(InvalidToken):
        presigned_query(token(suffix=suffix), ENDPOINT, NOW)


@pytest.mark.parametrize("text", ["", "abc", "k8s-aws-v2." + "YQ", "k8s-aws-v1.***", "k8s-aws-v1./w", "k8s-aws-v1." + "A" * 20_000])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        presigned_query(text, ENDPOINT, NOW)


def test_a_refusal_shows_nothing_of_the_token() -> None:
    with pytest.raises(InvalidToken) as refusal:
        presigned_query(token({"X-Amz-Expires": "901", "X-Amz-Signature": "5ec2e7"}), ENDPOINT, NOW)
    assert "5ec2e7" not in str(refusal.value)
