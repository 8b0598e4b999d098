"""The samples of the round-trip test leave out nothing that a row sends."""

from __future__ import annotations

from typing import Any, cast

import pytest

from localcloud.aws.compare import within
from localcloud.aws.facts import facts
from localcloud.aws.row import Row
from localcloud.aws.rows import ROWS
from localcloud.aws.wired import wired
from tests.local.samples import samples

rows = pytest.mark.parametrize("row", [pytest.param(row, id=row.type) for row in ROWS.values()])


def _given(value: Any, path: str, known: frozenset[str]) -> set[str]:
    if path in known:
        return {path}
    if isinstance(value, list):
        return {each for item in cast("list[Any]", value) for each in _given(item, path, known)}
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {each for name, item in members.items() for each in _given(item, f"{path}.{name}" if path else name, known)}
    return {path}


def test_every_row_has_samples_and_no_other_type_has() -> None:
    assert samples().keys() == ROWS.keys()


@rows
def test_samples_give_everything_that_the_row_sends(row: Row) -> None:
    known = wired(row, facts(row.type)) - {"tags"}
    given = {path for sample in samples().get(row.type, []) for path in _given(sample.inputs, "", known)}
    assert (known - given, given - known) == (set(), set())


@rows
def test_samples_change_everything_that_can_be_seen_to_change(row: Row) -> None:
    changes = {path for each in samples().get(row.type, []) for change in (*each.updates, *each.replaces, *each.refused) for path in change}
    unseen = (*row.unread, *row.not_kept, "tags")
    known = {path for path in wired(row, facts(row.type)) if not any(within(path, each) for each in unseen)}
    assert {path for path in known if not any(within(path, each) for each in changes)} == set()


@rows
def test_every_refusal_that_a_row_states_has_a_sample(row: Row) -> None:
    refused = {path for sample in samples().get(row.type, []) for change in sample.refused for path in change}
    assert {known for known in row.not_changed if not any(within(path, known) for path in refused)} == set()
