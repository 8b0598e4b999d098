"""Keeping a comment within its limit: what must be said is kept, details go whole, the biggest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

ARTIFACT = "preview.json"

Size = Callable[[str], int]
"""How much room a text takes where it is posted. Of two with a blank line between it is the sum of theirs and of that line's."""

_BETWEEN = "\n\n"


@dataclass(frozen=True)
class Part:
    """One block of a comment. What has the highest rank goes first; rank 0 is kept."""

    text: str
    rank: int = 0


def within(parts: Sequence[Part], limit: int, size: Size = len) -> str:
    """The parts, without as many as are too much for `limit`, of which a text takes `size`, and how many those are."""
    left = size(_text(parts, 0))
    if left <= limit:
        return _text(parts, 0)
    between = size(f"a{_BETWEEN}a") - 2 * size("a")
    left += size(_note(len(parts))) + between
    # The first part is never left out; of what is kept, the last goes first.
    order = sorted(range(1, len(parts)), key=lambda at: (parts[at].rank, len(parts[at].text) if parts[at].rank else -at), reverse=True)
    gone: set[int] = set()
    for at in order:
        if left <= limit:
            break
        gone.add(at)
        left -= size(parts[at].text) + between
    return _text([part for at, part in enumerate(parts) if at not in gone], len(gone))


def _text(parts: Sequence[Part], dropped: int) -> str:
    texts = [each.text for each in parts]
    return _BETWEEN.join([*texts[:1], _note(dropped), *texts[1:]] if dropped else texts) + "\n"


def _note(dropped: int) -> str:
    what = "1 part of this comment was" if dropped == 1 else f"{dropped:,} parts of this comment were"
    return f"*{what} left out, the biggest first, as GitHub limits its size: `{ARTIFACT}`, an artifact of this run, has it all.*"
