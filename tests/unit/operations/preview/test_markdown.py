"""Text of others in Markdown: it stays inside of code, and cells stay cells."""

import pytest

from operations.preview import markdown
from tests.unit.operations.preview.rendered import cells, outside_code, without_fences

HOSTILE = [
    "@team",
    "a @org/team b",
    "`@team`",
    "``` \n@team",
    "`",
    "``",
    "a`b``c```d",
    "\\`",
    "\\",
    "| @team |",
    "\\| @team",
    "\\\\| @team",
    "<img src=x onerror=alert(1)>",
    "</details></code><b>",
    "<!-- marker -->",
    "-->",
    "\n\n# heading\n\n@team",
    "\r\n@team",
    "[text](https://example.com)",
    "![text](https://example.com)",
    "\u202eexe.md",
    "\x1b[31mred",
    "*bold* _it_ ~~no~~",
    "&lt;script&gt;",
    " ",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_code_span_keeps_all_of_its_text(text: str) -> None:
    assert outside_code(f"before {markdown.code(text)} after") == "before  after"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_fence_keeps_all_of_its_lines(text: str) -> None:
    assert without_fences(f"before\n{markdown.fence([text, f'    {text}', '````'])}\nafter") == "before\nafter"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_title_has_no_html_but_its_code(text: str) -> None:
    found = markdown.html_code(text)
    assert outside_code(found) == ""
    assert "\n" not in found


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_stays_one_cell(text: str) -> None:
    rows = markdown.table(("one", "two"), [(markdown.code(text), "2")], numbers_from=1).split("\n")
    assert [cells(row) for row in rows] == [2, 2, 2]


@pytest.mark.parametrize("text", ["@team", "x @team", "(@org/team)", "\n@team"])
def test_a_mention_is_none_even_without_its_code(text: str) -> None:
    assert "@" not in markdown.code(text)


def test_an_address_is_left_as_it_is() -> None:
    assert markdown.code("on-call@example.com") == "`on-call@example.com`"


@pytest.mark.parametrize("text", ["<!-- marker -->", "<!--", "-->", "--!>"])
def test_no_comment_begins_or_ends_even_in_code(text: str) -> None:
    for found in (markdown.code(text), markdown.fence([text]), markdown.html_code(text)):
        assert "<!--" not in found
        assert "-->" not in found


@pytest.mark.parametrize(("text", "shown"), [("\x1b[31m", "`\\x1b[31m`"), ("\u202egpj.exe", "`\\u202egpj.exe`"), ("a\nb", "`a\\nb`")])
def test_what_cannot_be_seen_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert markdown.code(text) == shown


def test_a_long_text_says_how_much_is_left_out() -> None:
    assert markdown.code("x" * 1200, most=200) == f"`{'x' * 200}… (1,000 more characters)`"


@pytest.mark.parametrize(("text", "shown"), [("feature store", "feature store"), ("@team", "`＠team`"), ("a|b", "`a|b`"), ("", "` `")])
def test_a_word_is_code_unless_it_means_nothing(text: str, shown: str) -> None:
    assert markdown.word(text) == shown
