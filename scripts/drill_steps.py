"""The steps of a drill: what became of each, how long it took, and how the whole stands beside what is promised."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

Outcome = Literal["done", "failed", "not reached"]
Clock = Callable[[], float]
Pause = Callable[[float], None]

_LONGEST_PAUSE_SECONDS = 30


class Failed(RuntimeError):
    """The step came to an end, and not to the one that is promised; the message says what is wrong."""


class NotReached(RuntimeError):
    """It is unknown how the step would end; the message says what stands in its way."""


@dataclass(frozen=True)
class Step:
    name: str
    outcome: Outcome
    seconds: float
    about: str
    """What was found, or what is wrong, or what stands in the way."""


class Record:
    """The steps so far, each said when it begins and when it ends."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self.steps: list[Step] = []
        self._clock = clock

    def run(self, name: str, work: Callable[[], str]) -> bool:
        """Does a step, and returns whether it is done. What AWS refuses is a failure of the step; an interrupt passes."""
        print(f"{name}: begun", flush=True)
        began = self._clock()
        outcome: Outcome
        try:
            outcome, about = "done", work()
        except NotReached as reason:
            outcome, about = "not reached", str(reason)
        except (Failed, BotoCoreError, ClientError) as error:
            outcome, about = "failed", str(error)
        self.steps.append(Step(name, outcome, self._clock() - began, about))
        print(f"{name}: {outcome}", flush=True)
        return outcome == "done"

    def seconds(self, *names: str) -> float | None:
        """How long these took together; None unless each was begun and none failed."""
        found = [step for step in self.steps if step.name in names and step.outcome != "failed"]
        return sum(step.seconds for step in found) if len(found) == len(names) else None

    def code(self) -> int:
        """The exit code: 0 all is done, 1 something failed, 2 nothing failed and something was not reached."""
        outcomes = {step.outcome for step in self.steps}
        return 1 if "failed" in outcomes else 2 if "not reached" in outcomes else 0


def table(steps: Sequence[Step]) -> str:
    """A line for each step, and below it what else there is to say."""
    name_width = max(len(step.name) for step in steps)
    outcome_width = max(len(step.outcome) for step in steps)
    lines: list[str] = []
    for step in steps:
        first, *more = step.about.splitlines() or [""]
        beginning = f"  {step.name:{name_width}}  {step.outcome:{outcome_width}}  {duration(step.seconds):>9}  "
        lines += [f"{beginning}{first}".rstrip(), *(" " * len(beginning) + line for line in more)]
    return "\n".join(lines)


def duration(seconds: float) -> str:
    """Such as `3 s`, `4 min 3 s` or `1 h 2 min`."""
    minutes, left = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {left} s" if minutes else f"{left} s"


def looks(longest_seconds: float, pause: Pause) -> Iterator[float]:
    """When to look again: at once, then after pauses that become longer; yields the seconds waited so far, and ends with the time."""
    waited, seconds = 0.0, 1.0
    yield waited
    while waited < longest_seconds:
        pause(seconds)
        waited, seconds = waited + seconds, min(2 * seconds, _LONGEST_PAUSE_SECONDS)
        yield waited
