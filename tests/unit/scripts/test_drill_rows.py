"""How the rows of a copy are counted beside those of the registry."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts.drill_rows import beside, over_tls, rows
from scripts.drill_steps import Failed, NotReached

INSTANCE = {
    "DBInstanceIdentifier": "prod-registry",
    "Endpoint": {"Address": "registry.example", "Port": 3306},
    "MasterUserSecret": {"SecretArn": "arn:secret"},
}


class Server:
    """Answers as a MySQL server with these tables does; `asked` has the statements."""

    def __init__(self, tables: dict[tuple[str, str], int]) -> None:
        self.tables, self.asked, self.as_whom = tables, list[str](), ("", 0, "", "")

    def connect(self, *as_whom: Any) -> Any:
        self.as_whom = as_whom
        return self

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def cursor(self) -> "Server":
        return self

    def execute(self, statement: str) -> None:
        self.asked.append(statement)

    def fetchall(self) -> Any:
        return list(self.tables)

    def fetchone(self) -> Any:
        for (database, table), number in self.tables.items():
            if self.asked[-1].endswith(f"`{database}`.`{table.replace('`', '``')}`"):
                return (number,)
        return None


class Secrets:
    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803
        assert SecretId == "arn:secret"
        return {"SecretString": json.dumps({"username": "administrator", "password": "typed-by-nobody"})}


def test_each_table_is_counted_as_the_master_user() -> None:
    server = Server({("feast_a", "entities"): 2, ("feast_a", "odd`name"): 3, ("mlflow", "runs"): 0})
    assert rows(server.connect, INSTANCE, Secrets()) == {"feast_a": {"entities": 2, "odd`name": 3}, "mlflow": {"runs": 0}}
    assert server.as_whom == ("registry.example", 3306, "administrator", "typed-by-nobody")


def test_a_server_whose_secret_is_not_named_is_not_reached() -> None:
    without = {name: value for name, value in INSTANCE.items() if name != "MasterUserSecret"}
    with pytest.raises(NotReached, match="the description of prod-registry names no secret of its master user"):
        rows(Server({}).connect, without, Secrets())


def test_figures_stand_beside_the_registrys() -> None:
    assert beside({"feast_a": {"entities": 5, "views": 1}}, {"feast_a": {"entities": 4, "views": 1}}, taken_now=True) == (
        "feast_a: 2 tables, 5 rows (2 tables, 6 rows)"
    )


def test_a_copy_without_tables_fails() -> None:
    with pytest.raises(Failed, match="the copy has no tables"):
        beside({}, {}, taken_now=False)


def test_a_table_that_a_snapshot_of_now_lost_fails() -> None:
    with pytest.raises(Failed, match=r"the registry has feast_a.views, and the copy does not"):
        beside({"feast_a": {"entities": 1, "views": 1}}, {"feast_a": {"entities": 1}}, taken_now=True)


def test_a_table_that_is_newer_than_the_snapshot_is_named() -> None:
    said = beside({"feast_a": {"entities": 1}, "feast_b": {"views": 1}}, {"feast_a": {"entities": 1}}, taken_now=False)
    assert said.splitlines()[1:] == ["not there when the snapshot was taken: feast_b.views"]


class MySQLError(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "kind"), [(MySQLError(2003, "timed out"), NotReached), (MySQLError(2005, "unknown"), NotReached), (MySQLError(1045), Failed)]
)
def test_only_a_server_that_does_not_answer_is_not_reached(
    error: Exception, kind: type[Exception], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def connect(**asked: Any) -> None:
        assert (asked["ssl_verify_cert"], asked["ssl_verify_identity"]) == (True, True)
        raise error

    client = SimpleNamespace(connect=connect, err=SimpleNamespace(MySQLError=MySQLError))
    monkeypatch.setitem(sys.modules, "pymysql", client)
    ca = tmp_path / "ca.pem"
    ca.touch()
    with pytest.raises(kind, match=r"registry.example:3306 as administrator: "):
        over_tls(ca)("registry.example", 3306, "administrator", "typed-by-nobody")


@pytest.mark.parametrize(("ca", "said"), [(None, "give --ca"), (Path("nowhere.pem"), "--ca got nowhere.pem, which is no file")])
def test_without_an_authority_no_server_is_believed(ca: Path | None, said: str) -> None:
    with pytest.raises(NotReached, match=said):
        over_tls(ca)


def test_without_a_client_nothing_is_reached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    ca = tmp_path / "ca.pem"
    ca.touch()
    with pytest.raises(NotReached, match="no MySQL client"):
        over_tls(ca)
