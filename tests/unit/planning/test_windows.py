"""Windows of time: how long they last, and whether two share a minute."""

import pytest

from planning import windows


@pytest.mark.parametrize(
    ("window", "lasts"),
    [("03:00-04:00", 60), ("23:45-00:15", 30), ("sun:05:00-sun:06:30", 90), ("sun:23:30-mon:00:30", 60), ("fri:22:00-sat:06:00", 480)],
)
def test_a_window_may_go_past_midnight_and_past_the_week(window: str, lasts: int) -> None:
    assert windows.minutes(window) == lasts


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("03:00-04:00", "sun:03:59-sun:05:00", True),
        ("03:00-04:00", "sun:04:00-sun:05:00", False),
        ("23:45-00:15", "mon:00:00-mon:00:30", True),
        ("23:45-00:15", "sun:23:30-sun:23:45", False),
        ("sun:23:30-mon:00:30", "00:00-01:00", True),
    ],
)
def test_windows_overlap_when_they_share_a_minute(one: str, other: str, shared: bool) -> None:
    assert windows.overlap(one, other) is shared
    assert windows.overlap(other, one) is shared


def test_what_is_no_window_is_refused() -> None:
    with pytest.raises(ValueError, match="neither a daily nor a weekly"):
        windows.minutes("tomorrow")
