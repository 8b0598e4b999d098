"""How answers of AWS are put into the file of dated facts."""

import json
from pathlib import Path
from typing import Any

import pytest

from planning.catalogue import FILE
from scripts import catalogue_file
from scripts.catalogue_questions import QUESTIONS

ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def region(*letters: str, differ: bool = False) -> dict[str, Any]:
    return {"zones": [f"eu-west-1{letter}" for letter in letters], "accounts_differ": differ}


def test_the_committed_file_is_as_a_refresh_would_write_it() -> None:
    assert FILE.read_text(encoding="utf-8") == catalogue_file.rendered(catalogue_file.read(FILE))


def test_there_is_a_question_for_every_section() -> None:
    assert list(catalogue_file.read(FILE)) == list(QUESTIONS)


def test_what_aws_does_not_name_stays() -> None:
    known = {"1.30": {"standard_support_ends": "2025-07-23"}}
    both = catalogue_file.merged("eks", known, {"1.37": {"standard_support_ends": "2027-12-01"}})
    assert both == {**known, "1.37": {"standard_support_ends": "2027-12-01"}}


def test_what_aws_says_replaces_what_was_known() -> None:
    both = catalogue_file.merged("eks", {"1.36": {"standard_support_ends": None}}, {"1.36": {"standard_support_ends": "2027-08-02"}})
    assert both == {"1.36": {"standard_support_ends": "2027-08-02"}}


@pytest.mark.parametrize(
    ("section", "known", "answered", "now"),
    [
        ("cache_node_types", {"memory_gib": 0.5}, {}, {"memory_gib": 0.5}),
        ("cache_node_types", None, {}, {"memory_gib": None}),
        ("db_instance_classes", {"vcpus": 2, "memory_gib": 8.0}, {}, {"vcpus": 2, "memory_gib": 8.0}),
        ("db_instance_classes", None, {}, {"vcpus": None, "memory_gib": None}),
        ("eks", None, {}, {"standard_support_ends": None}),
        (
            "valkey",
            {"standard_support_ends": "2030-01-01", "parameter_group_family": "valkey8"},
            {"parameter_group_family": "valkey9"},
            {"standard_support_ends": "2030-01-01", "parameter_group_family": "valkey9"},
        ),
    ],
)
def test_what_no_call_answers_stays_and_is_null_when_it_was_never_known(
    section: str, known: dict[str, Any] | None, answered: dict[str, Any], now: dict[str, Any]
) -> None:
    assert catalogue_file.merged(section, {} if known is None else {"x": known}, {"x": answered}) == {"x": now}


@pytest.mark.parametrize(
    ("known", "here", "now"),
    [
        (region("a", "b", "c"), "abc", region("a", "b", "c")),
        (region("a", "b", "c"), "abcd", region("a", "b", "c", "d")),
        (region("a", "b", "c"), "ac", region("a", "b", "c", differ=True)),
        (region("a", "b", "c", differ=True), "abc", region("a", "b", "c", differ=True)),
        (None, "abc", region("a", "b", "c", differ=True)),
    ],
    ids=["the same", "more zones", "a zone less", "known to differ", "a new region"],
)
def test_accounts_differ_once_one_lacks_a_zone_that_another_has(known: dict[str, Any] | None, here: str, now: dict[str, Any]) -> None:
    facts = {} if known is None else {"eu-west-1": known}
    assert catalogue_file.merged("regions", facts, {"eu-west-1": {"zones": region(*here)["zones"]}}) == {"eu-west-1": now}


def test_a_difference_is_told_with_both_values_and_a_new_fact_as_new() -> None:
    known = {"8.4": {"standard_support_ends": "2029-07-31"}, "8.0": {"standard_support_ends": "2026-07-31"}}
    now = {**known, "8.4": {"standard_support_ends": "2030-07-31"}, "9.7": {"standard_support_ends": None}}
    assert list(catalogue_file.differences("mysql", known, now)) == [
        'mysql: 8.4: {"standard_support_ends": "2029-07-31"} -> {"standard_support_ends": "2030-07-31"}',
        'mysql: 9.7: new: {"standard_support_ends": null}',
    ]


def test_a_section_that_is_read_again_keeps_its_sources_and_says_where_aws_was_asked_last() -> None:
    section = {"read_on": "2026-11-23", "sources": ["https://example.com"], "facts": {}}
    once = catalogue_file.dated(section, {}, read_on="2027-01-01", asked="in eu-west-1")
    twice = catalogue_file.dated(once, {}, read_on="2027-02-01", asked="in us-east-2")
    assert twice == {"read_on": "2027-02-01", "sources": ["https://example.com", "asked of AWS: in us-east-2"], "facts": {}}


def test_versions_and_types_are_written_in_their_natural_order() -> None:
    facts = {name: {} for name in ("1.10", "1.9", "db.m5.12xlarge", "db.m5.2xlarge")}
    text = catalogue_file.rendered({"section": {"read_on": "2026-11-23", "sources": ["https://example.com"], "facts": facts}})
    assert list(json.loads(text)["section"]["facts"]) == ["1.9", "1.10", "db.m5.2xlarge", "db.m5.12xlarge"]


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(TypeError):
        catalogue_file.write(path, {"section": {"read_on": "2026-11-23", "sources": [], "facts": {"x": {"y": object()}}}})
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]
