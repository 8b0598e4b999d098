"""Keeping a comment within its limit: what must be said is kept, details go whole, the biggest first."""

from collections.abc import Sequence
from dataclasses import dataclass

ARTIFACT = "preview.json"

_BETWEEN = "\n\n"


@dataclass(frozen=True)
class Part:
    """One block of a comment. What has the highest rank goes first; rank 0 is kept."""

    text: str
    rank: int = 0


def within(parts: Sequence[Part], limit: int) -> str:
    """The parts, without as many as are too much for `limit` characters, and how many those are."""
    size = len(_text(parts, 0))
    if size <= limit:
        return _text(parts, 0)
    size += len(_note(len(parts))) + len(_BETWEEN)
    # The first part is never left out; of what is kept, the last goes first.
    order = sorted(range(1, len(parts)), key=lambda at: (parts[at].rank, len(parts[at].text) if parts[at].rank else -at), reverse=True)
    gone: set[int] = set()
    for at in order:
        if size <= limit:
            break
        gone.add(at)
        size -= len(parts[at].text) + len(_BETWEEN)
    return _text([part for at, part in enumerate(parts) if at not in gone], len(gone))


def _text(parts: Sequence[Part], dropped: int) -> str:
    texts = [each.text for each in parts]
    return _BETWEEN.join([*texts[:1], _note(dropped), *texts[1:]] if dropped else texts) + "\n"


def _note(dropped: int) -> str:
    what = "1 part of this comment was" if dropped == 1 else f"{dropped:,} parts of this comment were"
    return f"*{what} left out, the biggest first, as GitHub limits its size: `{ARTIFACT}`, an artifact of this run, has it all.*"
