"""Markdown of GitHub's kind that text of a pull request cannot break out of: whatever is not ours is put inside of code.

In code nothing is Markdown, HTML or a mention. What ends a code span, a fence and a cell of a table is at https://github.github.com/gfm/
(6.3, 4.5 and 4.10).
"""

import html
import re
from collections.abc import Iterable, Sequence

MOST_OF_A_NAME = 160
MOST_OF_A_LINE = 400

# What would mean something should the code around it ever be cut off, or be read by a program: each has a look-alike.
_ALIKE = ((re.compile(r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_])"), "＠"), (re.compile(r"<(?=!--)"), "‹"), (re.compile(r"(?<=--)>"), "›"))


def code(text: str, most: int = MOST_OF_A_NAME) -> str:
    """`text` as a code span of one line; of a longer one than `most` the beginning, and how much more there is."""
    safe = _legible(cut(text, most)) or " "
    ticks = "`" * (_longest_run(safe) + 1)
    # One space at each end is no part of a span, but for a span of spaces.
    space = " " if safe.strip() and (safe[0] in "` " or safe[-1] in "` ") else ""
    return f"{ticks}{space}{safe}{space}{ticks}"


def word(text: str) -> str:
    """`text` as it is where nothing in it means anything, and else as code."""
    return text if re.fullmatch(r"[A-Za-z0-9]{1,40}(?: [A-Za-z0-9]{1,40})*", text) else code(text)


def fence(lines: Iterable[str], language: str = "") -> str:
    """Lines as a block of code, each cut at MOST_OF_A_LINE."""
    safe = [_legible(cut(line, MOST_OF_A_LINE)) for line in lines]
    ticks = "`" * max(3, *(_longest_run(line) + 1 for line in safe)) if safe else "```"
    return "\n".join((f"{ticks}{language}", *safe, ticks))


def details(title: str, body: str) -> str:
    """What is shown on a click. `title` is HTML: names in it are `html_code`."""
    return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def html_code(text: str) -> str:
    """As `code`, for the title of details: there it is HTML and no Markdown."""
    return f"<code>{html.escape(_legible(cut(text, MOST_OF_A_NAME)))}</code>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int) -> str:
    """Columns from `numbers_from` on are aligned to the right."""
    marks = ["---" if column < numbers_from else "---:" for column in range(len(head))]
    return "\n".join(_row(cells) for cells in (head, marks, *rows))


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most:,} more characters)"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_within_a_cell(cell) for cell in cells)} |"


def _within_a_cell(text: str) -> str:
    """An odd number of backslashes before each pipe: then it ends no cell, in code neither."""
    return re.sub(r"(\\*)\|", lambda found: f"{found[1]}{'' if len(found[1]) % 2 else chr(92)}|", text)


def _legible(text: str) -> str:
    """On one line, with what cannot be seen, or turns the direction of writing, as its escape; no mention, no comment of HTML."""
    for pattern, alike in _ALIKE:
        text = pattern.sub(alike, text)
    return (
        text
        if text.isprintable()
        else "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)
    )


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
