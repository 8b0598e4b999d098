"""What people and jobs type: scripts/comment.py and scripts/drift_issue.py, with their exit codes, and without a package."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from operations.github import comments, untrusted
from operations.github.parts import MARKER, Part, body, part, read
from operations.github.posts import marked
from scripts import comment, drift_issue
from tests.unit.operations.github.api import TOKEN, Api, Fault
from tests.unit.operations.github.test_untrusted import SHA, URL, event, left, pull, zipped

ROOT = Path(__file__).parents[4]
OLDER = "b" * 40


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments, "PAUSE_SECONDS", 0.0)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.md"
    path.write_text("said", encoding="utf-8")
    return path


ARTIFACT = ["--pull-request", "2", "--part", "preview-dev", "--artifact", "5"]
NOTHING_LEFT = [*ARTIFACT[:-1], ""]
GONE = ["--pull-request", "2", "--part", "ephemeral", "--gone"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["x.md"],
        ["--of-run", "--gone"],
        ["--of-run", "--part", "preview"],
        ["--pull-request", "7", "--part", "preview"],
        ["--pull-request", "7", "--part", "preview-nowhere", "--artifact", "5"],
        [*GONE, "--artifact", "x"],
        ["--pull-request", "7", "--part", "preview", "--gone"],
    ],
)
def test_half_a_command_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        comment.main(arguments)


def written(api: Api, *parts: Part) -> dict[str, Any]:
    return api.written(marked(MARKER, body({each.name: each for each in parts}, SHA)))


def parts_of(api: Api) -> list[dict[str, tuple[str | None, str]]]:
    """What the comments on pull request 2 say."""
    return [{name: (part.commit, part.quoted) for name, part in read(each["body"]).items()} for each in api.comments[2]]


@pytest.fixture
def finished(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A run of pull request 2."""
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event()), encoding="utf-8")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))
    api.comments = {2: [], 3: []}
    api.pulls = [pull(2)]
    return api


def test_what_a_run_left_is_posted_where_its_head_is(finished: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever number the artifact says."""
    api = finished
    left(api, zipped(comment_md="fine", preview_json='{"pull_request": 3}', number="3"))
    assert (comment.main(["--of-run"]), comment.main(["--of-run"])) == (0, 0)
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["made", "edited"]
    assert parts_of(api) == [{"preview": (SHA, "> fine")}]
    assert api.comments[3] == []


NOT_MADE = {"preview": (SHA, f"> **No preview could be made**: {URL}")}


@pytest.mark.parametrize("archive", [None, b"no zip", zipped(preview_json="{}")], ids=["none", "no zip", "other files"])
def test_the_verdict_on_an_older_push_does_not_stand_for_one_without_a_preview(finished: Api, archive: bytes | None) -> None:
    """As one has none that ran out of time: GitHub calls its run cancelled."""
    finished.comments[2] = [written(finished, part("preview", "**Nothing changes**", OLDER))]
    if archive is not None:
        left(finished, archive)
    assert comment.main(["--of-run"]) == 0
    assert parts_of(finished) == [NOT_MADE]


def test_an_artifact_beyond_the_limit_does_not_leave_it_either(finished: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "LARGEST_ARTIFACT_BYTES", 10)
    left(finished, zipped(comment_md="fine"))
    assert comment.main(["--of-run"]) == 0
    assert parts_of(finished) == [NOT_MADE]


def test_a_run_that_a_newer_push_cancelled_says_nothing_and_has_not_failed(finished: Api, capsys: pytest.CaptureFixture[str]) -> None:
    finished.pulls = [pull(2, sha=OLDER)]
    assert comment.main(["--of-run"]) == 0
    assert capsys.readouterr().out.startswith("nothing to put there: ")
    assert parts_of(finished) == []


def test_a_failure_is_said_with_the_remedy_and_without_the_token(finished: Api, capsys: pytest.CaptureFixture[str]) -> None:
    finished.faults = [Fault(403, {}, "Resource not accessible by integration")]
    assert comment.main(["--of-run"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("comment: GET /repos/example/ml-platform/pulls: GitHub answered 403")
    assert TOKEN not in said.out + said.err


def test_a_github_that_does_not_answer_is_no_preview_that_failed(finished: Api) -> None:
    left(finished, zipped(comment_md="fine"))
    finished.faults = [None, Fault(403)]
    assert comment.main(["--of-run"]) == 2
    assert parts_of(finished) == []


def test_an_event_that_is_not_there_is_named(api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GITHUB_EVENT_PATH", "nowhere.json")
    assert comment.main(["--of-run"]) == 2
    assert "got nowhere.json" in capsys.readouterr().err
    assert api.asked == []


@pytest.fixture
def running(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A job of a run of pull request 2."""
    monkeypatch.setenv("GITHUB_RUN_ID", "99")
    api.comments = {2: []}
    api.pulls = [pull(2)]
    api.runs = {99: {"head_sha": SHA, "html_url": URL}}
    return api


def test_what_an_earlier_job_left_is_posted_as_text(running: Api) -> None:
    left(running, zipped(comment_md="@you"), name="preview-dev")
    assert comment.main(ARTIFACT) == 0
    assert parts_of(running) == [{"preview-dev": (SHA, "> @\u200byou")}]
    assert comment.main(NOTHING_LEFT) == 0
    assert parts_of(running) == [{"preview-dev": NOT_MADE["preview"]}]


def test_an_earlier_job_that_left_nothing_of_an_older_commit_says_nothing(running: Api, capsys: pytest.CaptureFixture[str]) -> None:
    running.pulls = [pull(2, sha=OLDER)]
    assert comment.main(NOTHING_LEFT) == 0
    assert f"the pull request is at {OLDER} now" in capsys.readouterr().out
    assert parts_of(running) == []


def test_outside_of_a_job_nothing_is_posted(running: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("GITHUB_RUN_ID")
    assert comment.main(ARTIFACT) == 2
    assert "run this in a job" in capsys.readouterr().err
    assert running.asked == []


def test_an_environment_that_is_gone_is_said_to_be_where_it_was_said_to_be_up(running: Api, capsys: pytest.CaptureFixture[str]) -> None:
    assert comment.main(GONE) == 0
    assert capsys.readouterr().out == "nothing to put there: there is no part 'ephemeral' in a comment on the pull request\n"
    running.comments[2] = [written(running, part("ephemeral", "`pr-2` is up", SHA))]
    assert comment.main(GONE) == 0
    assert parts_of(running) == [{"ephemeral": (None, "> It is destroyed.")}]


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
