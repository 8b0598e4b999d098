"""Which locks on stacks are taken for left behind."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest

from localcloud import stack_locks
from localcloud.instance import Instance


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


@pytest.fixture
def pulumi(tmp_path: Path) -> Iterator[int]:
    program = tmp_path / "pulumi"
    program.symlink_to(which("sleep") or "sleep is not on PATH")
    yield from _running(program)


@pytest.fixture
def stranger() -> Iterator[int]:
    yield from _running(Path(which("sleep") or "sleep is not on PATH"))


def _running(program: Path) -> Iterator[int]:
    sleeper = subprocess.Popen([program, "60"])
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


def test_the_lock_of_a_process_that_was_there_when_it_was_taken_stays_whatever_it_is_called(instance: Instance, stranger: int) -> None:
    lock = _lock(instance, stranger)
    assert _said(instance) == ""
    assert lock.exists()


def test_the_lock_of_a_pulumi_that_runs_stays_when_the_clock_was_set_meanwhile(instance: Instance, pulumi: int) -> None:
    lock = _lock(instance, pulumi, age=timedelta(hours=1))
    assert _said(instance) == ""
    assert lock.exists()


def test_the_lock_of_a_process_that_is_gone_is_removed_and_that_is_said(instance: Instance) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    lock = _lock(instance, gone.pid)
    assert _said(instance) == f"Removed the lock on stack dev of a pulumi that is gone (process {gone.pid})."
    assert not lock.exists()


def test_another_program_that_was_started_later_under_the_same_pid_is_not_the_holder(instance: Instance, stranger: int) -> None:
    lock = _lock(instance, stranger, age=timedelta(minutes=1))
    assert "of a pulumi that is gone" in _said(instance)
    assert not lock.exists()


def test_a_lock_that_its_holder_takes_off_meanwhile_is_no_error(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, read = _lock(instance, os.getpid()), Path.read_text

    def read_after_the_end(path: Path) -> str:
        if path == lock:
            path.unlink()
        return read(path)

    monkeypatch.setattr(Path, "read_text", read_after_the_end)
    assert _said(instance) == ""


def test_the_lock_of_another_host_stays_and_the_remedy_is_said(instance: Instance) -> None:
    lock = _lock(instance, os.getpid(), host="elsewhere")
    said = _said(instance)
    assert f"Stack dev is locked by somebody@elsewhere (process {os.getpid()}, since " in said
    assert "If that pulumi has ended: `pulumi cancel --yes --stack dev`." in said
    assert lock.exists()
