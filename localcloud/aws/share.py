"""How much of what a program registers is verified: of its own properties, those that are read back from the local AWS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from localcloud.aws.compare import within
from localcloud.aws.facts import Property, facts
from localcloud.aws.gaps import verified
from localcloud.aws.rows import ROWS
from localcloud.aws.wired import wired

# Of the development environment: the share in per cent, then each property that is not verified, as TYPE PATH. A test fails when a
# property is not verified that is not in it, and when one is that is.
COMMITTED = Path(__file__).parent / "verified_share.txt"


@dataclass(frozen=True)
class Share:
    """Different properties, each counted once per type and path of one or two names, however many resources give it."""

    verified: frozenset[tuple[str, str]]
    unverified: frozenset[tuple[str, str]]

    @property
    def percent(self) -> float:
        """Rounded to 0.1; 100 when nothing is registered."""
        count = len(self.verified) + len(self.unverified)
        return round(100 * len(self.verified) / count, 1) if count else 100.0

    def committed(self) -> str:
        """What COMMITTED is to hold."""
        return "\n".join([str(self.percent), *(f"{type} {path}" for type, path in sorted(self.unverified))]) + "\n"

    def __str__(self) -> str:
        return f"verified {len(self.verified)} of {len(self.verified) + len(self.unverified)} properties ({self.percent} %)"


def share(resources: Iterable[dict[str, Any]]) -> Share:
    """`resources` as `pulumi stack export` has them; those of other providers are left out."""
    given = {
        (each["type"], path)
        for each in resources
        if each.get("custom") and each["type"].startswith("aws:")
        for path in _paths(each["type"], each.get("inputs", {}))
    }
    proved = frozenset((type, path) for type, path in given if _is_verified(type, path))
    return Share(proved, frozenset(given) - proved)


def _paths(type: str, inputs: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    known = facts(type).inputs
    for name, value in inputs.items():
        if name.startswith("__") or value is None:
            continue
        members = _members(known[name], value) if name in known else set()
        found |= {f"{name}.{member}" for member in members} or {name}
    return found


def _members(fact: Property, value: Any) -> set[str]:
    properties = fact.item.properties if fact.item is not None else fact.properties
    items: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
    return {name for item in items if isinstance(item, dict) for name in cast("dict[str, Any]", item) if name in properties}


def _is_verified(type: str, path: str) -> bool:
    if type not in ROWS:
        return False
    below = {each for each in wired(ROWS[type], facts(type)) if within(each, path)}
    return bool(below) and below <= verified(type)
