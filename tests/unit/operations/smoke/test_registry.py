"""The registry's server: what it is asked, and by whom a password is never got."""

import json
import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymysql
import pytest

from operations.smoke import mysql
from operations.smoke.check import Differs, NotChecked
from operations.smoke.registry import Server
from tests.unit.operations.smoke.live import CONTRACT, World

PROJECT = CONTRACT.feature_store.projects["credit"]
SECRET = {"username": "feast_credit_ro", "password": "right", "host": "registry", "port": 3306, "dbname": "feast_credit"}


class Connection:
    """In the place of pymysql's."""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    cursor = __enter__

    def execute(self, sql: str) -> None:
        pass

    def fetchone(self) -> tuple[str, str, str]:
        return "feast_credit_ro@%", "feast_credit", "8.4.3"

    def close(self) -> None:
        pass


class Mysql:
    """In the place of pymysql.connect: what it raises over TLS and without, or None where it lets in; and how it was called."""

    def __init__(self, over_tls: Exception | None = None, plaintext: Exception | None = None) -> None:
        self._over_tls, self._plaintext = over_tls, plaintext
        self.calls: list[dict[str, Any]] = []

    def __call__(self, **given: Any) -> Connection:
        self.calls.append(given)
        error = self._plaintext if given.get("ssl_disabled") else self._over_tls
        if error is not None:
            raise error
        return Connection()


def server(monkeypatch: pytest.MonkeyPatch, answers: Mysql, *, verified: bool = True) -> Server:
    world = World()
    world.aws["secretsmanager", "get_secret_value", "dev-registry-feast_credit_ro"] = {"SecretString": json.dumps(SECRET)}
    monkeypatch.setattr(pymysql, "connect", answers)
    access = world.access()
    monkeypatch.setattr(type(access), "registry_trust", lambda _: "trust")
    made = Server(CONTRACT.feature_store, access)
    monkeypatch.setattr(made, "_verified", verified)
    return made


DENIED = pymysql.err.OperationalError(1045, "Access denied")
PROHIBITED = pymysql.err.OperationalError(3159, "Connections using insecure transport are prohibited")
GONE = pymysql.err.OperationalError(2013, "Lost connection")


def test_a_reader_opens_its_database_over_tls_that_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Mysql()
    assert server(monkeypatch, answers).log_in(PROJECT) == "feast_credit_ro@% opens feast_credit, 8.4.3"
    assert (answers.calls[0]["ssl"], answers.calls[0]["database"]) == ("trust", "feast_credit")


def test_a_reader_who_is_not_let_in_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Differs, match="1045: Access denied"):
        server(monkeypatch, Mysql(over_tls=DENIED)).log_in(PROJECT)


@pytest.mark.parametrize("refusal", [DENIED, PROHIBITED])
def test_who_gets_in_over_tls_is_to_be_refused_without(monkeypatch: pytest.MonkeyPatch, refusal: Exception) -> None:
    found = server(monkeypatch, Mysql(plaintext=refusal))
    found.log_in(PROJECT)
    assert found.refuses_plaintext(PROJECT).startswith("refused: ")


@pytest.mark.parametrize(
    ("without_tls", "seen"),
    [
        (None, "opens it without TLS"),
        (GONE, "2013: Lost connection"),
        (mysql.Withheld(), "asks for the password"),
        (ValueError("no key"), "asks for the password"),
    ],
)
def test_whatever_is_no_refusal_is_a_fault(monkeypatch: pytest.MonkeyPatch, without_tls: Exception | None, seen: str) -> None:
    found = server(monkeypatch, Mysql(plaintext=without_tls))
    found.log_in(PROJECT)
    with pytest.raises(Differs, match=seen):
        found.refuses_plaintext(PROJECT)


def test_a_password_that_is_wrong_anyway_proves_nothing_about_plaintext(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Mysql(plaintext=DENIED)
    with pytest.raises(NotChecked, match="did not log in over TLS"):
        server(monkeypatch, answers).refuses_plaintext(PROJECT)
    assert answers.calls == []


def test_no_password_goes_to_a_server_that_has_not_proven_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Mysql()
    found = server(monkeypatch, answers, verified=False)
    for ask in (found.log_in, found.refuses_plaintext):
        with pytest.raises(NotChecked):
            ask(PROJECT)
    assert answers.calls == []


@pytest.mark.parametrize(("ca", "reason"), [(None, "give --ca"), (Path("/nowhere/ca.pem"), "is no file")])
def test_without_an_authority_nothing_is_known_of_the_certificate(ca: Path | None, reason: str) -> None:
    with pytest.raises(NotChecked, match=reason):
        Server(CONTRACT.feature_store, World().access(ca)).handshake()


@contextmanager
def talking(*packets: bytes) -> Generator[socket.socket]:
    """A connection to one that sends these."""
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    with ours, theirs:
        thread = threading.Thread(target=lambda: [theirs.sendall(each) for each in packets])
        thread.start()
        thread.join()
        theirs.shutdown(socket.SHUT_WR)
        yield ours


def packet(body: bytes) -> bytes:
    return struct.pack("<I", len(body)) + body


def greeting(capabilities: int) -> bytes:
    return b"\x0a8.4.3\0" + struct.pack("<I8sxH", 7, b"saltsalt", capabilities) + b"\xff\x02\x00"


TLS = 1 << 11


def test_tls_is_begun_where_the_server_offers_it() -> None:
    with talking(packet(greeting(TLS))) as connection:
        mysql.ask_for_tls(connection)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (greeting(0xFFFF & ~TLS), "it offers no TLS"),
        (b"\xff\x10\x04Too many connections", "it does not greet as a MySQL server: Too many connections"),
    ],
)
def test_a_server_without_tls_is_a_fault(body: bytes, seen: str) -> None:
    with talking(packet(body)) as connection, pytest.raises(Differs, match=seen):
        mysql.ask_for_tls(connection)


def test_a_greeting_that_is_cut_short_is_no_answer() -> None:
    with talking(packet(greeting(TLS))[:9]) as connection, pytest.raises(ConnectionError):
        mysql.ask_for_tls(connection)


@pytest.mark.parametrize("way", ["mysql_clear_password", "dialog", "sha256_password"])
def test_a_password_is_withheld_from_whoever_wants_it_as_it_is(way: str) -> None:
    with pytest.raises(mysql.Withheld):
        mysql.withheld()["auth_plugin_map"][way](None).authenticate(None)
