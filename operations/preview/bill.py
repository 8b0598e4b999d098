"""What a change costs by the month, out of what scripts/cost.py says of a preview."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from operations.preview.changes import changes
from operations.preview.document import Document, StackPreview
from operations.preview.markdown import code, details, fence, html_code, table, word
from scripts.bill_text import as_text

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Bill:
    """US dollars by the month. What is unpriced is in neither."""

    before: Decimal
    after: Decimal
    unpriced: int
    unpriced_changes: int
    """Of the unpriced, those of resources that change."""

    @property
    def difference(self) -> Decimal:
        return self.after - self.before

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def bill(preview: StackPreview) -> Bill | None:
    """None where it is unknown."""
    if preview.cost is None:
        return None
    after, before = preview.cost["usd_per_month"], preview.cost["before_usd_per_month"]
    changing = {(each.tier, each.name) for each in changes(preview.engine)}
    unpriced = preview.cost["unpriced"]
    of_changes = sum((_words(each["tier"]), each["resource"]) in changing for each in unpriced)
    return Bill(Decimal(before or 0), Decimal(after), len(unpriced), of_changes)


def total(previews: Sequence[StackPreview]) -> Bill | None:
    """The bills that are known, together; None where none is."""
    found = [each for each in map(bill, previews) if each]
    return sum(found[1:], found[0]) if found else None


def amount(usd: Decimal) -> str:
    return f"{usd:,.2f}"


def difference(usd: Decimal) -> str:
    return f"{usd:+,.2f}" if abs(usd) >= _CENT else "0.00"


def sentence(found: Bill) -> str:
    """`USD 40.50 → 73.00 a month (+32.50), without 2 unpriced charges (1 of what changes)`."""
    of_changes = f" ({found.unpriced_changes} of what changes)" if found.unpriced_changes else ""
    unpriced = f", without {found.unpriced} unpriced charge{'s' if found.unpriced > 1 else ''}{of_changes}" if found.unpriced else ""
    if abs(found.difference) < _CENT:
        return f"USD {amount(found.after)} a month as before{unpriced}"
    return f"USD {amount(found.before)} → {amount(found.after)} a month ({difference(found.difference)}){unpriced}"


def section(preview: StackPreview) -> Iterator[str]:
    """What there is to say of one stack's costs, and the details of it."""
    found = bill(preview)
    if found is None or preview.cost is None:
        yield f"Cost: unknown: {code(preview.cost_unknown or 'no reason was given')}"
        return
    yield f"Cost: {sentence(found)}."
    by_tier = "\n\n".join([_by_tier(preview.cost), *_unpriced(preview.cost)])
    yield details(f"Cost of {html_code(preview.stack)} by tier, and what is unpriced", by_tier)
    yield details(f"Cost of {html_code(preview.stack)}, line by line", fence(as_text(preview.cost).splitlines()))


def _by_tier(cost: Document) -> str:
    before, after = cost["before_tiers"] or {}, cost["tiers"]
    amounts = {name: (Decimal(before.get(name, 0)), Decimal(after.get(name, 0))) for name in sorted({*before, *after})}
    rows = [(word(_words(name)), amount(was), amount(is_), difference(is_ - was)) for name, (was, is_) in amounts.items()]
    return table(("tier", "USD a month before", "after", "difference"), rows, numbers_from=1)


def _unpriced(cost: Document) -> Iterator[str]:
    alike = Counter((each["what"], each["reason"]) for each in cost["unpriced"])
    if alike:
        lines = [f"- {count} × {word(what)}: {code(reason)}" for (what, reason), count in alike.items()]
        yield "\n".join(("Unpriced, and not in any amount:", "", *lines))


def _words(tier: str) -> str:
    """`FeatureStore` as the tier is called in the picture."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tier).lower()
