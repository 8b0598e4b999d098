"""The program of the databases Job, on a server that only writes down what it is asked."""

import importlib.util
import json
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from moto import mock_aws

SCRIPT = Path(__file__).parents[3] / "examples" / "database-admin" / "run.py"
USERS = {
    "a_dml": {"authentication": "password", "secret": "dev-registry-a_dml", "database": "a"},
    "registry_admin": {"authentication": "iam", "database": "a"},
}
CLAUSES = {"password": "IDENTIFIED BY {secret}", "new_password": "IDENTIFIED BY {secret} RETAIN CURRENT PASSWORD"}
PASSWORD = "aPassword1"


def loaded() -> ModuleType:
    specification = importlib.util.spec_from_file_location("database_admin", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


RUN: Any = loaded()


@dataclass
class Server:
    """What was run, and whose passwords open it."""

    passwords: dict[str, str] = field(default_factory=dict[str, str])
    fails: dict[str, str] = field(default_factory=dict[str, str])
    """What it says of a statement that has this in it."""
    returns: dict[str, list[tuple[str]]] = field(default_factory=dict[str, list[tuple[str]]])
    ran: list[str] = field(default_factory=list[str])
    opened: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])

    def connect(self, **given: Any) -> "Connection":
        if self.passwords.get(given["user"]) != given["password"]:
            raise RUN.pymysql.err.OperationalError(1045, f"Access denied for user '{given['user']}'")
        assert given["ssl_verify_cert"]
        assert given["ssl_verify_identity"]
        self.opened.append((given["user"], given["database"]))
        return Connection(self)


@dataclass
class Connection:
    """A connection, its cursor too."""

    server: Server
    last: str = ""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def cursor(self) -> "Connection":
        return self

    @property
    def connection(self) -> "Connection":
        return self

    def close(self) -> None:
        return

    def escape(self, value: str) -> str:
        return f"'{value}'"

    def execute(self, sql: str) -> None:
        self.server.ran.append(sql)
        self.last = sql
        for part, message in self.server.fails.items():
            if part in sql:
                raise RUN.pymysql.err.ProgrammingError(1064, message)

    def fetchall(self) -> list[tuple[str]]:
        return next((rows for part, rows in self.server.returns.items() if part in self.last), [])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server(passwords={"administrator": "m", "a_dml": PASSWORD})
    monkeypatch.setattr(RUN.pymysql, "connect", made.connect)
    return made


def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *statements: dict[str, Any]) -> int:
    for name, content in (("statements", statements), ("users", USERS), ("clauses", CLAUSES)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    for name, value in (("DATABASE_HOST", "h"), ("DATABASE_PORT", "3306"), ("DATABASE_CA", "/ca.pem"), ("MASTER_SECRET", "master")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        secrets: Any = boto3.client("secretsmanager")
        secrets.create_secret(Name="master", SecretString=json.dumps({"username": "administrator", "password": "m"}))
        secrets.create_secret(Name="dev-registry-a_dml", SecretString=json.dumps({"username": "a_dml", "password": PASSWORD}))
        return RUN.main([str(tmp_path)])


CREATE = {"sql": "CREATE USER `a_dml`@`%` {password}", "user": "a_dml"}
ROTATE = {"sql": "ALTER USER `a_dml`@`%` {new_password}", "user": "a_dml", "unless_logged_in": True}


def test_passwords_are_put_in_by_the_servers_clause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    assert run(tmp_path, monkeypatch, CREATE) == 0
    assert server.ran == [f"CREATE USER `a_dml`@`%` IDENTIFIED BY '{PASSWORD}'"]


def test_a_password_that_is_in_force_is_not_set_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """It would take the place of the one before it, which is to stay valid."""
    assert run(tmp_path, monkeypatch, ROTATE) == 0
    assert server.ran == []


def test_a_new_password_is_set_beside_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    server.passwords["a_dml"] = "old"
    assert run(tmp_path, monkeypatch, ROTATE) == 1, "the server that only writes down never takes the new one"
    assert server.ran == [f"ALTER USER `a_dml`@`%` IDENTIFIED BY '{PASSWORD}' RETAIN CURRENT PASSWORD"]


def test_what_a_statement_returns_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    server.returns["SELECT"] = [("REVOKE DROP ON *.* FROM `a_dml`@`%`",)]
    assert run(tmp_path, monkeypatch, {"sql": "SELECT strays", "rows_are_statements": True}) == 0
    assert server.ran == ["SELECT strays", "REVOKE DROP ON *.* FROM `a_dml`@`%`"]


def test_a_user_that_the_server_has_no_clause_for_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, monkeypatch, {"sql": "CREATE USER `registry_admin`@`%` {iam}", "user": "registry_admin"}) == 0
    assert server.ran == []
    assert "user registry_admin is left out" in capsys.readouterr().out


def test_a_statement_that_fails_is_named_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.fails["CREATE"] = f"syntax error near 'IDENTIFIED BY '{PASSWORD}''"
    assert run(tmp_path, monkeypatch, CREATE) == 1
    said = capsys.readouterr()
    assert "`CREATE USER `a_dml`@`%` {password}` failed" in said.err
    assert PASSWORD not in said.out + said.err


def test_a_statement_that_fails_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    server.fails["FIRST"] = "no"
    assert run(tmp_path, monkeypatch, {"sql": "FIRST"}, {"sql": "SECOND"}) == 1
    assert server.ran == ["FIRST"]


def test_each_password_user_is_proved_to_open_its_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    assert run(tmp_path, monkeypatch) == 0
    assert ("a_dml", "a") in server.opened


def test_a_user_that_does_not_get_in_fails_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    del server.passwords["a_dml"]
    assert run(tmp_path, monkeypatch) == 1
    assert "user a_dml does not open database a" in capsys.readouterr().err
