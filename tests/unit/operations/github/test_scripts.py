"""What people and jobs type: scripts/comment.py and scripts/drift_issue.py, with their exit codes, and without a package."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from operations.github import untrusted
from scripts import comment, drift_issue
from tests.unit.operations.github.api import TOKEN, Api, Fault
from tests.unit.operations.github.test_untrusted import SHA, URL, event, left, pull, zipped

ROOT = Path(__file__).parents[4]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.md"
    path.write_text("said", encoding="utf-8")
    return path


def test_a_comment_is_put_and_its_address_printed(api: Api, text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api.comments[7] = []
    arguments = ["--pull-request", "7", "--marker", "preview", str(text)]
    assert (comment.main(arguments), comment.main(arguments)) == (0, 0)
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["made", "edited"]


def test_a_failure_is_said_with_the_remedy_and_without_the_token(api: Api, text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api.faults = [Fault(403, {}, "Resource not accessible by integration")]
    assert comment.main(["--pull-request", "7", "--marker", "preview", str(text)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("comment: GET /repos/example/ml-platform/issues/7/comments: GitHub answered 403")
    assert TOKEN not in said.out + said.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["x.md"],
        ["--of-run", "x.md"],
        ["--pull-request", "7", "x.md"],
        ["--of-run", "--marker", "preview"],
        ["--pull-request", "7", "--marker", "preview", "--artifact", "preview", "x.md"],
    ],
)
def test_half_a_command_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        comment.main(arguments)


def test_a_file_that_is_not_there_is_named(api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert comment.main(["--pull-request", "7", "--marker", "preview", str(tmp_path / "no.md")]) == 2
    assert "run first what writes it" in capsys.readouterr().err
    assert api.asked == []


@pytest.fixture
def finished(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A run of pull request 2."""
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event()), encoding="utf-8")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))
    api.comments = {2: [], 3: []}
    api.pulls = [pull(2)]
    return api


def test_what_a_run_left_is_posted_where_its_head_is(finished: Api) -> None:
    """Whatever number the artifact says."""
    api = finished
    left(api, zipped(comment_md="fine", preview_json='{"pull_request": 3}', number="3"))
    assert comment.main(["--of-run"]) == 0
    assert [(each["body"].splitlines()[1], each["body"].splitlines()[-1]) for each in api.comments[2]] == [(f"Of commit {SHA}:", "fine")]
    assert api.comments[3] == []


NOT_MADE = f"<!-- ml-platform: preview -->\n**No preview of {SHA} could be made**: {URL}\n"


@pytest.mark.parametrize("archive", [None, b"no zip", zipped(preview_json="{}")], ids=["none", "no zip", "other files"])
def test_the_verdict_on_an_older_push_does_not_stand_for_one_without_a_preview(finished: Api, archive: bytes | None) -> None:
    finished.comments[2] = [finished.written("<!-- ml-platform: preview -->\n**Nothing changes**")]
    if archive is not None:
        left(finished, archive)
    assert comment.main(["--of-run"]) == 0
    assert [each["body"] for each in finished.comments[2]] == [NOT_MADE]


def test_an_artifact_beyond_the_limit_does_not_leave_it_either(finished: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "LARGEST_ARTIFACT_BYTES", 10)
    left(finished, zipped(comment_md="fine"))
    assert comment.main(["--of-run"]) == 0
    assert [each["body"] for each in finished.comments[2]] == [NOT_MADE]


def test_a_github_that_does_not_answer_is_no_preview_that_failed(finished: Api) -> None:
    left(finished, zipped(comment_md="fine"))
    finished.faults = [None, Fault(403)]
    assert comment.main(["--of-run"]) == 2
    assert finished.comments[2] == []


def test_what_an_earlier_job_left_is_posted_as_text(api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--pull-request", "2", "--marker", "preview-dev", "--artifact", "preview-dev"]
    monkeypatch.delenv("GITHUB_RUN_ID", raising=False)
    assert comment.main(arguments) == 2
    assert "run this in a job, or give a FILE" in capsys.readouterr().err
    monkeypatch.setenv("GITHUB_RUN_ID", "99")
    api.comments = {2: []}
    api.runs = {99: {"head_sha": SHA, "html_url": URL}}
    left(api, zipped(comment_md="@you"), name="preview-dev")
    assert comment.main(arguments) == 0
    first, head, *_, last = api.comments[2][0]["body"].splitlines()
    assert (first, head, last) == ("<!-- ml-platform: preview-dev -->", f"Of commit {SHA}:", "@\u200byou")
    api.artifacts = []
    assert comment.main(arguments) == 0
    assert [each["body"] for each in api.comments[2]] == [NOT_MADE.replace("preview -->", "preview-dev -->")]


def test_an_issue_is_opened_edited_and_closed(api: Api, text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (drift_issue.main(["dev", str(text)]), drift_issue.main(["dev", str(text)])) == (0, 0)
    assert (drift_issue.main(["dev", "--none"]), drift_issue.main(["dev", "--none"])) == (0, 0)
    number = api.issues[0]["number"]
    url = f"https://github.com/x/{number}"
    assert capsys.readouterr().out.splitlines() == [
        f"opened {url}",
        f"edited {url}",
        f"dev has not drifted: closed #{number}",
        "dev has not drifted",
    ]


@pytest.mark.parametrize("arguments", [["dev"], ["dev", "drift.md", "--none"]])
def test_drift_is_said_or_denied_and_not_both(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        drift_issue.main(arguments)


def test_an_empty_report_closes_nothing(api: Api, text: Path) -> None:
    drift_issue.main(["dev", str(text)])
    text.write_text("\n", encoding="utf-8")
    assert drift_issue.main(["dev", str(text)]) == 2
    assert [each["state"] for each in api.issues] == ["open"]


def test_drift_that_could_not_be_said_is_no_success(api: Api, text: Path) -> None:
    api.faults = [Fault(410)]
    assert drift_issue.main(["dev", str(text)]) == 2


@pytest.mark.parametrize("script", ["comment", "drift_issue"])
def test_a_job_that_may_write_installs_no_package(script: str) -> None:
    """-S: without site-packages. So no package, and no build of one, ever runs beside the token."""
    command = [sys.executable, "-S", "-I", str(ROOT / "scripts" / f"{script}.py"), "--help"]
    done = subprocess.run(command, env={"PATH": os.environ["PATH"]}, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
