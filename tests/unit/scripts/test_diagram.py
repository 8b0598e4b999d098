"""scripts/diagram.py: what it reads, and what it refuses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts import diagram
from tests.unit.scripts.deployed_project import BUCKET, DATABASE, STACK, Project, deployed

CREATED = {"op": "create", "urn": BUCKET["urn"], "newState": BUCKET}
DELETED = {"op": "delete", "urn": DATABASE["urn"], "oldState": DATABASE}
REPLACED = [
    {"op": "create-replacement", "urn": BUCKET["urn"], "newState": BUCKET},
    {"op": "replace", "urn": BUCKET["urn"], "newState": BUCKET},
    {"op": "delete-replaced", "urn": BUCKET["urn"], "oldState": BUCKET},
]
REMEDY = "make it with `pulumi preview --stack prod --json --show-sames > preview.json`"

REFUSALS = {
    "absent": (None, f"preview.json cannot be read (No such file or directory): {REMEDY}"),
    "not JSON": ("Previewing update", f"preview.json is not the JSON of a preview: {REMEDY}"),
    "something else": ('{"deployment": {}}', f"preview.json is not the JSON of a preview: {REMEDY}"),
    "another stack's": (
        json.dumps({"steps": [{"op": "same", "urn": "urn:pulumi:dev::ml-platform::tier$aws:s3/bucket:Bucket::models"}]}),
        f"preview.json is a preview of dev; expected prod: {REMEDY}",
    ),
    "an operation that is new": (
        json.dumps({"steps": [{"op": "polish", "urn": BUCKET["urn"]}]}),
        f"preview.json has the operation `polish` for {BUCKET['urn']}, which means nothing here: add it to scripts/diagram.py",
    ),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    with deployed(tmp_path, monkeypatch) as made:
        yield made


def previewed(project: Project, *steps: dict[str, Any]) -> dict[str, str]:
    """What becomes of each resource, by its name."""
    file = project.directory / "preview.json"
    file.write_text(json.dumps({"steps": steps}), encoding="utf-8")
    resources, changes = diagram.previewed("prod", file)
    return {each["urn"].rpartition("::")[2]: changes.get(each["urn"], "stays") for each in resources}


def test_a_deployed_stack_is_drawn_from_its_state(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert diagram.main(["prod"]) == 0
    assert '("registry<br/>RDS instance")' in capsys.readouterr().out


def test_drawing_changes_nothing(project: Project) -> None:
    diagram.main(["prod"])
    assert project.calls == ["stack export --stack prod"]


def test_a_preview_is_drawn_without_the_state(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    previewed(project, CREATED)
    assert diagram.main(["prod", "--preview", "preview.json"]) == 0
    assert (project.calls, "class tier_s3_bucket_models create" in capsys.readouterr().out) == ([], True)


@pytest.mark.parametrize(
    ("steps", "changes"),
    [
        ([CREATED], {"models": "create"}),
        ([DELETED], {"registry": "delete"}),
        (REPLACED, {"models": "replace"}),
        ([{"op": "same", "urn": BUCKET["urn"], "newState": BUCKET, "oldState": BUCKET}], {"models": "stays"}),
    ],
    ids=["create", "delete", "replace", "same"],
)
def test_a_preview_says_what_becomes_of_a_resource(project: Project, steps: list[dict[str, Any]], changes: dict[str, str]) -> None:
    assert previewed(project, *steps) == changes


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_no_preview_of_the_stack_is_refused(project: Project, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    content, message = REFUSALS[case]
    if content is not None:
        (project.directory / "preview.json").write_text(content, encoding="utf-8")
    assert (diagram.main(["prod", "--preview", "preview.json"]), capsys.readouterr().err) == (1, f"diagram: {message}\n")


def test_a_stack_without_a_file_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert diagram.main(["prdo"]) == 1
    assert "there is no stack prdo" in capsys.readouterr().err


def test_a_stack_with_nothing_in_its_state_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.state(STACK)
    assert diagram.main(["prod"]) == 1
    assert "the state of prod has no resources: bring it up with `pulumi up`" in capsys.readouterr().err


def test_a_state_that_cannot_be_read_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAIL", "stack")
    assert diagram.main(["prod"]) == 1
    assert "`pulumi stack export` ended with 7" in capsys.readouterr().err
