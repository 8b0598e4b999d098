"""What AWS charges, on demand and without discounts, in US dollars and before taxes: a snapshot, planning/prices.json.

A price is found by its region and its name: the service, the usage type without the region in front of it, and the engine where the
usage type does not say it, all as AWS's price list has them. `scripts/refresh_prices.py` asks AWS for them again.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

FILE = Path(__file__).with_suffix(".json")

# A month as AWS's own calculator has it: https://calculator.aws/.
HOURS_PER_MONTH = Decimal(730)


@dataclass(frozen=True, kw_only=True)
class Price:
    """What one unit costs. `published` is the day of the price list it is from; None: its source does not say."""

    usd: Decimal
    unit: str
    published: date | None
    source: str


Prices: TypeAlias = Mapping[str, Price]
"""The prices of one region, by name: `AmazonEC2 NatGateway-Hours`."""


def name(service: str, usage_type: str, engine: str = "") -> str:
    """The name of a price. An engine: `MySQL`, `Valkey`."""
    return " ".join(part for part in (service, usage_type, engine) if part)


def read(file: Path = FILE) -> Mapping[str, Prices]:
    """The prices of each region."""
    regions: Mapping[str, Mapping[str, Mapping[str, Any]]] = json.loads(file.read_text(encoding="utf-8"))["regions"]
    return {region: {each: _price(found) for each, found in prices.items()} for region, prices in regions.items()}


def dates(prices: Iterable[Price]) -> str:
    """From when prices are: a day, a span, and whether there are some whose day nobody knows."""
    known, undated = set[date](), False
    for price in prices:
        if price.published is None:
            undated = True
        else:
            known.add(price.published)
    span = "" if not known else f"{min(known)}" if len(known) == 1 else f"{min(known)} to {max(known)}"
    return " and ".join(part for part in (span, "some undated" if undated else "") if part) or "none"


def _price(found: Mapping[str, Any]) -> Price:
    published = None if found["published"] is None else date.fromisoformat(found["published"])
    return Price(usd=Decimal(found["usd"]), unit=found["unit"], published=published, source=found["source"])
