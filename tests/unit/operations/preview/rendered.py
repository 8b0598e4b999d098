"""Markdown as GitHub reads it, as far as a test needs: what is code, and what is not."""

import re

_FENCE = re.compile(r"^ {0,3}(`{3,})([^`]*)$")


def without_fences(markdown: str) -> str:
    """The lines that are in no fenced block: https://github.github.com/gfm/#fenced-code-blocks"""
    kept: list[str] = []
    open_with = ""
    for line in markdown.split("\n"):
        found = _FENCE.match(line)
        if not open_with:
            if found:
                open_with = found[1]
            else:
                kept.append(line)
        elif found and len(found[1]) >= len(open_with) and not found[2].strip():
            open_with = ""
    assert not open_with, "a fence is never closed"
    return "\n".join(kept)


def outside_code(markdown: str) -> str:
    """The text that is Markdown or HTML: without fences, code spans and `<code>`."""
    text = without_fences(markdown)
    # A span ends at a run of as many backticks as it began with: https://github.github.com/gfm/#code-spans
    text = re.sub(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)", "", text)
    return re.sub(r"<code>[^<>\n]*</code>", "", text)


def cells(row: str) -> int:
    """How many cells a row of a table has: https://github.github.com/gfm/#tables-extension-"""
    unescaped = re.sub(r"\\[\\|`]", "", row)
    return unescaped.count("|") - 1


def tables(markdown: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in without_fences(markdown).split("\n"):
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [each for each in found if each]
