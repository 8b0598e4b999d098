"""The online store's server: what it lets in, and what is never said to one that has not proven who it is."""

import json
import socket
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from operations.smoke import check, online_store
from operations.smoke.check import Differs, NotChecked
from operations.smoke.online_store import Server
from operations.smoke.valkey import ErrorReply, Reply
from tests.unit.operations.smoke.live import CONTRACT, World

SECRET = "dev-online-store-credit-reader"
SHARDS: list[Reply] = [[0, 16383]]


class Cluster:
    """In the place of a connection over TLS, to one that knows a password and answers as a test says."""

    version = "TLSv1.3"

    def __init__(self, password: str = "right", shards: Reply = SHARDS, wrong: str = "WRONGPASS invalid username-password pair") -> None:
        self._password, self._shards, self._wrong = password, shards, wrong
        self.said: list[Sequence[str]] = []

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def call(self, *words: str) -> Reply:
        self.said.append(words)
        if words[0] != "AUTH":
            return self._shards
        if self._password not in ("any", words[2]):
            raise ErrorReply(self._wrong)
        return "OK"


def server(monkeypatch: pytest.MonkeyPatch, cluster: Cluster, *, verified: bool = True, **store: Any) -> Server:
    world = World()
    world.aws["secretsmanager", "get_secret_value", SECRET] = {"SecretString": json.dumps({"username": "reader", "password": "right"})}
    monkeypatch.setattr(online_store, "Connection", lambda *_: cluster)
    made = Server(CONTRACT.feature_store.model_copy(update=store), world.access())
    if verified:
        made.handshake()
    return made


def test_a_reader_is_told_the_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    assert server(monkeypatch, Cluster()).log_in(SECRET) == "reader is told 1 ranges of slots"


@pytest.mark.parametrize(
    ("cluster", "seen"),
    [
        (Cluster(password="another"), "reader: WRONGPASS invalid username-password pair"),
        (Cluster(shards=[]), "reader is told of no shard"),
    ],
)
def test_a_reader_who_is_not_served_is_a_fault(monkeypatch: pytest.MonkeyPatch, cluster: Cluster, seen: str) -> None:
    with pytest.raises(Differs, match=seen):
        server(monkeypatch, cluster).log_in(SECRET)


def test_a_wrong_password_is_to_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert server(monkeypatch, Cluster()).refuses(SECRET).startswith("refused: WRONGPASS")


@pytest.mark.parametrize(
    ("cluster", "seen"),
    [
        (Cluster(password="any"), "reader logs in with a password that nobody knows"),
        (Cluster(wrong="LOADING the dataset"), "LOADING the dataset"),
    ],
)
def test_a_wrong_password_that_is_not_refused_as_such_is_a_fault(monkeypatch: pytest.MonkeyPatch, cluster: Cluster, seen: str) -> None:
    with pytest.raises(Differs, match=seen):
        server(monkeypatch, cluster).refuses(SECRET)


def test_nothing_is_said_to_a_server_that_has_not_proven_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster()
    unproven = server(monkeypatch, cluster, verified=False)
    for ask in (lambda: unproven.log_in(SECRET), lambda: unproven.refuses(SECRET), unproven.refuses_plaintext):
        with pytest.raises(NotChecked):
            ask()
    assert cluster.said == []


@contextmanager
def answering(reply: bytes) -> Generator[int]:
    """The port of a server that answers what it is first sent, in plaintext, and ends the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(64)
                connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


# An alert of TLS, as OpenSSL answers what is none.
ALERT = b"\x15\x03\x01\x00\x02\x02\x46"


@pytest.mark.parametrize("reply", [b"", ALERT])
def test_a_connection_that_is_ended_or_answered_in_tls_only_is_refused(monkeypatch: pytest.MonkeyPatch, reply: bytes) -> None:
    with answering(reply) as port:
        found = server(monkeypatch, Cluster(), online_store_host="127.0.0.1", online_store_port=port).refuses_plaintext()
    assert found == "refused: the connection was ended"


@pytest.mark.parametrize("reply", [b"+PONG\r\n", b"-NOAUTH Authentication required.\r\n"])
def test_an_answer_in_plaintext_is_a_fault(monkeypatch: pytest.MonkeyPatch, reply: bytes) -> None:
    with answering(reply) as port, pytest.raises(Differs, match="answers without TLS"):
        server(monkeypatch, Cluster(), online_store_host="127.0.0.1", online_store_port=port).refuses_plaintext()


def test_a_server_that_is_not_there_fails_and_refuses_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    found = CONTRACT.feature_store.model_copy(update={"online_store_host": "127.0.0.1", "online_store_port": port})
    unreachable = Server(found, World().access())
    asked = {"TLS": unreachable.handshake, "plaintext": unreachable.refuses_plaintext}
    checks = [check.Check(name=name, expected="", remedy="", waits_for="it", look=look) for name, look in asked.items()]
    assert [each.verdict for each in check.run(checks, frozenset())] == ["failed", "not checked"]
