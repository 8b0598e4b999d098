"""What is read, out of what an API answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.clients import Clients
from localcloud.aws.facts import facts
from localcloud.aws.rds_server import RDS_SERVER
from localcloud.aws.reading import read
from localcloud.aws.resource import Account, Resource
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from localcloud.provider.values import Properties


class _Answers(Clients):
    """Answers every call of an operation with the same response, and any other with nothing."""

    def __init__(self, **answers: dict[str, Any]) -> None:
        self._answers = answers

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        return self._answers.get(operation, {})


def _read(directory: Path, type: str, inputs: Properties, **answers: dict[str, Any]) -> Properties | None:
    account = Account("111111111111", "eu-west-1", {}, Instance(directory))
    return read(Resource(ROWS[type], facts(type), _Answers(**answers), account), "it", {}, inputs)


@pytest.mark.parametrize(
    ("kind", "given", "name"),
    [
        pytest.param("String", "insecureValue", "insecureValue", id="as the program gave it"),
        pytest.param("String", "value", "value", id="a secret that the program gave"),
        pytest.param("String", None, "value", id="import: a secret, until a program says otherwise"),
        pytest.param("SecureString", None, "value", id="import of a secret"),
        pytest.param("SecureString", "insecureValue", "value", id="it has become a secret since"),
    ],
)
def test_value_of_a_parameter_is_where_the_official_provider_has_it(tmp_path: Path, kind: str, given: str | None, name: str) -> None:
    answer = {"Parameter": {"Name": "it", "Type": kind, "Value": "one"}}
    found = _read(tmp_path, "aws:ssm/parameter:Parameter", {given: "one"} if given else {}, get_parameter=answer)
    assert found is not None
    assert {each: found.get(each) for each in ("value", "insecureValue") if each in found} == {name: "one"}


def test_database_is_not_mistaken_for_another_of_its_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RDS_SERVER, "ensure", lambda *_: {})
    # The emulator ignores the filter by resource id, and answers with all of them.
    others = [{"DbiResourceId": "other", "DBInstanceIdentifier": "a"}, {"DbiResourceId": "it", "DBInstanceIdentifier": "b"}]
    found = _read(tmp_path, "aws:rds/instance:Instance", {}, describe_db_instances={"DBInstances": others})
    assert found is not None
    assert found["identifier"] == "b"
