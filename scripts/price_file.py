"""The file of dated prices, planning/prices.json: how answers of AWS are put into it, and how it is written."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Found: TypeAlias = Mapping[str, Any]
"""A price as the file has it: usd (text), unit, published, source."""
Region: TypeAlias = Mapping[str, Found]
PriceFile: TypeAlias = Mapping[str, Any]


def read(path: Path) -> PriceFile:
    content: PriceFile = json.loads(path.read_text(encoding="utf-8"))
    return content


def rendered(content: PriceFile) -> str:
    """The file's text: one line per price, so that a change of one shows as one."""
    about = ",\n".join(f"    {json.dumps(line)}" for line in content["about"])
    regions = ",\n".join(f"    {json.dumps(name)}: {_region(content['regions'][name])}" for name in sorted(content["regions"]))
    return f'{{\n  "about": [\n{about}\n  ],\n  "regions": {{\n{regions}\n  }}\n}}\n'


def write(path: Path, content: PriceFile) -> None:
    """Replaces the file at once: whoever reads it has the old one or the new one."""
    draft = path.with_suffix(".draft")
    draft.write_text(rendered(content), encoding="utf-8")
    draft.replace(path)


def differences(region: str, known: Region, now: Region) -> Iterator[str]:
    """A line for each amount that changes or is new."""
    for name in sorted(now):
        before, after = known.get(name), now[name]
        if before is None:
            yield f"{region}: {name}: new: {after['usd']} USD per {after['unit']}"
        elif (before["usd"], before["unit"]) != (after["usd"], after["unit"]):
            yield f"{region}: {name}: {before['usd']} per {before['unit']} -> {after['usd']} USD per {after['unit']}"


def _region(prices: Region) -> str:
    lines = ",\n".join(f"      {json.dumps(name)}: {json.dumps(prices[name])}" for name in sorted(prices))
    return f"{{\n{lines}\n    }}"
