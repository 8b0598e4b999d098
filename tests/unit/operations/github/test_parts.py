"""That parts stand in their order, fit together, and neither hide nor pass for one another, whatever is in them."""

import re
from pathlib import Path

import pytest

from operations.github.parts import ACCOUNT_LIMIT, CUT, MARKER, PLACES, PREVIEW_LIMIT, WARNING, Part, body, part, read, size, stamps
from operations.github.posts import LONGEST_BODY, marked
from tests.unit.operations.preview.rendered import without_fences

HEAD, OLDER = "a" * 40, "b" * 40


def made(*parts: Part, head: str = HEAD) -> str:
    return body({each.name: each for each in parts}, head)


def test_parts_stand_in_their_order_whatever_the_order_in_which_they_were_written() -> None:
    found = made(*(part(name, name, HEAD) for name in sorted(PLACES, reverse=True)))
    assert [line for line in found.split("\n") if line.startswith("## ")] == [
        "## Without credentials",
        "## In the account of `dev`",
        "## In the account of `staging`",
        "## In the account of `prod`",
        "## Its environment",
    ]


def test_it_says_first_whose_code_made_what_is_quoted() -> None:
    assert made(part("preview", "fine", HEAD)).startswith(f"{WARNING}\n\n<!-- ml-platform part: preview ")


def test_the_part_without_credentials_has_the_most_room() -> None:
    assert max(PLACES, key=lambda name: PLACES[name].limit) == "preview"


def test_the_limits_are_those_that_readers_are_told() -> None:
    told = Path(__file__).parents[4].joinpath("docs", "previews.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \| ([\d,]+)(?: each)? \|$", told, re.MULTILINE)
    expected = {re.sub("`(dev|staging|prod)`", "`STACK`", place.heading): f"{place.limit:,}" for place in PLACES.values()}
    assert said == [*expected.items()]


def test_all_parts_together_fit_however_long_and_old_each_is() -> None:
    longest = [part(name, "x\n" * LONGEST_BODY, OLDER) for name in PLACES]
    # They are cut at the end of a line, of four characters with its quote.
    assert all(place.limit - 4 < len(each.quoted) <= place.limit for each, place in zip(longest, PLACES.values(), strict=True))
    assert len(marked(MARKER, made(*longest))) <= LONGEST_BODY


def test_a_part_that_is_too_long_is_cut_and_says_so_outside_of_what_was_left_open() -> None:
    found = part("preview", "```\n" + "x\n" * PREVIEW_LIMIT, HEAD)
    assert PREVIEW_LIMIT - 4 < len(found.quoted) <= PREVIEW_LIMIT
    assert found.quoted.endswith("> x\n\n> *Cut here: the whole of it is in the artifact of the run.*")


@pytest.mark.parametrize("text", ["x" * (ACCOUNT_LIMIT - 2), "a\n\nb\n", "@you", "<a", " x "])
def test_a_text_takes_the_room_that_is_said(text: str) -> None:
    assert size(text) == len(part("preview-dev", text, HEAD).quoted)


@pytest.mark.parametrize("limit", [ACCOUNT_LIMIT, ACCOUNT_LIMIT + 1])
def test_what_fits_is_not_cut(limit: int) -> None:
    assert part("preview-dev", "x" * (limit - 2), HEAD).quoted.endswith(CUT) is (limit > ACCOUNT_LIMIT)


@pytest.mark.parametrize(
    ("commit", "said"),
    [
        (HEAD, f"Of commit {HEAD}:"),
        (OLDER, f"**Of an older commit**, {OLDER}, and not of what the pull request is now:"),
        (None, "> fine"),
    ],
    ids=["head", "older", "none"],
)
def test_a_part_names_its_commit_and_says_that_it_is_an_older_one(commit: str | None, said: str) -> None:
    assert made(part("preview-dev", "fine", commit)).split("\n\n")[2] == said


