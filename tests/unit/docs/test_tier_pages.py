"""A tier's page names what is there: scripts with their options, settings, fields of the contract, policies, service accounts."""

import importlib
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

import contract
from policies.pack import RULES
from stacks.models.feature_store import FeatureStore
from tests.unit.registrations import Recorded

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "tiers" / "feature-store.md").read_text(encoding="utf-8")
IN_CODE = [" ".join(each.split()) for each in re.findall(r"`([^`]+)`", PAGE)]

PATHS = sorted(set(re.findall(r"\b(?:docs|planning|scripts|stacks|tests)/[\w./-]+\.(?:py|md)\b", PAGE)))
SCRIPTS = sorted({path for path in PATHS if path.startswith("scripts/")})
RULE_NAMES = {rule.name for rule in RULES}
PROMISES = PAGE.partition("## What it promises")[2].partition("\n## ")[0]
NAMED_RULES = sorted(set(re.findall(r"\b(?:cache|rds|s3|stateful)-[a-z-]+\b", PROMISES)))

# A word with an underscore in code is ours, or one of these.
ELSEWHERE = {
    "decision_id",  # a column of the log of decisions
    "feature_view_version_history",  # Feast's
    "full_scan_for_deletion",
    "skip_dedup",
    "registry_admin",  # users of MySQL
    "feature_store",
}


def settings(model: type[BaseModel], prefix: str = "") -> set[str]:
    """The names of all settings below a model, with dots, and without what they are below."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found |= {name, f"{prefix}{name}"}
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= settings(field.annotation, f"{prefix}{name}.")
    return found


def test_the_page_names_enough_to_be_held_to() -> None:
    assert (len(PATHS) >= 10, len(SCRIPTS) >= 3, len(NAMED_RULES) >= 8) == (True, True, True)


@pytest.mark.parametrize("path", PATHS)
def test_each_file_that_the_page_names_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_option_that_the_page_gives_a_script_is_one_of_its(script: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = {option for text in IN_CODE if text.startswith(script) for option in re.findall(r"--[a-z-]+", text)}
    with pytest.raises(SystemExit):
        importlib.import_module(script.removesuffix(".py").replace("/", ".")).main(["--help"])
    said = capsys.readouterr().out
    assert {option for option in given if not re.search(rf"{option}\b", said)} == set()


def test_each_name_in_code_is_a_setting_or_published() -> None:
    named = {text for text in IN_CODE if re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", text) and re.search(r"[._]", text)}
    known = {*settings(FeatureStore), *contract.FeatureStore.model_fields, *ELSEWHERE}
    assert len(named) > 15
    assert named - known == set()


@pytest.mark.parametrize("name", NAMED_RULES)
def test_each_policy_that_the_page_names_is_in_the_pack(name: str) -> None:
    assert name in RULE_NAMES


def test_the_page_says_of_each_service_account_what_it_may_do(dev: Recorded) -> None:
    published = contract.FeatureStore.model_validate_json(dev.one("aws:ssm/parameter:Parameter", "feature_store").inputs["insecureValue"])
    listed = re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(published.role_arns)


def test_the_page_fits_on_a_few_screens() -> None:
    assert len(PAGE.splitlines()) <= 200
