"""What is left out of a comment that is too long."""

import pytest

from operations.github.parts import size
from operations.preview.room import Part, within

KEPT, SMALL, BIG, SECTION = Part("verdict"), Part("s" * 100, 2), Part("b" * 1000, 2), Part("t" * 5000, 1)


def test_what_fits_is_left_whole() -> None:
    assert within([KEPT, SMALL], 1000) == f"verdict\n\n{'s' * 100}\n"


def test_the_biggest_detail_goes_first() -> None:
    found = within([KEPT, SMALL, BIG], 600)
    assert SMALL.text in found
    assert BIG.text not in found


def test_a_section_stays_while_there_are_details() -> None:
    found = within([KEPT, SMALL, BIG, SECTION], 5400)
    assert SECTION.text in found
    assert BIG.text not in found


@pytest.mark.parametrize(
    ("parts", "said"), [([BIG], "1 part of this comment was left out"), ([BIG, BIG], "2 parts of this comment were left")]
)
def test_how_many_are_left_out_is_said_below_the_verdict(parts: list[Part], said: str) -> None:
    verdict, note = within([KEPT, *parts], 400).strip().split("\n\n")
    assert verdict == "verdict"
    assert said in note


def test_where_the_whole_of_it_is_is_said() -> None:
    assert "`preview.json`, an artifact of this run" in within([KEPT, BIG], 400)


def test_the_verdict_is_kept_before_all_else_that_is_kept() -> None:
    found = within([KEPT, Part("x" * 500), Part("y" * 500)], 300)
    assert found.startswith("verdict\n\n*2 parts")


@pytest.mark.parametrize("limit", [400, 1_700, 2_600])
def test_it_takes_no_more_than_the_limit_by_the_size_that_is_given(limit: int) -> None:
    """As where each line is quoted, and each `@` takes two."""
    parts = [KEPT, Part("@a" * 300, 2), Part("a\n" * 300, 2), Part("b\n\n" * 200, 1), SMALL]
    found = within(parts, limit, size)
    assert size(found) <= limit
    assert found.startswith(KEPT.text)
