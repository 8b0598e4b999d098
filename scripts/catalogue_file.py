"""The file of dated facts, planning/catalogue.json: how answers of AWS are put into it, and how it is written."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Fact: TypeAlias = Mapping[str, Any]
Facts: TypeAlias = Mapping[str, Fact]
Section: TypeAlias = Mapping[str, Any]
Catalogue: TypeAlias = Mapping[str, Section]

_MAY_BE_UNKNOWN: Mapping[str, tuple[str, ...]] = {
    "eks": ("standard_support_ends",),
    "valkey": ("standard_support_ends",),
    "db_instance_classes": ("vcpus", "memory_gib"),
    "cache_node_types": ("memory_gib",),
}
"""Properties that an answer may lack, by section: what is known stays, and a new entry has null."""

_ASKED = "asked of AWS: "


def merged(section: str, known: Facts, answered: Facts) -> dict[str, Fact]:
    """The facts of a section with the answers in them. What AWS does not name stays: it may have it elsewhere, or have had it."""
    both = dict(known)
    for name, answer in answered.items():
        if section == "regions":
            both[name] = _region(known.get(name), answer)
        else:
            unknown = dict.fromkeys(_MAY_BE_UNKNOWN.get(section, ()))
            both[name] = {**unknown, **known.get(name, {}), **answer}
    return both


def _region(known: Fact | None, answer: Fact) -> Fact:
    """One account's answer does not say what others have: of a region that is new, or that has fewer zones here, they may differ."""
    zones = set(answer["zones"])
    if known is None:
        return {"zones": sorted(zones), "accounts_differ": True}
    lacking = set(known["zones"]) - zones
    return {"zones": sorted(zones | lacking), "accounts_differ": bool(known["accounts_differ"] or lacking)}


def differences(section: str, known: Facts, now: Facts) -> Iterator[str]:
    """A line for each fact that changes."""
    for name in sorted(now, key=_natural):
        if name not in known:
            yield f"{section}: {name}: new: {_line(now[name])}"
        elif dict(now[name]) != dict(known[name]):
            yield f"{section}: {name}: {_line(known[name])} -> {_line(now[name])}"


def dated(section: Section, facts: Facts, *, read_on: str, asked: str) -> Section:
    """The section as it was read that day. Its other sources stay: some of its facts are still from there."""
    sources = [source for source in section["sources"] if not source.startswith(_ASKED)]
    return {"read_on": read_on, "sources": [*sources, f"{_ASKED}{asked}"], "facts": facts}


def rendered(catalogue: Catalogue) -> str:
    """The file's text: one line per fact, so that a change of one shows as one, and versions and types in their natural order."""
    return "{\n" + ",\n".join(f"  {_line(name)}: {_section(section)}" for name, section in catalogue.items()) + "\n}\n"


def _section(section: Section) -> str:
    sources = ",\n".join(f"      {_line(source)}" for source in section["sources"])
    facts = ",\n".join(f"      {_line(name)}: {_line(section['facts'][name])}" for name in sorted(section["facts"], key=_natural))
    return f'{{\n    "read_on": {_line(section["read_on"])},\n    "sources": [\n{sources}\n    ],\n    "facts": {{\n{facts}\n    }}\n  }}'


def write(path: Path, catalogue: Catalogue) -> None:
    """Replaces the file at once: whoever reads it has the old one or the new one."""
    draft = path.with_suffix(".draft")
    draft.write_text(rendered(catalogue), encoding="utf-8")
    draft.replace(path)


def read(path: Path) -> Catalogue:
    catalogue: Catalogue = json.loads(path.read_text(encoding="utf-8"))
    return catalogue


def _line(value: object) -> str:
    return json.dumps(value)


def _natural(name: str) -> list[tuple[int, str]]:
    """`1.9` before `1.10`, and `2xlarge` before `12xlarge`."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]
