"""Which locks on stacks are taken for left behind."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from localcloud import stack_locks
from localcloud.instance import Instance


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


@pytest.fixture
def holder(instance: Instance) -> Iterator[int]:
    """A process that uses the instance's state."""
    yield from _sleeper(f"file://{instance.path('state')}")


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[int]:
    yield from _sleeper(f"file://{tmp_path / 'elsewhere'}")


def _sleeper(backend: str) -> Iterator[int]:
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], env={"PULUMI_BACKEND_URL": backend})
    yield sleeper.pid
    sleeper.kill()
    sleeper.wait()


def _lock(instance: Instance, pid: int, *, host: str = socket.gethostname(), age: timedelta = timedelta()) -> Path:
    # As pulumi 3.259.0 writes it, to the nanosecond.
    taken = f"{datetime.now(UTC) - age:%Y-%m-%dT%H:%M:%S.%f}789Z"
    path = instance.path("state", ".pulumi", "locks", "organization", "ml-platform", "dev", "one.json")
    path.write_text(json.dumps({"pid": pid, "username": "somebody", "hostname": host, "timestamp": taken}))
    return path


def _said(instance: Instance) -> str:
    lines: list[str] = []
    stack_locks.release_stale(instance, lines.append)
    return "\n".join(lines)


def test_the_lock_of_a_pulumi_that_runs_stays(instance: Instance, holder: int) -> None:
    lock = _lock(instance, holder)
    assert _said(instance) == ""
    assert lock.exists()


def test_the_lock_of_a_process_that_is_gone_is_removed_and_that_is_said(instance: Instance) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    lock = _lock(instance, gone.pid)
    assert _said(instance) == f"Removed the lock on stack dev of a pulumi that is gone (process {gone.pid})."
    assert not lock.exists()


def test_a_pulumi_that_was_started_later_under_the_same_pid_is_not_the_holder(instance: Instance, holder: int) -> None:
    lock = _lock(instance, holder, age=timedelta(minutes=1))
    assert "of a pulumi that is gone" in _said(instance)
    assert not lock.exists()


def test_a_process_that_does_not_use_this_state_is_not_the_holder(instance: Instance, stranger: int) -> None:
    lock = _lock(instance, stranger)
    assert "of a pulumi that is gone" in _said(instance)
    assert not lock.exists()


def test_the_lock_of_another_host_stays_and_the_remedy_is_said(instance: Instance) -> None:
    lock = _lock(instance, os.getpid(), host="elsewhere")
    said = _said(instance)
    assert f"Stack dev is locked by somebody@elsewhere (process {os.getpid()}, since " in said
    assert "If that pulumi has ended: `pulumi cancel --yes --stack dev`." in said
    assert lock.exists()
