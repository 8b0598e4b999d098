"""What new_stack asks for, and what it refuses: everything at once, and before anything is written."""

import io
import shlex
import sys
from pathlib import Path

import pytest

from scripts import new_stack
from tests.unit.scripts.new_stack_project import GIVEN, Project, typing


def test_all_that_is_missing_is_told_at_once_where_nobody_can_be_asked(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    assert new_stack.main(["risk-eu", "--profile", "staging"], project.directory) == 2
    said = capfd.readouterr()
    for option in GIVEN:
        assert (f"\n  {option} " in said.err) is (option != "--profile")
    assert "One of public, internal, confidential, pii." in said.err
    assert said.out == ""
    assert (project.files(), project.calls) == (project.before, [])


def test_what_is_missing_and_what_is_wrong_is_told_together(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    assert project.new(owner=None, profile="stagin") == 2
    said = capfd.readouterr().err
    assert 'profile: got "stagin"' in said
    assert "\n  --owner " in said


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    assert project.new(name="Risk", profile="stagin", region="eu-centrl-1", account="44444444444", data_classification="secret") == 1
    said = capfd.readouterr().err.splitlines()
    assert said[0] == "new_stack: nothing was written:"
    source = "stacks/Pulumi.Risk.yaml: "
    assert said[1].startswith(f'{source}the stack\'s name: got "Risk"; expected 2 to 16 lower-case letters')
    assert said[2] == f'{source}profile: got "stagin"; expected one of development, preview, staging, production; did you mean `staging`?'
    assert {line.removeprefix(source).partition(":")[0] for line in said[3:]} == {"account", "region", "data_classification"}
    assert (project.files(), project.calls) == (project.before, [])


@pytest.mark.parametrize("name", ["../risk", "/etc/risk", "risk/eu", "risk\neu", "", "-", "a" * 17])
def test_name_that_is_none_writes_nowhere(project: Project, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert new_stack.main([word for pair in GIVEN.items() for word in pair] + ["--", name], project.directory) == 1
    assert "the stack's name: got" in capfd.readouterr().err
    assert (project.files(), project.calls) == (project.before, [])


def test_range_of_another_stack_is_refused_with_its_file(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    assert project.new("--cidr", "10.20.0.0/17") == 1
    assert 'network.cidr: got "10.20.0.0/17"; expected a range apart from 10.20.0.0/16, the VPC of stacks/Pulumi.dev.yaml' in (
        capfd.readouterr().err
    )
    assert project.files() == project.before


def test_full_pool_is_refused_and_says_the_way_out(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    small = tmp_path / "pool.yaml"
    small.write_text("range: 10.20.0.0/16\nprefix: 16\npull_requests: {range: 10.48.0.0/12, prefix: 19}\n")
    monkeypatch.setattr("stacks.draft.POOL", small)
    assert project.new() == 1
    assert "widen the pool, or retire an environment; or give a range with --cidr" in capfd.readouterr().err
    assert project.new("--cidr", "10.16.0.0/16") == 0


def test_only_what_was_not_given_is_asked(project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    typing(monkeypatch, "ml-2100")
    assert project.new(cost_centre=None) == 0
    said = capfd.readouterr().out
    assert "cost_centre: ml-2100 " in project.stack_file.read_text()
    assert "--cost-centre: " in said
    assert all(f"{option}: " not in said for option in GIVEN if option != "--cost-centre")


def test_wrong_answer_is_explained_and_asked_again(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "stagin", "", "staging")
    assert project.new(profile=None) == 0
    said = capfd.readouterr().out
    assert 'profile: got "stagin"; expected one of development, preview, staging, production; did you mean `staging`?' in said
    assert said.count("--profile: ") == 3
    assert "profile: staging\n" in project.stack_file.read_text()


def test_empty_line_is_what_all_environments_say(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "")
    assert project.new(owner=None) == 0
    assert "--owner [ml-platform-team]: " in capfd.readouterr().out
    assert "owner: ml-platform-team " in project.stack_file.read_text()


def test_command_without_questions_makes_the_same_file(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "risk & fraud", "risk and fraud", "ml-2100")
    project.new("--cidr", "10.99.0.0/16", "--no-preview", owner=None, cost_centre=None)
    (said,) = [line for line in capfd.readouterr().out.splitlines() if line.startswith("The same without questions: ")]
    first, calls = project.stack_file.read_bytes(), project.calls
    project.stack_file.unlink()
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert new_stack.main(shlex.split(said.partition("new_stack.py ")[2]), project.directory) == 0
    assert (project.stack_file.read_bytes(), project.calls) == (first, calls + calls)


def test_answers_that_collide_with_another_stack_are_refused_before_anything_is_written(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "111111111111")
    assert project.new(name="dev-risk", account=None) == 1
    said = capfd.readouterr()
    assert 'the stack\'s name: got "dev-risk"; expected a name apart from dev-*' in said.err
    assert "The same without questions: scripts/new_stack.py dev-risk " in said.out
    assert project.files() == project.before


@pytest.mark.parametrize("ends", [EOFError, KeyboardInterrupt])
def test_ending_the_questions_writes_nothing(project: Project, monkeypatch: pytest.MonkeyPatch, ends: type[BaseException]) -> None:
    def end(_: str) -> str:
        raise ends

    typing(monkeypatch)
    monkeypatch.setattr("builtins.input", end)
    assert project.new(owner=None) == 130
    assert (project.files(), project.calls) == (project.before, [])
