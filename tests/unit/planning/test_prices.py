"""The committed snapshot of prices."""

from datetime import date
from decimal import Decimal

import pytest

from planning import prices
from planning.prices import FILE, Price
from scripts import price_file
from scripts.price_questions import questions

KNOWN = prices.read()
EVERY = [pytest.param(price, id=f"{region} {name}") for region, known in KNOWN.items() for name, price in known.items()]


def price(published: date | None) -> Price:
    return Price(usd=Decimal(1), unit="Hrs", published=published, source="")


def test_the_committed_file_is_as_a_refresh_would_write_it() -> None:
    assert FILE.read_text(encoding="utf-8") == price_file.rendered(price_file.read(FILE))


@pytest.mark.parametrize("found", EVERY)
def test_a_price_is_more_than_nothing_and_has_a_source(found: Price) -> None:
    assert found.usd > 0
    assert found.source


@pytest.mark.parametrize("region", KNOWN)
def test_a_refresh_asks_for_every_price_that_is_known(region: str) -> None:
    assert KNOWN[region].keys() <= {question.name for question in questions(["m6i.xlarge", "m7g.xlarge"])}


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ([date(2026, 9, 1)], "2026-09-01"),
        ([date(2026, 9, 22), date(2026, 8, 31)], "2026-08-31 to 2026-09-22"),
        ([date(2026, 9, 1), None], "2026-09-01 and some undated"),
        ([None], "some undated"),
        ([], "none"),
    ],
)
def test_the_days_of_prices_are_said_with_those_that_nobody_knows(published: list[date | None], said: str) -> None:
    assert prices.dates(map(price, published)) == said
