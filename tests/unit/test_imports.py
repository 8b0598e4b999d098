"""Which way imports may point: DESIGN in one table. Read from the source, so that a forgotten branch counts too."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MAY_IMPORT: dict[str, set[str]] = {
    "planning": {"planning"},
    "stacks": {"stacks", "planning"},
    "components": {"components", "planning"},
    "contract": set(),
    "tiers": {"tiers", "stacks", "components", "contract", "planning"},
    "__main__": {"stacks", "tiers"},
    "localcloud": {"localcloud"},
    "policies": {"policies", "planning"},
    "bench": {"bench", "localcloud", "stacks"},
    "operations": {"operations", "scripts", "stacks", "planning", "policies", "contract"},
    "scripts": {"scripts", "operations", "stacks", "planning", "policies", "contract"},
}
OURS = {*MAY_IMPORT, "tests"}


def sources(part: str) -> list[Path]:
    return sorted((ROOT / part).rglob("*.py")) if (ROOT / part).is_dir() else [ROOT / f"{part}.py"]


def imported(source: Path) -> set[str]:
    """The top-level names that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." if node.level else (node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_imports_point_one_way(part: str) -> None:
    assert sources(part), part
    wrong = {str(source.relative_to(ROOT)): imported(source) & OURS - MAY_IMPORT[part] for source in sources(part)}
    assert {source: names for source, names in wrong.items() if names} == {}


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_imports_are_absolute(part: str) -> None:
    assert [str(source) for source in sources(part) if "." in imported(source)] == []


@pytest.mark.parametrize("part", ["planning", "contract"])
def test_decisions_need_neither_pulumi_nor_boto3(part: str) -> None:
    assert [str(source) for source in sources(part) if imported(source) & {"pulumi", "pulumi_aws", "boto3", "botocore"}] == []


def test_only_settings_reads_configuration() -> None:
    readers = [
        str(source.relative_to(ROOT))
        for part in ("stacks", "components", "tiers", "__main__")
        for source in sources(part)
        if "pulumi.Config(" in source.read_text(encoding="utf-8")
    ]
    assert readers == ["stacks/settings.py"]


@pytest.mark.parametrize("part", ["planning", "stacks", "components", "contract", "tiers", "__main__"])
def test_nothing_in_the_program_sleeps_or_polls(part: str) -> None:
    """The engine waits. What waited inside an `apply` would hold up the whole program."""
    waiting = {"time", "threading", "asyncio", "subprocess", "socket", "http", "urllib", "requests", "boto3", "botocore"}
    assert {str(source.relative_to(ROOT)): found for source in sources(part) if (found := imported(source) & waiting)} == {}
