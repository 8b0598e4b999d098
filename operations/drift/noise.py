"""The explicit list of what is no drift: noise.yaml."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from operations.drift.reading import Difference

FILE = Path(__file__).with_name("noise.yaml")

_KEYS = {"type", "property", "reason", "same_parts"}


class NoNoise(ValueError):
    """The list has an entry that says too little, or too much."""


@dataclass(frozen=True)
class Noise:
    """One property of one type that differs by itself. Of versions, only while the first `same_parts` of their numbers are the same."""

    type: str
    property: str
    reason: str
    same_parts: int | None = None

    def hides(self, found: Difference) -> bool:
        """Never that a resource is gone."""
        inside = re.fullmatch(re.escape(self.property) + r"([.\[].*)?", found.path)
        if found.is_deletion or found.type != self.type or not inside:
            return False
        return self.same_parts is None or self._same_release(found)

    def _same_release(self, found: Difference) -> bool:
        if found.in_state is None or found.in_cloud is None:
            return False
        before, after = (each.strip('"').split(".")[: self.same_parts] for each in (found.in_state, found.in_cloud))
        return before == after and len(before) == self.same_parts


def read(path: Path = FILE) -> list[Noise]:
    """Raises NoNoise."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return [_entry(each, path.name) for each in entries]


def split(found: Sequence[Difference], known: Sequence[Noise]) -> tuple[list[Difference], list[tuple[Difference, Noise]]]:
    """What is drift, and what is known noise, with the entry that says so."""
    hidden = {each: noise for each in found for noise in known if noise.hides(each)}
    return [each for each in found if each not in hidden], list(hidden.items())


def _entry(given: dict[str, Any], file: str) -> Noise:
    missing, unknown = {"type", "property", "reason"} - given.keys(), given.keys() - _KEYS
    if missing or unknown:
        raise NoNoise(f"{file}: got an entry with {sorted(given)}; expected type, property, reason and perhaps same_parts; correct it")
    return Noise(given["type"], given["property"], " ".join(given["reason"].split()), given.get("same_parts"))
