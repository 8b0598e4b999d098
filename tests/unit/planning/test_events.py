"""Where events lie, and that Athena finds them there."""

import re

import pytest

from planning import events
from planning.events import DECISIONS, FEATURE_EVENTS, Kind

BOTH = pytest.mark.parametrize("kind", [FEATURE_EVENTS, DECISIONS], ids=lambda kind: kind.table)


@BOTH
def test_athena_looks_for_a_day_where_firehose_puts_it(kind: Kind) -> None:
    written = f"s3://b/{kind.prefix}".replace("!{timestamp:yyyy-MM-dd}", "2026-11-26")
    properties = events.projection("b", kind, None)
    assert properties["storage.location.template"].replace("${day}", "2026-11-26") == written
    assert properties["projection.day.format"] == "yyyy-MM-dd"


@BOTH
def test_what_could_not_be_delivered_is_outside_the_table(kind: Kind) -> None:
    assert not events.ERROR_PREFIX.startswith(kind.root)
    # Firehose asks for it where a prefix has an expression: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html.
    assert "!{firehose:error-output-type}" in events.ERROR_PREFIX


@pytest.mark.parametrize(("kept_days", "first"), [(None, "2026-11-01"), (30, "NOW-31DAYS")])
def test_the_table_has_the_days_that_can_have_objects(kept_days: int | None, first: str) -> None:
    assert events.projection("b", DECISIONS, kept_days)["projection.day.range"] == f"{first},NOW"


@BOTH
def test_every_event_can_be_told_from_its_copy(kind: Kind) -> None:
    assert kind.columns[0].name.endswith("_id")
    assert all(re.fullmatch("[a-z_]+", each.name) for each in kind.columns)


@BOTH
def test_no_projects_prefix_is_that_of_events(kind: Kind) -> None:
    # Feast's name of a project ends with eight hexadecimal digits.
    assert not re.search("_[0-9a-f]{8}/$", kind.root)
