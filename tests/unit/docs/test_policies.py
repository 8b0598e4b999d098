"""The table of controls says what the pack does: the level of each rule, and tests that know the rule."""

import re
from pathlib import Path

import pytest

from policies.pack import RULES

ROOT = Path(__file__).parents[3]
LEVELS = {"mandatory": "M", "production": "Mp", "personal": "Mpp", "advisory": "A"}
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "policies.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| control")
]
NAMED = [(rule, row[2], row[3]) for row in ROWS for rule in re.findall(r"`((?:cache|rds|s3|secrets|stateful)-[a-z-]+)`", row[1])]


def test_every_rule_about_these_services_is_in_the_table() -> None:
    wanted = {rule.name for rule in RULES if rule.name.startswith(("cache-", "rds-", "s3-", "secrets-", "stateful-"))}
    assert {rule for rule, _, _ in NAMED} == wanted


@pytest.mark.parametrize(("name", "level", "tests"), NAMED)
def test_the_table_says_the_level_of_each_rule_and_where_it_is_tested(name: str, level: str, tests: str) -> None:
    (rule,) = [each for each in RULES if each.name == name]
    assert level == LEVELS[rule.level]
    assert f"{name.replace('-', '_')}.RULE" in (ROOT / tests).read_text(encoding="utf-8")


def test_where_there_is_no_rule_the_table_says_why() -> None:
    assert [row[0] for row in ROWS if "`" not in row[1] and not re.fullmatch(r"none(: .+)?", row[1])] == []
