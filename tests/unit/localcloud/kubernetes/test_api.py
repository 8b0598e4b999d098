"""How long an API server that takes requests and never answers is waited for."""

import socket
import threading
from collections.abc import Iterator

import pytest
from kubernetes.client import Configuration

from localcloud.kubernetes import waiting
from localcloud.kubernetes.api import Api, Unreachable
from localcloud.provider import cancellation


@pytest.fixture
def hanging() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def api(hanging: socket.socket, monkeypatch: pytest.MonkeyPatch) -> Api:
    monkeypatch.setattr(waiting, "_REPEATABLE_TIMEOUT_SECONDS", 0.1)
    monkeypatch.setattr(waiting, "_APPLY_TIMEOUT_SECONDS", 0.1)
    monkeypatch.setattr(cancellation, "_asked", threading.Event())
    configuration = Configuration()
    configuration.host = f"http://127.0.0.1:{hanging.getsockname()[1]}"
    configuration.proxy = None
    return Api(configuration)


def _attempts(hanging: socket.socket) -> int:
    """How often it was connected to: a connection whose answer timed out is not used again."""
    attempts = 0
    while True:
        try:
            hanging.accept()[0].close()
        except BlockingIOError:
            return attempts
        attempts += 1


def test_a_look_is_repeated_and_then_given_up(api: Api, hanging: socket.socket) -> None:
    with pytest.raises(Unreachable, match="no answer from the API server"):
        api.request("GET", "/api/v1")
    assert _attempts(hanging) == 8


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_nothing_is_repeated_once_the_update_is_cancelled(method: str, api: Api, hanging: socket.socket) -> None:
    cancellation.ask()
    with pytest.raises(cancellation.Interrupted):
        api.request(method, "/api/v1")
    assert _attempts(hanging) == 1


def test_that_something_applied_got_no_answer_is_known_also_when_the_update_is_cancelled(api: Api, hanging: socket.socket) -> None:
    cancellation.ask()
    with pytest.raises(Unreachable):
        api.request("PATCH", "/api/v1")
    assert _attempts(hanging) == 1


def test_what_got_no_answer_is_not_applied_again(api: Api, hanging: socket.socket) -> None:
    with pytest.raises(Unreachable):
        api.request("PATCH", "/api/v1")
    assert _attempts(hanging) == 1


def test_one_attempt_to_look_or_delete_is_shorter_than_the_5_s_in_which_a_cancelled_update_ends() -> None:
    assert all(waiting.timeout_seconds(method) < 5 for method in ("GET", "DELETE"))
