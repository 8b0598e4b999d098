"""Faults that tests put between a provider and the local AWS or an API server: what a network, or a cloud on a bad day, does.

They are in `faults.json` of the instance: a list such as `[{"fault": "lost", "operation": "create_vpc", "nth": 1}]`. Without
`operation` every call counts. A fault is taken from the file when it strikes, so that the run after it meets none.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal, TypeVar, get_args

from localcloud.instance import Instance, write_atomically

Answer = TypeVar("Answer")
Kind = Literal["error", "throttling", "slow", "lost", "killed"]
_FILE = "faults.json"


class NoSuchFault(ValueError):
    """`faults.json` asks for a fault that there is none of."""


@dataclass(frozen=True)
class Injected:
    """How a provider's own client shows that the other side is broken, is throttling, or does not answer."""

    error: Exception
    throttling: Exception
    lost: Exception


@dataclass(frozen=True)
class Fault:
    """At the `nth` call (of `operation`, when one is named) of an AWS provider, or of one connection to an API server, each counted from
    its own start: `error` and `throttling` are answered in place of the other side, `slow` comes after `seconds`, `lost` takes effect
    without an answer, `killed` takes effect and ends the provider."""

    fault: Kind
    operation: str = ""
    nth: int = 1
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.fault not in get_args(Kind):
            raise NoSuchFault(f"{_FILE}: {self.fault!r} is no fault; there are {', '.join(get_args(Kind))}")


def set_faults(instance: Instance, *faults: Fault) -> None:
    """What the instance's providers and connections will meet that start from now on; without arguments: nothing."""
    write_atomically(instance.path(_FILE), json.dumps([asdict(fault) for fault in faults]))


class Faults:
    """The faults of one AWS provider, or of one connection to an API server. Without a file, calls go through untouched."""

    def __init__(self, instance: Instance, end: Callable[[int], object] = os._exit) -> None:
        self._instance, self._end = instance, end
        self._lock = threading.Lock()
        self.arm(*_read(instance))

    def arm(self, *faults: Fault) -> None:
        """From now on these, counted from here."""
        self._waiting, self._calls = list(faults), Counter[str]()

    @property
    def calls(self) -> int:
        """How many there were since a fault was last set."""
        return self._calls.total()

    @property
    def armed(self) -> bool:
        """Whether there is a fault that has not struck."""
        return bool(self._waiting)

    def around(self, operation: str, call: Callable[[], Answer], injected: Injected) -> Answer:
        """The call's answer, unless a fault strikes."""
        fault = self._striking(operation)
        if fault is None:
            return call()
        if fault.fault == "error":
            raise injected.error
        if fault.fault == "throttling":
            raise injected.throttling
        if fault.fault == "slow":
            time.sleep(fault.seconds)
            return call()
        answer = call()
        if fault.fault == "killed":
            self._end(137)
        if fault.fault == "lost":
            raise injected.lost
        return answer

    def _striking(self, operation: str) -> Fault | None:
        with self._lock:
            self._calls[operation] += 1
            for fault in self._waiting:
                counted = self._calls[fault.operation] if fault.operation else self.calls
                if counted == fault.nth and fault.operation in {"", operation}:
                    self._waiting.remove(fault)
                    self._take(fault)
                    return fault
        return None

    def _take(self, fault: Fault) -> None:
        """Out of the file, where another provider's process may have taken its own."""
        with self._instance.locked("faults"):
            left = _read(self._instance)
            if fault in left:
                left.remove(fault)
            set_faults(self._instance, *left)


def _read(instance: Instance) -> list[Fault]:
    path = instance.directory / _FILE
    return [Fault(**each) for each in json.loads(path.read_text())] if path.exists() else []
