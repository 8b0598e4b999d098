"""What is said of a drill's steps."""

from collections.abc import Callable
from itertools import count

import pytest

from scripts.drill_steps import Failed, NotReached, Record, duration, looks, table


def ended(error: Exception | None = None) -> Callable[[], str]:
    def work() -> str:
        if error:
            raise error
        return "first\nsecond"

    return work


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ([], 0),
        ([None], 0),
        ([None, NotReached("why")], 2),
        ([NotReached("why"), Failed("why"), None], 1),
    ],
)
def test_the_exit_code_is_of_the_worst_step(ends: list[Exception | None], code: int) -> None:
    record = Record()
    for number, error in enumerate(ends):
        record.run(f"step {number}", ended(error))
    assert record.code() == code


def test_a_step_stands_with_its_time_and_all_that_it_says() -> None:
    record = Record(count(step=70).__next__)
    record.run("snapshot", ended())
    record.run("rows", ended(NotReached("no route")))
    assert table(record.steps).splitlines() == [
        "  snapshot  done         1 min 10 s  first",
        "                                     second",
        "  rows      not reached  1 min 10 s  no route",
    ]


@pytest.mark.parametrize(("ends", "seconds"), [([None, None], 20), ([None, NotReached("why")], 20), ([None, Failed("why")], None)])
def test_the_time_of_steps_is_known_unless_one_failed(ends: list[Exception | None], seconds: float | None) -> None:
    record = Record(count(step=10).__next__)
    for name, error in zip(("snapshot", "restore"), ends, strict=True):
        record.run(name, ended(error))
    assert record.seconds("snapshot", "restore") == seconds
    assert record.seconds("snapshot", "restore", "rows") is None


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (243, "4 min 3 s"), (3600, "1 h 0 min"), (14_520, "4 h 2 min")]
)
def test_durations_are_said_in_two_units(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_looks_become_rarer_and_end() -> None:
    waited: list[float] = []
    total = list(looks(100, waited.append))
    assert waited == [1, 2, 4, 8, 16, 30, 30, 30]
    assert (total[0], total[-1]) == (0, sum(waited))
