"""The gaps as `python -m localcloud gaps` shows them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

from localcloud.aws.facts import facts
from localcloud.aws.gaps import KINDS, NOT_CHANGED, NOT_KEPT, NOT_READ, emulator, gaps, verified
from localcloud.aws.rows import ROWS
from localcloud.aws.wired import wired

_COLUMNS = (NOT_KEPT, NOT_READ, NOT_CHANGED)


def text(types: Sequence[str]) -> str:
    """A table with a line per type, then every gap with its reason."""
    found = [gap for gap in gaps() if gap.type in types]
    counts = Counter((gap.type, gap.kind) for gap in found)
    lines = [
        f"Against {emulator()}. Verified: tests read it back, or see its effect. Any other property is refused by name.",
        *(f"{kind}: {meaning}." for kind, meaning in KINDS.items()),
        "",
        f"{'':<52}{'verified':>12}" + "".join(f"{kind:>16}" for kind in _COLUMNS),
    ]
    for type in types:
        sent = wired(ROWS[type], facts(type))
        name = type.removeprefix("aws:").rpartition(":")[0]
        lines.append(f"{name:<52}{f'{len(verified(type))} of {len(sent)}':>12}" + "".join(f"{counts[type, kind]:>16}" for kind in _COLUMNS))
    for type, of_type in groupby(found, key=lambda gap: gap.type):
        lines += ["", type, *(f"  {gap.path} ({gap.kind}): {gap.reason}" for gap in of_type)]
    return "\n".join(lines)


def as_json(types: Sequence[str]) -> str:
    """Each gap of these types as an object with the fields of a Gap."""
    return json.dumps([asdict(gap) for gap in gaps() if gap.type in types])
