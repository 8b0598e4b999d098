"""How figures are taken: in alternating pairs with what they are compared to, so that a busy minute meets both; medians count."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAIRS = 5


class BenchFailed(RuntimeError):
    """A command that was to be measured failed; the message has what it said."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure and what it is compared to, both in `unit`. `floor` must hold and `goal` is wanted: ratios, or `absolute`, in `unit`."""

    name: str
    unit: str
    measured: str
    values: Sequence[float]
    compared_to: str
    others: Sequence[float]
    floor: float | None = None
    goal: float | None = None
    absolute: bool = False

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def other_median(self) -> float:
        return statistics.median(self.others)

    @property
    def ratio(self) -> float:
        return self.median / self.other_median

    @property
    def judged(self) -> float:
        """What floor and goal are held against."""
        return self.median if self.absolute else self.ratio


def pairs(measure: Callable[[], float], other: Callable[[], float]) -> tuple[list[float], list[float]]:
    """PAIRS values of each, taken in turn."""
    values: list[float] = []
    others: list[float] = []
    for number in range(PAIRS):
        others.append(other())
        values.append(measure())
        say(f"  pair {number + 1} of {PAIRS}: {values[-1]:.2f} beside {others[-1]:.2f}")
    return values, others


def seconds(argv: Sequence[str], directory: Path, environment: Mapping[str, str], done_with: Collection[int] = (0,)) -> float:
    """How long a command takes, which ends with one of `done_with`. Raises BenchFailed otherwise: a failure is not a fast run."""
    began = time.monotonic()
    done = subprocess.run(argv, cwd=directory, env=dict(environment), capture_output=True, text=True, check=False)
    taken = time.monotonic() - began
    if done.returncode not in done_with:
        raise BenchFailed(f"`{' '.join(argv)}` ended with {done.returncode}:\n{done.stdout}{done.stderr}".rstrip())
    return taken


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
