"""What scripts/preview.py writes and ends with, for what a comparison found."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from operations.github import parts
from operations.preview import bases
from operations.preview.commands import Failed
from operations.preview.comparison import Wanted
from operations.preview.document import StackPreview, as_json
from planning.cost import Bill
from scripts import preview
from scripts.bill_text import as_document
from scripts.deployed import Refused
from tests.unit.planning.bills import USAGE

URN = "urn:pulumi:dev::ml-platform::pulumi:pulumi:Stack::ml-platform-dev"
ENGINE = {"steps": [{"op": "same", "urn": URN, "newState": {"urn": URN, "type": "pulumi:pulumi:Stack"}}], "changeSummary": {"same": 1}}
COST = as_document("dev", "eu-west-1", Bill((), ()), Bill((), ()), USAGE, frozenset())
SAME = StackPreview(stack="dev", kind="platform", made="local", base="a" * 40, head="b" * 40, before_exists=True, engine=ENGINE, cost=COST)
FAILED = replace(SAME, engine={}, failure="no such key")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Wanted]:
    """What was to be compared; nothing is."""
    found: list[Wanted] = []
    monkeypatch.chdir(tmp_path)
    comes_to(monkeypatch, [SAME], found)
    return found


def comes_to(monkeypatch: pytest.MonkeyPatch, outcome: Any, asked: list[Wanted] | None = None) -> None:
    def compare(_project: Path, wanted: Wanted) -> Any:
        if asked is not None:
            asked.append(wanted)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(preview, "compare", compare)


def test_what_is_not_said_is_the_working_tree_against_all_that_it_touches_without_credentials(asked: list[Wanted]) -> None:
    preview.main(["--base", "origin/main"])
    assert asked == [Wanted(base="origin/main", head=None, stacks=[], account=False, jobs=2, kept=bases.root())]


def test_everything_can_be_said(asked: list[Wanted]) -> None:
    preview.main(["--base", "main", "--head", "topic", "--stack", "dev", "--stack", "prod", "--account", "--jobs", "1", "--cache", "kept"])
    assert asked == [Wanted(base="main", head="topic", stacks=["dev", "prod"], account=True, jobs=1, kept=Path("kept"))]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ([SAME], 0),
        ([], 0),
        ([FAILED], 1),
        ([SAME, FAILED], 1),
        (Refused("no such revision"), 2),
        (Failed("no cloud"), 2),
        (KeyboardInterrupt(), 130),
    ],
)
def test_exit_code_says_whether_somebody_must_look(asked: list[Wanted], monkeypatch: pytest.MonkeyPatch, outcome: Any, code: int) -> None:
    comes_to(monkeypatch, outcome)
    assert preview.main(["--base", "main"]) == code


@pytest.mark.parametrize(("arguments", "part"), [([], "preview"), (["--account"], "preview-prod")])
def test_the_comment_is_given_the_room_of_its_part_of_the_one_on_the_pull_request(
    asked: list[Wanted], monkeypatch: pytest.MonkeyPatch, arguments: list[str], part: str
) -> None:
    given: list[object] = []

    def comment(found: Any, *room: object) -> str:
        given.extend(room)
        return "**No human is needed.**"

    monkeypatch.setattr(preview, "comment", comment)
    preview.main(["--base", "main", *arguments])
    assert given == [parts.PLACES[part].limit, parts.size]


def test_comment_and_everything_behind_it_are_written(asked: list[Wanted], monkeypatch: pytest.MonkeyPatch) -> None:
    comes_to(monkeypatch, [FAILED])
    preview.main(["--base", "main", "--output", "out"])
    assert json.loads(Path("out", "preview.json").read_text()) == json.loads(json.dumps(as_json([FAILED])))
    assert "no such key" in Path("out", "comment.md").read_text()


def test_verdict_is_printed(asked: list[Wanted], capsys: pytest.CaptureFixture[str]) -> None:
    preview.main(["--base", "main", "--output", "out"])
    first, second = capsys.readouterr().out.splitlines()
    assert first == next(line for line in Path("out", "comment.md").read_text().splitlines() if line and not line.startswith("<!--"))
    assert second == "out/comment.md has the comment, out/preview.json everything."


def test_what_could_not_be_made_is_said(asked: list[Wanted], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    comes_to(monkeypatch, Refused("got revision `x`"))
    preview.main(["--base", "x"])
    assert capsys.readouterr().err == "preview: got revision `x`\n"
