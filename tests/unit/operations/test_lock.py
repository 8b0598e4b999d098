"""Whoever holds the state is named, and nobody is told to break a lock that may be in use."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from operations.lock import as_text, held

# As pulumi 3.259.0 says it.
_SAID = """\
error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock \
file with `pulumi cancel`.
  s3://ml-platform-state/.pulumi/locks/prod/0f.json: created by {user}@{host} (pid {pid}) at 2026-11-26T20:11:12Z
"""


def _ended() -> int:
    process = subprocess.Popen([sys.executable, "-SE", "-c", ""])
    process.wait()
    return process.pid


def test_holder_is_named_with_since_when() -> None:
    text = as_text("prod", held(_SAID.format(user="runner", host="ip-10-0-1-7", pid=42)))
    assert "the state of prod is locked, and nothing was begun" in text
    assert "by runner on ip-10-0-1-7, process 42, since 2026-11-26T20:11:12Z" in text


@pytest.mark.parametrize("said", ["", "error: no stack named 'prod' found", "error: update failed"])
def test_another_end_is_no_lock(said: str) -> None:
    assert held(said) == []


@pytest.mark.parametrize(
    ("host", "pid", "ends_with"),
    [
        ("ip-10-0-1-7", _ended(), "Only when it is certain that it has ended, as that its job in CI was killed, take the lock off:"),
        (
            socket.gethostname(),
            os.getpid(),
            "Only when it is certain that it has ended, as that its job in CI was killed, take the lock off:",
        ),
        (socket.gethostname(), _ended(), "That process has ended without taking it off:"),
    ],
    ids=["of another machine", "of a process that runs", "of a process that has ended"],
)
def test_only_a_lock_that_is_known_to_be_abandoned_may_be_taken_off_at_once(host: str, pid: int, ends_with: str) -> None:
    text = as_text("prod", held(_SAID.format(user="runner", host=host, pid=pid)))
    assert ends_with in text
    assert text.count("pulumi cancel --yes --stack prod") == 1
