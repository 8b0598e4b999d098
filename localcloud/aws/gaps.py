"""What the local AWS does not prove: properties that are accepted, and not verified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from localcloud.aws.rows import ROWS

EMULATOR = "ministack 1.5.33"


@dataclass(frozen=True)
class Gap:
    """A property that nothing here may rest on.

    `not kept`: sent, then held in Pulumi's state only, because the emulator does not return what it was given.
    `stand-in`: an output that is not what AWS would return.
    """

    type: str
    path: str
    kind: str
    reason: str


def gaps() -> list[Gap]:
    """Every gap of every row, in order."""
    kinds = (("not kept", "not_kept"), ("stand-in", "stand_ins"))
    return [
        Gap(type, path, kind, reason)
        for type, row in sorted(ROWS.items())
        for kind, attribute in kinds
        for path, reason in sorted(getattr(row, attribute).items())
    ]


def accepted_not_verified(resources: Iterable[tuple[str, dict[str, Any]]]) -> list[Gap]:
    """The gaps that these resources, given as (type, inputs), really use; each once per resource."""
    known: dict[str, list[Gap]] = {}
    for gap in (each for each in gaps() if each.kind == "not kept"):
        known.setdefault(gap.type, []).append(gap)
    return [gap for type, inputs in resources for gap in known.get(type, []) if _given(inputs, gap.path)]


def _given(inputs: dict[str, Any], path: str) -> bool:
    value: Any = inputs
    for part in path.split("."):
        if not isinstance(value, dict) or part not in value:
            return False
        value = cast("dict[str, Any]", value)[part]
    return value is not None
