"""Keeping a comment within its limit: what must be said is kept, details go whole, the biggest first."""

from collections.abc import Sequence
from dataclasses import dataclass

ARTIFACT = "preview.json"


@dataclass(frozen=True)
class Part:
    """One block of a comment. What has the highest rank goes first; rank 0 is kept."""

    text: str
    rank: int = 0


def within(parts: Sequence[Part], limit: int) -> str:
    """The parts, without as many as are too much for `limit` characters, and how many those are."""
    left, dropped = list(parts), 0
    while _size(left, dropped) > limit and (optional := [each for each in left if each.rank]):
        left.remove(max(optional, key=lambda each: (each.rank, len(each.text))))
        dropped += 1
    while _size(left, dropped) > limit and len(left) > 1:
        left.pop()
        dropped += 1
    return _text(left, dropped)


def _size(parts: Sequence[Part], dropped: int) -> int:
    return len(_text(parts, dropped))


def _text(parts: Sequence[Part], dropped: int) -> str:
    texts = [each.text for each in parts]
    if dropped:
        what = "1 part of this comment was" if dropped == 1 else f"{dropped} parts of this comment were"
        texts.insert(
            1, f"*{what} left out, the biggest first, as GitHub limits its size: `{ARTIFACT}`, an artifact of this run, has it all.*"
        )
    return "\n\n".join(texts) + "\n"
