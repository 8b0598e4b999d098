"""How the dated prices are read again."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from planning.prices import FILE
from scripts import refresh_prices
from scripts.price_questions import Ambiguous, Question

REGION = "eu-west-1"
NAT = "AmazonEC2 NatGateway-Hours"
QUESTION = Question("AmazonEC2", "NatGateway-Hours")


def product(usage_type: str, *tiers: tuple[str, str]) -> str:
    """A product as GetProducts has it; each tier is where it begins, and US dollars."""
    dimensions = {begin: {"beginRange": begin, "unit": "Hrs", "pricePerUnit": {"USD": usd}} for begin, usd in tiers}
    return json.dumps(
        {
            "product": {"attributes": {"usagetype": usage_type}},
            "terms": {"OnDemand": {"SKU.TERM": {"priceDimensions": dimensions}}, "Reserved": {}},
            "publicationDate": "2026-11-20T10:00:00Z",
        }
    )


ANSWERS = {"NatGateway-Hours": [product("EU-NatGateway-Hours", ("0", "0.0600000000"))]}


class Aws:
    """The price list: what it answers, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[str]] = dict(ANSWERS)
        self.asked: list[dict[str, Any]] = []
        self.denied = False

    def call(self, _client: Any, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        if self.denied:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not for you"}}, operation)
        self.asked.append(parameters)
        return {"PriceList": self.answers.get(parameters["Filters"][-1]["Value"], [])}


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    made = Aws()

    def call(client: Any, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        return made.call(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    for name, value in (("AWS_ACCESS_KEY_ID", "testing"), ("AWS_SECRET_ACCESS_KEY", "testing")):
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(FILE, tmp_path))


def prices(file: Path, region: str = REGION) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))["regions"][region]


def run(file: Path, *arguments: str) -> int:
    return refresh_prices.main([*arguments, "--region", REGION], file)


def test_what_aws_says_replaces_what_was_known_with_its_date(file: Path) -> None:
    assert run(file) == 0
    assert prices(file)[NAT] == {"usd": "0.06", "unit": "Hrs", "published": "2026-11-20", "source": "AWS Price List API, GetProducts"}


def test_what_aws_has_no_price_of_stays(file: Path) -> None:
    before = prices(file)
    assert run(file) == 0
    assert {name: found for name, found in prices(file).items() if name != NAT} == {
        name: found for name, found in before.items() if name != NAT
    }


def test_other_regions_stay(file: Path) -> None:
    before = prices(file, "us-east-1")
    assert run(file) == 0
    assert prices(file, "us-east-1") == before


def test_a_check_says_what_differs_and_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert run(file, "--check") == 1
    assert f"{REGION}: {NAT}: 0.048 per Hrs -> 0.06 USD per Hrs" in capsys.readouterr().out
    assert file.read_bytes() == before


def test_what_is_not_permitted_is_said_and_nothing_is_written(aws: Aws, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    aws.denied, before = True, file.read_bytes()
    assert run(file) == 2
    assert "permits pricing:GetProducts" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_what_is_not_aws_is_not_written_down(file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    assert run(file) == 2
    assert "http://127.0.0.1:4566 is not AWS, and these are prices of AWS" in capsys.readouterr().err


def test_an_instance_type_is_asked_for_with_the_fee_of_auto_mode(aws: Aws, file: Path) -> None:
    run(file, "--instance-type", "m8g.xlarge")
    asked = {each["Filters"][-1]["Value"] for each in aws.asked}
    assert {"BoxUsage:m8g.xlarge", "EKS-Auto:m8g.xlarge-management-hours"} <= asked


def test_only_the_region_is_asked_for(aws: Aws, file: Path) -> None:
    run(file)
    regions = {each["Value"] for parameters in aws.asked for each in parameters["Filters"] if each["Field"] == "regionCode"}
    assert regions == {REGION}


@pytest.mark.parametrize(
    ("usage_type", "same"),
    [
        ("NatGateway-Hours", True),
        ("EU-NatGateway-Hours", True),
        ("EUC1-NatGateway-Hours", True),
        ("EU-RegionalNatGateway-Hours", False),
        ("EU-NatGateway-Hours-Prvd", False),
        ("EU-SyncDurability-NatGateway-Hours", False),
    ],
)
def test_a_usage_type_is_the_same_with_a_region_in_front_and_with_nothing_else(usage_type: str, same: bool) -> None:
    assert (QUESTION.answer([product(usage_type, ("0", "0.05"))], "") is not None) == same


def test_the_price_is_that_of_the_first_units_that_are_not_free() -> None:
    answer = QUESTION.answer([product("EU-NatGateway-Hours", ("1000", "0.04"), ("0", "0.0"), ("100", "0.05"))], "")
    assert answer is not None
    assert answer["usd"] == "0.05"


def test_two_prices_for_one_question_are_none() -> None:
    with pytest.raises(Ambiguous, match=r"AmazonEC2 NatGateway-Hours: 0\.05, 0\.06 USD"):
        QUESTION.answer([product("EU-NatGateway-Hours", ("0", usd)) for usd in ("0.05", "0.06")], "")


def test_an_engine_is_asked_for_and_named() -> None:
    question = Question("AmazonRDS", "RDS:GP3-Storage", {"databaseEngine": "MySQL"})
    assert question.name == "AmazonRDS RDS:GP3-Storage MySQL"
    assert {"Type": "TERM_MATCH", "Field": "databaseEngine", "Value": "MySQL"} in question.filters(REGION)
