"""What the local AWS does not prove: properties that are accepted and not verified, changes that it does not make."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

from localcloud.aws.compare import within
from localcloud.aws.facts import Property, facts
from localcloud.aws.row import Effect, Row
from localcloud.aws.rows import ROWS
from localcloud.aws.wired import property_at, wired
from localcloud.instance import CHECKOUT

ABSENT, NOT_KEPT, NOT_READ = "held in Pulumi's state only", "not kept", "not read"
NOT_HEEDED = "not heeded"
NOT_CHANGED, UNCERTAIN, STAND_IN = "change refused", "replacement not known", "stand-in"

EVERYTHING = "the whole type"

KINDS = {
    ABSENT: "the emulator has no such type: its requests are held against AWS's model, and none is sent",
    NOT_KEPT: "sent, then held in Pulumi's state only: the emulator does not return what it was given",
    NOT_READ: "sent, and nothing shows that it was heeded: AWS itself never returns it",
    NOT_HEEDED: "read back as it was given, and the emulator does something else",
    NOT_CHANGED: "verified when it is created; a change is refused here, where AWS makes it in place",
    UNCERTAIN: "verified, but it is not known whether a change replaces the resource: it is previewed as an update",
    STAND_IN: "an output that is not what AWS would return",
}


@dataclass(frozen=True)
class Gap:
    """A property that nothing here may rest on, or only in part: `kind` is one of KINDS. `path` is EVERYTHING for a whole type."""

    type: str
    path: str
    kind: str
    reason: str


@cache
def emulator() -> str:
    """The emulator and its version, such as `ministack 1.5.33`, from requirements/emulator.in."""
    found = re.search(r"^([\w.-]+)==(\S+)$", (CHECKOUT / "requirements" / "emulator.in").read_text(), re.MULTILINE)
    if found is None:
        raise ValueError("requirements/emulator.in pins no emulator: one line NAME==VERSION is needed")
    return f"{found[1]} {found[2]}"


def gaps() -> list[Gap]:
    """Every gap of every row, by type, kind and path."""
    return [gap for type in sorted(ROWS) for gap in _gaps_of(type)]


def verified(type: str) -> frozenset[str]:
    """The paths that the row sends and that tests read back from the emulator, or see the effect of."""
    if ROWS[type].absent:
        return frozenset()
    lost = (*ROWS[type].not_kept, *_never_seen(ROWS[type]))
    return frozenset(path for path in wired(ROWS[type], facts(type)) if not any(within(path, each) for each in lost))


def accepted_not_verified(resources: Iterable[tuple[str, dict[str, Any]]]) -> list[Gap]:
    """The gaps in what is accepted that these resources, given as (type, inputs), really use; each once per resource."""
    known: dict[str, list[Gap]] = {}
    for gap in (each for each in gaps() if each.kind in {ABSENT, NOT_KEPT, NOT_READ, NOT_HEEDED}):
        paths = sorted(facts(gap.type).inputs) if gap.path == EVERYTHING else [gap.path]
        known.setdefault(gap.type, []).extend(replace(gap, path=path) for path in paths)
    return [gap for type, inputs in resources for gap in known.get(type, []) if _given(inputs, gap.path)]


def _gaps_of(type: str) -> list[Gap]:
    row = ROWS[type]
    if row.absent:
        return [Gap(type, EVERYTHING, ABSENT, row.absent)]
    stated = [(NOT_KEPT, row.not_kept), (NOT_CHANGED, row.not_changed), (STAND_IN, row.stand_ins)]
    reasons = {kind: {path: each.reason for path, each in entries.items()} for kind, entries in stated}
    reasons[NOT_READ] = _never_seen(row)
    reasons[NOT_HEEDED] = dict(row.not_heeded)
    reasons[UNCERTAIN] = dict.fromkeys(
        (path for path in wired(row, facts(type)) if _is_uncertain(type, path)), "not in the provider's source that was read"
    )
    return [Gap(type, path, kind, reason) for kind in KINDS for path, reason in sorted(reasons.get(kind, {}).items())]


def _never_seen(row: Row) -> dict[str, str]:
    return {path: why for path, why in row.unread.items() if not isinstance(why, Effect)}


def _is_uncertain(type: str, path: str) -> bool:
    parts = path.split(".")
    above = [property_at(facts(type).inputs, ".".join(parts[: index + 1])) for index in range(len(parts))]
    known = [each for each in above if isinstance(each, Property)]
    return any(each.uncertain for each in known) and not any(each.force_new for each in known)


def _given(inputs: dict[str, Any], path: str) -> bool:
    value: Any = inputs
    for part in path.split("."):
        if not isinstance(value, dict) or part not in value:
            return False
        value = cast("dict[str, Any]", value)[part]
    return value is not None
