"""The committed snapshot of prices."""

import re
from datetime import date
from decimal import Decimal

import pytest

from planning import prices
from planning.prices import FILE, Price
from scripts import price_file
from scripts.price_questions import questions

KNOWN = prices.read()
EVERY = [pytest.param(price, id=f"{region} {name}") for region, known in KNOWN.items() for name, price in known.items()]

PLACED = [pytest.param(region, price, id=f"{region} {name}") for region, known in KNOWN.items() for name, price in known.items()]

# The address of a price list: `current` or the second of its publication, then the region, unless it is of all regions.
LIST = re.compile(
    r"https://pricing\.us-east-1\.amazonaws\.com/offers/v1\.0/aws/\w+/"
    r"(?:current|(?P<day>\d{8})\d{6})/(?:(?P<region>[a-z0-9-]+)/)?index\.(?:json|csv)"
)
PAGE = re.compile(r"https://(?:aws\.amazon\.com|b0\.p\.awsstatic\.com)/\S+")
ANSWER = re.compile(r"AWS Price List API, GetProducts\b.*")


def price(published: date | None) -> Price:
    return Price(usd=Decimal(1), unit="Hrs", published=published, source="")


def test_the_committed_file_is_as_a_refresh_would_write_it() -> None:
    assert FILE.read_text(encoding="utf-8") == price_file.rendered(price_file.read(FILE))


@pytest.mark.parametrize("found", EVERY)
def test_a_price_is_more_than_nothing_and_has_a_source(found: Price) -> None:
    assert found.usd > 0
    assert found.source


@pytest.mark.parametrize("found", EVERY)
def test_the_source_of_a_price_is_aws(found: Price) -> None:
    assert any(each.fullmatch(found.source) for each in (LIST, PAGE, ANSWER))


@pytest.mark.parametrize(("region", "found"), PLACED)
def test_a_price_is_of_the_region_that_its_price_list_is_of(region: str, found: Price) -> None:
    listed = LIST.fullmatch(found.source)
    assert listed is None or listed["region"] in (None, region)


@pytest.mark.parametrize("found", EVERY)
def test_a_price_is_as_old_as_its_price_list(found: Price) -> None:
    listed = LIST.fullmatch(found.source)
    assert listed is None or listed["day"] is None or found.published == date.fromisoformat(listed["day"])


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
