"""A provider that is killed, where the test's own process is the provider."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable

import pytest

from localcloud import processes


class Killed(BaseException):
    """The provider's process is gone: no handler of its own runs."""


def killer(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """What raises Killed. Whoever comes after it takes this process for another one: with the same pid, and a later start."""
    really, kills = processes.start_time, itertools.count(1)

    def kill(code: int) -> None:
        started, me = next(kills), os.getpid()

        def start_time(pid: int) -> int | None:
            found = really(pid)
            return found if found is None or pid != me else found + started

        monkeypatch.setattr(processes, "start_time", start_time)
        raise Killed(code)

    return kill
