"""The one issue per stack that a job keeps up to date, and how what jobs wrote is found: by a marker that readers do not see."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from operations.github.client import Github, Item, NotSaid, Unsure

BOT = "github-actions[bot]"
"""Who writes with the token of a job: only what it wrote itself is edited, whoever wrote the marker elsewhere."""
LONGEST_BODY = 65_536
"""Characters of a comment or an issue that GitHub takes; one more is answered with 422:
https://github.com/danger/danger/issues/424."""

_MARKER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LOOKS = 3


class Superseded(NotSaid):
    """What was to be said is of no use any more, and nothing has failed."""


@dataclass(frozen=True)
class Posted:
    url: str
    number: int | None
    """Of the issue; None for a comment."""
    made: bool
    """Now, rather than edited in place."""


def marked(marker: str, text: str) -> str:
    """The text as it is posted. Raises NotSaid for a marker that would not stay one, and for a text that GitHub would not take."""
    if not _MARKER.fullmatch(marker):
        raise NotSaid(f"got marker {marker!r}; expected up to 40 lower-case letters, digits and hyphens; choose another")
    body = f"{_first_line(marker)}\n{text.strip()}\n"
    if not text.strip():
        raise NotSaid("got an empty text; expected Markdown; what wrote it has failed, and said why")
    if len(body) > LONGEST_BODY:
        raise NotSaid(f"got {len(body):,} characters, the marker among them; expected at most {LONGEST_BODY:,}; cut the text")
    return body


def put_issue(github: Github, label: str, marker: str, title: str, text: str) -> Posted:
    """Opens the issue with the label and the marker, or edits the one that is open. Raises NotSaid."""
    said = {"title": title, "body": marked(marker, text)}
    # What may have been made is looked for before it is made again: there is never a second one.
    for look in range(1, _LOOKS + 1):
        found = next(_open_issues(github, label, marker), None)
        if found is not None:
            return _posted(github.change(f"issues/{int(found['number'])}", said), made=False)
        try:
            return _posted(github.make("issues", {**said, "labels": [label]}), made=True)
        except Unsure:
            if look == _LOOKS:
                raise
    raise AssertionError


def close_issue(github: Github, label: str, marker: str) -> int | None:
    """Closes the issue that is open, and returns its number; None where there is none. Raises NotSaid."""
    found = next(_open_issues(github, label, marker), None)
    if found is None:
        return None
    github.change(f"issues/{int(found['number'])}", {"state": "closed", "state_reason": "completed"})
    return int(found["number"])


def _open_issues(github: Github, label: str, marker: str) -> Iterator[Item]:
    # Oldest first, so that of two the same one is always taken. Pull requests are listed among issues.
    listed = github.pages("issues", labels=label, state="open", sort="created", direction="asc")
    return (each for each in with_marker(marker, listed) if "pull_request" not in each)


def with_marker(marker: str, posts: Iterable[Item]) -> Iterator[Item]:
    """Those of them that a job wrote, with the marker in their first line."""
    for each in posts:
        body: str = each.get("body") or ""
        # GitHub gives lines back with CRLF where somebody edited them in a browser.
        if (each.get("user") or {}).get("login") == BOT and body.partition("\n")[0].rstrip() == _first_line(marker):
            yield each


def _posted(item: Item, *, made: bool) -> Posted:
    return Posted(item["html_url"], item.get("number"), made)


def _first_line(marker: str) -> str:
    return f"<!-- ml-platform: {marker} -->"
