"""The procedures of docs/procedures, command by command as they are written there: an environment is renamed, and then retired."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass

import pytest

from localcloud.instance import CHECKOUT
from tests.local.copies import copied, stack_file, within
from tests.local.home import Home, Said

GIVEN = "--profile preview --account 444444444450 --region eu-west-1 --owner risk --cost-centre ml-2100 --data-classification internal"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Generator[Home]:
    with copied(tmp_path_factory.mktemp("procedures")) as made:
        yield made


@dataclass(frozen=True)
class Life:
    """What was seen of an environment that was made as `risk`, renamed to `fraud` and retired. The tests only read it."""

    renamed: dict[str, Said]
    """By the command, as for `retired`."""
    file: bytes
    file_renamed: bytes
    clusters: list[str]
    unchanged: Said
    """A preview of the renamed environment, in which nothing is expected."""
    retired: dict[str, Said]
    stacks: list[str]
    """In the state, at the end."""


@pytest.fixture(scope="module")
def life(home: Home) -> Life:
    made = home.run("scripts/new_stack.py", "risk", *GIVEN.split(), "--no-preview")
    assert made.code == 0, made.text
    assert within(home, "risk", "pulumi up --yes --skip-preview --stack risk").code == 0
    file = stack_file(home, "risk").read_bytes()
    renamed = {command: as_one_of(home, command, "risk", "fraud") for command in commands("rename-a-stack")}
    file_renamed = stack_file(home, "fraud").read_bytes()
    clusters = json.loads(within(home, "fraud", "aws eks list-clusters").text)["clusters"]
    unchanged = within(home, "fraud", "pulumi preview --expect-no-changes --stack fraud")
    retiring = [command.replace("risk", "fraud") for command in commands("retire-a-stack")]
    retired = {command: within(home, "fraud", command) for command in retiring}
    stacks = json.loads(within(home, "dev", "pulumi stack ls --json").text)
    return Life(renamed, file, file_renamed, clusters, unchanged, retired, [each["name"] for each in stacks])


def commands(procedure: str) -> list[str]:
    """The commands of a procedure, in its order: what stands indented."""
    text = (CHECKOUT / "docs" / "procedures" / f"{procedure}.md").read_text()
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


def as_one_of(home: Home, command: str, *stacks: str) -> Said:
    """A command in the shell of the one of the stacks that has a stack file."""
    (stack,) = [each for each in stacks if stack_file(home, each).exists()]
    return within(home, stack, command)


def test_rename_goes_as_it_is_written(life: Life) -> None:
    assert len(life.renamed) == 5
    assert {command: said.text for command, said in life.renamed.items() if said.code != 0} == {}


def test_rename_keeps_the_file_as_it_was(life: Life, home: Home) -> None:
    assert life.file_renamed == life.file
    assert not stack_file(home, "risk").exists()


def test_renamed_environment_is_up_under_its_new_name(life: Life) -> None:
    assert life.clusters == ["fraud-main"]
    assert life.unchanged.code == 0, life.unchanged.text


def test_retirement_goes_as_it_is_written(life: Life) -> None:
    looked, *done = [said for command, said in life.retired.items() if "retire.py" in command]
    assert (looked.code, [said.code for said in done]) == (1, [0])
    assert "nothing was touched: --confirm got nothing" in looked.text
    assert [said.code for command, said in life.retired.items() if command.startswith("pulumi")] == [0, 0]


def test_retirement_leaves_nothing_for_a_sweep(life: Life) -> None:
    (swept,) = [said for command, said in life.retired.items() if "sweep.py" in command]
    assert swept.code == 0, swept.text
    assert "Nothing tagged deployment=ml-platform/fraud is left" in swept.text


def test_retirement_forgets_the_stack_and_its_file(life: Life, home: Home) -> None:
    assert life.stacks == []
    assert not stack_file(home, "fraud").exists()
