"""The parts of the one comment on a pull request: in which order they stand, how long each may be, and how one is told from the next.

What a part says is made harmless and quoted. Whatever it opens, code, HTML or a list, ends where its quote does, so that it hides nothing
of another part and passes for none; and no line of it is a delimiter, since those are not quoted:
https://github.github.com/gfm/#block-quotes, #fenced-code-blocks and #html-blocks there.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from operations.github.untrusted import harmless

MARKER = "pull-request"
"""Of the comment."""

WARNING = (
    "> [!NOTE]\n"
    "> What is quoted was made by the pull request's own code, which could have written anything there. "
    "The difference to review is the one on *Files changed*."
)

CUT = "\n\n> *Cut here: the whole of it is in the artifact of the run.*"
"""Below a quote of its own, which ends what was left open. What writes a part keeps to its limit, so that this is the last resort."""


@dataclass(frozen=True)
class Place:
    heading: str
    limit: int
    """Characters, quoted: `size` says how many a text takes. All places and what stands around them are no more than GitHub takes."""
    unmade: str
    """What is said where a run left nothing."""


def _account(stack: str) -> Place:
    return Place(f"In the account of `{stack}`", ACCOUNT_LIMIT, "No preview could be made")


PREVIEW = "preview"
EPHEMERAL = "ephemeral"

# Every stack that is affected is in it, and of a stranger's pull request it is all there is.
PREVIEW_LIMIT = 26_900
# One stack each: golden files of one (tests/local/golden) have 11,000 to 25,000, of which the biggest details go first.
ACCOUNT_LIMIT = 11_500
# Two commands, an amount and eight names.
EPHEMERAL_LIMIT = 2_500

PLACES: Mapping[str, Place] = {
    PREVIEW: Place("Without credentials", PREVIEW_LIMIT, "No preview could be made"),
    "preview-dev": _account("dev"),
    "preview-staging": _account("staging"),
    "preview-prod": _account("prod"),
    EPHEMERAL: Place("Its environment", EPHEMERAL_LIMIT, "No environment could be made, or brought up to date"),
}
"""In the order in which they are read."""

_DELIMITER = re.compile(r"^<!-- ml-platform part: ([a-z-]+) ([0-9a-f]{40}|-) ([0-9a-f]{12}) -->$", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    name: str
    commit: str | None
    """That it is of, as GitHub says; None where it is of none."""
    stamp: str
    """Of what was written, by which its writer knows it again, whatever GitHub makes of its spaces."""
    quoted: str


def part(name: str, text: str, commit: str | None) -> Part:
    """What a text is in the comment: harmless, quoted, and cut where it is longer than its place. `name` is one of PLACES."""
    quoted, limit = _quoted(text), PLACES[name].limit
    if len(quoted) > limit:
        # At the end of a line, where no tag is open that a line ends.
        quoted = quoted[: limit - len(CUT)].rpartition("\n")[0].rstrip("\n") + CUT
    stamp = hashlib.sha256(quoted.encode("utf-8", "replace")).hexdigest()[:12]
    return Part(name, commit, stamp, quoted)


def size(text: str) -> int:
    """How many characters a text takes of the limit of its part."""
    return len(_quoted(text))


def body(parts: Mapping[str, Part], head: str) -> str:
    """The comment below its marker. A part that is not of `head`, the commit that the pull request is at, says so above what it says."""
    return "\n\n".join([WARNING, *(_said(parts[name], place, head) for name, place in PLACES.items() if name in parts)])


def read(comment: str) -> dict[str, Part]:
    """The parts of a comment that `body` made, by their names; without those that no longer have a place, or fit in it."""
    pieces = _DELIMITER.split(comment.replace("\r\n", "\n"))[1:]
    parts: dict[str, Part] = {}
    for name, commit, stamp, said in zip(pieces[::4], pieces[1::4], pieces[2::4], pieces[3::4], strict=True):
        # Blank lines are between the quotes of one that was cut.
        quoted = "\n".join(line for line in said.split("\n") if not line or line.startswith(">")).strip("\n")
        if name in PLACES and len(quoted) <= PLACES[name].limit:
            parts[name] = Part(name, None if commit == "-" else commit, stamp, quoted)
    return parts


def stamps(comment: str) -> list[str]:
    """By which two comments are compared: which parts are in them, as whom wrote them."""
    return [found[0] for found in _DELIMITER.finditer(comment.replace("\r\n", "\n"))]


def _said(part: Part, place: Place, head: str) -> str:
    commit = "-" if part.commit is None else part.commit
    lines = [f"<!-- ml-platform part: {part.name} {commit} {part.stamp} -->\n## {place.heading}"]
    if part.commit == head:
        lines.append(f"Of commit {commit}:")
    elif part.commit is not None:
        lines.append(f"**Of an older commit**, {commit}, and not of what the pull request is now:")
    return "\n\n".join([*lines, part.quoted])


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in harmless(text).strip().split("\n"))
