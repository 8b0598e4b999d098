"""Windows of time in which AWS backs up or maintains, as AWS writes them: `03:00-04:00` each day, `sun:05:00-sun:06:00` each week; UTC."""

import re

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = len(_DAYS) * _DAY
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"

DAILY = rf"{_TIME}-{_TIME}"
WEEKLY = rf"({'|'.join(_DAYS)}):{_TIME}-({'|'.join(_DAYS)}):{_TIME}"


def minutes(window: str) -> int:
    """How long a window lasts, in minutes. It may go past midnight, or past the end of the week."""
    begin, end, length = _bounds(window)
    return (end - begin) % length


def overlap(one: str, other: str) -> bool:
    """Whether there is a minute of the week in both."""
    return bool(_minutes_of_week(one) & _minutes_of_week(other))


def _minutes_of_week(window: str) -> set[int]:
    begin, _, length = _bounds(window)
    starts = range(begin, _WEEK, length)
    return {(start + minute) % _WEEK for start in starts for minute in range(minutes(window))}


def _bounds(window: str) -> tuple[int, int, int]:
    """First minute, last minute, and after how many minutes it comes again."""
    daily = re.fullmatch(DAILY, window)
    if daily:
        first_hour, first_minute, last_hour, last_minute = (int(part) for part in daily.groups())
        return first_hour * 60 + first_minute, last_hour * 60 + last_minute, _DAY
    weekly = re.fullmatch(WEEKLY, window)
    if weekly is None:
        raise ValueError(f"{window!r} is neither a daily nor a weekly window")
    first_day, first_hour, first_minute, last_day, last_hour, last_minute = weekly.groups()
    begin = _DAYS.index(first_day) * _DAY + int(first_hour) * 60 + int(first_minute)
    return begin, _DAYS.index(last_day) * _DAY + int(last_hour) * 60 + int(last_minute), _WEEK
