"""What a job hands on is the stack file's, and one line each."""

from pathlib import Path

import pytest

from operations.github import job
from scripts import job as script
from scripts.deployed import Refused

ROOT = Path(__file__).parents[4]


def test_a_job_becomes_the_role_of_its_stack_and_finds_its_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    assert script.main(["settings", "prod", "--role", "ci-deploy"]) == 0
    assert (tmp_path / "output").read_text() == (
        "role=arn:aws:iam::333333333333:role/prod-ci-deploy\nregion=eu-west-1\nbackend=s3://ml-platform-state-333333333333?region=eu-west-1\n"
    )


@pytest.mark.parametrize("role", ["ci-ephemeral", "ci-reap"])
def test_a_stack_beside_which_pull_requests_have_no_environments_has_no_role_for_them(
    role: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
    assert script.main(["settings", "dev", "--role", role]) == 0
    assert script.main(["settings", "prod", "--role", role]) == 2
    said = f"job: got --role {role} of prod; expected one of ci-preview, ci-deploy; set `ci.ephemeral` in its stack file for it\n"
    assert capsys.readouterr().err == said


def test_the_digest_of_a_plan_is_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    (tmp_path / "plan.json").write_text('{"digest": "sha256:1f"}')
    assert script.main(["digest", str(tmp_path / "plan.json")]) == 0
    assert (tmp_path / "output").read_text() == "digest=sha256:1f\n"


@pytest.mark.parametrize("arguments", [["settings", "nowhere", "--role", "ci-preview"], ["digest", "nowhere.json"]])
def test_what_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
    assert script.main(arguments) == 2
    assert capsys.readouterr().err.startswith("job: ")


def test_a_value_of_two_lines_sets_no_other_output(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="expected one line"):
        job.hand_on({"region": "eu-west-1\nrole=evil"}, {"GITHUB_OUTPUT": str(tmp_path / "output")})
    assert not (tmp_path / "output").exists()
