"""A bill as people read it, and as programs do: amounts are text in US dollars, exact in JSON and to the cent in the table."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, TypeAlias

from planning.charges import Usage
from planning.cost import NOT_COUNTED, Bill
from planning.prices import HOURS_PER_MONTH, dates

Document: TypeAlias = Mapping[str, Any]


def as_document(stack: str, region: str, bill: Bill, earlier: Bill | None, usage: Usage, stated: frozenset[str]) -> Document:
    """The bill, with the one before it where there is one; `stated` are the settings of the usage that the stack file says itself."""
    return {
        "stack": stack,
        "region": region,
        "prices_published": dates(line.price for line in bill.lines),
        "usd_per_hour": f"{bill.usd_per_hour:.4f}",
        "usd_per_month": _exact(bill.usd_per_month),
        "before_usd_per_month": None if earlier is None else _exact(earlier.usd_per_month),
        "tiers": {name: _exact(usd) for name, usd in bill.tiers.items()},
        "before_tiers": None if earlier is None else {name: _exact(usd) for name, usd in earlier.tiers.items()},
        "lines": [
            {
                "tier": line.tier,
                "resource": line.resource,
                "what": line.what,
                "quantity": _exact(line.quantity),
                "unit": line.price.unit,
                "usd": _exact(line.price.usd),
                "usd_per_month": _exact(line.usd_per_month),
                "published": None if line.price.published is None else f"{line.price.published}",
                "source": line.price.source,
            }
            for line in bill.lines
        ],
        "unpriced": [asdict(each) for each in bill.unpriced],
        "usage": {name: {"value": value, "from": "stack file" if name in stated else "default"} for name, value in asdict(usage).items()},
        "not_counted": list(NOT_COUNTED),
    }


def as_text(document: Document) -> str:
    return "\n".join(_lines(document))


def _lines(document: Document) -> Iterator[str]:
    yield f"{document['stack']} in {document['region']}: US dollars, on demand; prices published {document['prices_published']}"
    yield ""
    yield from _by_tier(document)
    yield ""
    for line in document["lines"]:
        amount = f"{_quantity(line['quantity'])} {line['unit']} x {line['usd']}"
        yield f"  {line['tier']:<13} {line['resource']:<28} {line['what']:<32} {amount:<28} {Decimal(line['usd_per_month']):>10.2f}"
    yield ""
    yield from _unpriced(document["unpriced"])
    yield "Assumed (`usage` in the stack file):"
    for name, each in document["usage"].items():
        yield f"  {name} = {each['value'] or (0 if each['value'] == 0 else 'none')} ({each['from']})"
    yield "Not counted:"
    yield from (f"  {each}" for each in document["not_counted"])


def _by_tier(document: Document) -> Iterator[str]:
    missing = Counter(each["tier"] for each in document["unpriced"])
    tiers: Mapping[str, str] = document["tiers"]
    earlier: Mapping[str, str] | None = document["before_tiers"]
    names: list[str] = sorted({*tiers, *(earlier or {})})
    before = " month before   difference" if earlier is not None else ""
    yield f"{'':<14}{'USD/hour':>10}{'USD/month':>12}{before}"
    rows = [(name, Decimal(tiers.get(name, 0)), Decimal((earlier or {}).get(name, 0)), missing[name]) for name in names]
    total = (Decimal(document["usd_per_month"]), Decimal(document["before_usd_per_month"] or 0))
    for name, usd, was, count in [*rows, ("total", *total, len(document["unpriced"]))]:
        compared = f"{was:>13.2f}{usd - was:>+13.2f}" if earlier is not None else ""
        # A tier of which something has no price costs more than it says.
        more = f"   + {count} unpriced" if count else ""
        yield f"{name:<14}{usd / HOURS_PER_MONTH:>10.4f}{usd:>12.2f}{compared}{more}"


def _unpriced(found: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if not found:
        return
    yield f"Unpriced, and not in the total ({len(found)}); scripts/refresh_prices.py asks AWS for prices:"
    alike: dict[tuple[str, str, str], list[str]] = {}
    for each in found:
        alike.setdefault((each["tier"], each["what"], each["reason"]), []).append(each["resource"])
    for (tier, what, reason), names in alike.items():
        yield f"  {tier:<13} {', '.join(names)}: {what}: {reason}"


def _quantity(value: str) -> str:
    return f"{Decimal(value):,.2f}".rstrip("0").rstrip(".")


def _exact(value: Decimal) -> str:
    return f"{value.normalize():f}"
