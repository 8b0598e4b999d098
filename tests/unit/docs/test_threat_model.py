"""That what docs/threat-model.md says to be held is held: each test that it names is there, and each job and environment is in it."""

import re

import pytest

from tests.unit.workflows import read as workflows
from tests.unit.workflows.read import ROOT

TEXT = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
ATTACKS = TEXT.partition("## What stops what")[2].partition("## Set up")[0]
NAMED = sorted({name for row in ATTACKS.splitlines() if row.startswith("| ") for name in re.findall(r"`([a-z_]+)`", row.split(" | ")[-1])})
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("name", NAMED)
def test_what_holds_a_row_is_there(name: str) -> None:
    if name.startswith("_"):
        assert f"def {name}(" in (ROOT / "planning/documents/state.py").read_text(encoding="utf-8")
    else:
        assert f"\ndef test_{name}(" in TESTS


def test_every_row_names_what_holds_it() -> None:
    rows = [row for row in ATTACKS.splitlines() if row.startswith("| ")][1:]
    assert [row for row in rows if not re.search(r"`[a-z_]+`|scripts/", row.split(" | ")[-1])] == []
    assert len(NAMED) >= len(rows)


def test_every_job_is_in_the_table() -> None:
    table = TEXT.partition("## Jobs")[2].partition("## What")[0]
    first = [row.split(" | ")[0] for row in table.splitlines() if row.startswith("| ")]
    missing = [
        str(job)
        for job in workflows.jobs()
        if not any(
            job.workflow.removesuffix(".yaml") in cell and (f"`{job.name}`" in cell or "`" not in cell or ";" in cell) for cell in first
        )
    ]
    assert missing == []


def test_every_environment_is_set_up() -> None:
    table = TEXT.partition("## Set up")[2].partition("## What")[0]
    said = {name for row in table.splitlines() if row.startswith("| ") for name in re.findall(r"`([\w-]+)`", row.split(" | ")[0])}
    used = {re.sub(r"(dev|staging|prod)$", "STACK", name) for job in workflows.jobs() for name in job.environments}
    assert {re.sub(r"(dev|staging|prod)$", "STACK", name) for name in said} == used
