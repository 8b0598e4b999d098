"""What the comment on a pull request says of its environment."""

from dataclasses import replace
from decimal import Decimal

import pytest

from operations.github import parts
from operations.slices import price, text
from operations.slices.environments import Kind
from planning.cost import Bill, Line, Unpriced
from planning.prices import Price
from tests.unit.conftest import platform, stack_file

HOURLY = Price(usd=Decimal("0.10"), unit="Hours", published=None, source="")
CLUSTER = Line(tier="Clusters", resource="main", what="cluster", quantity=Decimal(730), price=HOURLY)
SECRET = Unpriced(tier="FeatureStore", resource="reader", what="secret", reason="no price")


def said(kind: Kind, bill: Bill, missing: str | None = None) -> str:
    return text.created(kind, "pr-7", platform("dev"), "2026-11-29", bill, missing)


def test_slice_says_how_its_namespace_is_reached_in_the_platforms_cluster() -> None:
    told = said("slice", Bill([], []))
    assert "--name dev-main --role-arn arn:aws:iam::111111111111:role/dev-cluster-deployer\nkubectl --namespace pr-7 " in told


def test_whole_environment_says_how_its_own_cluster_is_reached() -> None:
    told = said("full", Bill([], []))
    assert "--region eu-west-1 --name pr-7-main --role-arn arn:aws:iam::111111111111:role/pr-7-cluster-deployer\n" in told


def test_it_says_what_a_day_costs() -> None:
    assert "**2.40 US dollars a day**." in said("full", Bill([CLUSTER], []))


def test_what_has_no_price_is_named_and_no_zero() -> None:
    told = said("slice", Bill([CLUSTER], [SECRET]))
    assert "**2.40 US dollars a day**, and 1 things without a price." in told
    assert "Without a price, and not in it: secret of reader." in told


def test_many_without_a_price_are_counted() -> None:
    assert ", secret of reader, and 3 more." in said("slice", Bill([], [SECRET] * 11))


@pytest.mark.parametrize("kind", ["slice", "full"])
def test_it_fits_in_its_part_of_the_comment_on_a_pull_request(kind: Kind) -> None:
    longest = replace(SECRET, what="w" * 60, resource="r" * 60)
    assert parts.size(said(kind, Bill([CLUSTER], [longest] * 99))) <= parts.EPHEMERAL_LIMIT


def test_region_without_prices_has_no_costs_to_say() -> None:
    given = {**stack_file("dev"), "region": "eu-north-1"}
    bill, missing = price.bill([], platform("dev", given))
    assert missing is not None
    assert "What it costs is not known: prices.json has no prices of eu-north-1" in said("full", bill, missing)
    assert "US dollars" not in said("full", bill, missing)


def test_it_says_when_it_goes() -> None:
    assert "It goes after 2026-11-29, and when this pull request is closed" in said("slice", Bill([], []))
