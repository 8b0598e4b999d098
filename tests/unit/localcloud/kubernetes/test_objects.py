"""Waits for the API server end when the user ends the update."""

import threading
from typing import Any, cast

import pytest

from localcloud.kubernetes.api import Api, Kind, Unreachable
from localcloud.kubernetes.objects import Objects
from localcloud.provider import cancellation
from localcloud.provider.cancellation import Interrupted


class Slow:
    """An API server on which nothing ever gets done. The user ends the update at the third look."""

    looks = 0

    def get(self, kind: Kind, namespace: str | None, name: str) -> dict[str, Any]:
        self.looks += 1
        if self.looks == 3:
            cancellation.ask()
        return QUOTA

    def delete(self, kind: Kind, namespace: str | None, name: str) -> bool:
        return True


QUOTA = {"metadata": {"name": "q", "namespace": "n"}, "spec": {"hard": {"pods": "1"}}}


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Objects:
    # Whoever asked once has asked for the whole process.
    monkeypatch.setattr(cancellation, "_asked", threading.Event())
    return Objects(cast("Api", Slow()), Kind("v1", "ResourceQuota", "resourcequotas", namespaced=True))


def test_an_interrupted_deletion_does_not_wait_for_its_end(slow: Objects) -> None:
    with pytest.raises(Interrupted, match="the end of ResourceQuota q was interrupted"):
        slow.delete("n", "q")


def test_an_interrupted_creation_does_not_wait_for_the_controller(slow: Objects) -> None:
    with pytest.raises(Interrupted, match="waiting for the quota q was interrupted"):
        slow.wait_until_ready(QUOTA)


def test_object_whose_look_was_interrupted_may_exist(slow: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its creation had no answer, and the look was throttled when the user ended the update."""

    def throttled(kind: Kind, namespace: str | None, name: str) -> None:
        cancellation.ask()
        cancellation.pause(0.1, "the API server, which has too many requests")

    monkeypatch.setattr(slow.api, "get", throttled)
    assert slow.may_exist(QUOTA, Unreachable("no answer"))
