"""Functions of the provider that programs call: what is asked, what is answered, and what is refused by name."""

from __future__ import annotations

import inspect
from typing import Any

import pulumi_aws as aws
import pytest

from localcloud.aws.clients import Clients
from localcloud.aws.functions import FUNCTIONS, called
from localcloud.provider.interface import Refused

TOKEN = "aws:ssm/getParameter:getParameter"


class Ssm(Clients):
    """Has one parameter of a type."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, type: str = "String") -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        super().__init__("eu-west-1", root_of="111111111111")
        self.asked: list[dict[str, Any]] = []
        self._type = type

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.validate(service, operation, parameters)
        self.asked.append(parameters)
        return {"Parameter": {"Name": parameters["Name"], "ARN": "arn", "Type": self._type, "Value": "{}", "Version": 2}}


def test_a_parameter_is_answered_as_by_the_official_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(Ssm(monkeypatch), TOKEN, {"name": "/a"}) == {
        "id": "/a",
        "name": "/a",
        "arn": "arn",
        "type": "String",
        "version": 2,
        "region": "eu-west-1",
        "value": "{}",
        "insecureValue": "{}",
        "withDecryption": True,
    }


def test_a_secure_string_is_answered_as_a_secret_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "insecureValue" not in called(Ssm(monkeypatch, "SecureString"), TOKEN, {"name": "/a"})


@pytest.mark.parametrize(("given", "asked"), [({}, True), ({"withDecryption": True}, True), ({"withDecryption": False}, False)])
def test_it_is_decrypted_unless_the_program_says_no(monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], asked: bool) -> None:
    ssm = Ssm(monkeypatch)
    called(ssm, TOKEN, {"name": "/a", **given})
    assert ssm.asked == [{"Name": "/a", "WithDecryption": asked}]


def test_an_argument_that_is_not_carried_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match=r"\['region'\] are not modelled by the local cloud; extend localcloud/aws/functions.py"):
        called(Ssm(monkeypatch), TOKEN, {"name": "/a", "region": "eu-west-2"})


def test_a_function_that_is_not_listed_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="function aws:index/getRegion:getRegion is not modelled by the local cloud; add it"):
        called(Ssm(monkeypatch), "aws:index/getRegion:getRegion", {})


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def test_arguments_are_those_of_the_sdk() -> None:
    assert {snake(name) for name in FUNCTIONS[TOKEN].takes} <= {*inspect.signature(aws.ssm.get_parameter).parameters}


def test_what_is_answered_is_what_the_sdk_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = {snake(name) for name in called(Ssm(monkeypatch), TOKEN, {"name": "/a"})}
    assert answered == {*inspect.signature(aws.ssm.GetParameterResult).parameters}