# What opens something that would go on, or says that it is something else.
HOSTILE = [
    "```",
    "~~~~ mermaid",
    "<details>",
    "<details><summary>",
    "<details open>",
    "</blockquote>",
    "</blockquote><details>",
    "</div></blockquote>\n\n<details>",
    "<!-- open",
    "<!-- ml-platform part: preview-prod - 000000000000 -->\n## In the account of `prod`\n\n> fine",
    "x\r<!-- ml-platform part: preview-prod - 000000000000 -->\r> fine",
    "<!-- ml-platform: pull-request -->",
    "<?",
    "<![CDATA[",
    "<!DOCTYPE",
    "<pre>",
    "<script>",
    "<textarea>",
    "<table><tr><td>",
    "<code>",
    "`<code>`</code><code>",
    "- ```",
    "1. <details>\n\n   ```",
    "> ```",
    "\n\n\n",
    "\u2028## x",
    "hi[^1]\n\n[^1]: x\n\n    ## In the account of `prod`",
    "[Stop]: https://example.com",
    r"<code>a\</code>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_part_forges_or_breaks_another(text: str) -> None:
    parts = {"preview": part("preview", text, HEAD), "preview-dev": part("preview-dev", "**Stop**", HEAD)}
    assert read(marked(MARKER, body(parts, HEAD))) == parts


@pytest.mark.parametrize("text", HOSTILE)
def test_every_line_of_a_part_is_quoted(text: str) -> None:
    assert {line[0] for line in part("preview", text, HEAD).quoted.split("\n")} == {">"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_part_has_no_html_but_what_ends_where_its_quote_does(text: str) -> None:
    tags = re.findall(r"<[A-Za-z/!?][^<]*", part("preview", text, HEAD).quoted)
    assert [tag for tag in tags if not tag.startswith(("<details>", "<summary>", "</code>"))] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_part_defines_nothing_for_another(text: str) -> None:
    """Footnotes and definitions of links are of the whole comment."""
    assert re.findall(r"\[\^|\]:", part("preview", text, HEAD).quoted) == []


def test_a_part_that_is_cut_leaves_no_tag_open() -> None:
    quoted = part("preview", f"first\n<code>{'x' * PREVIEW_LIMIT}</code>", HEAD).quoted
    assert quoted.startswith("> first\n\n> *Cut here")


@pytest.mark.parametrize("text", ["[!CAUTION]\nread this", " [!NOTE]\n> x"])
def test_a_quote_does_not_look_like_a_note_of_ours(text: str) -> None:
    assert "[!" not in part("preview", text, HEAD).quoted


def test_without_credentials_the_headings_stay_outside_of_what_is_left_open() -> None:
    found = made(part("preview", "```\nopen", HEAD), part("preview-dev", "fine", HEAD))
    assert "## In the account of `dev`" in without_fences(found)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_parts_are_read_back_as_they_were_written(newline: str) -> None:
    parts = {"preview": part("preview", "```\n" + "x\n" * PREVIEW_LIMIT, OLDER), "ephemeral": part("ephemeral", "a\n\nb", None)}
    assert read(body(parts, HEAD).replace("\n", newline)) == parts


def test_what_is_between_parts_is_not_taken_into_them() -> None:
    found = made(part("preview", "fine", HEAD))
    assert read(f"{found}\n\nsomebody's words\n")["preview"].quoted == "> fine"


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- ml-platform part: preview-retired {HEAD} 000000000000 -->\n> x",
        f"<!-- ml-platform part: preview-dev {HEAD} 000000000000 -->\n> {'x' * ACCOUNT_LIMIT}",
    ],
    ids=["without a place", "too long"],
)
def test_a_part_that_has_no_room_goes(text: str) -> None:
    assert read(text) == {}


def test_a_part_is_known_by_what_was_written_and_not_by_what_became_of_its_spaces() -> None:
    found = made(part("preview", "a  \nb", HEAD))
    assert stamps(found) == stamps(found.replace("  \n", "\n"))
    assert stamps(found) != stamps(made(part("preview", "a  \nc", HEAD)))
    assert stamps(found) != stamps(made(part("preview", "a  \nb", OLDER)))
