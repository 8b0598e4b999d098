"""What deleting an environment of a pull request leaves: nothing, however often and wherever it was interrupted."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.operations.slices.slices_project import Project, run, state, tagged_queue

CREATE = ("create", "--pull-request", "7")
DESTROY = ("destroy", "--pull-request", "7")


def ago(**time: int) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat(timespec="seconds")


def test_state_and_stack_file_go_with_it(project: Project) -> None:
    assert run(*CREATE) == 0
    assert run(*DESTROY) == 0
    assert project.stacks == {}
    assert not project.stack_file("pr-7").exists()


def test_twice_is_no_error_and_changes_nothing_more(project: Project) -> None:
    assert run(*CREATE) == 0
    assert [run(*DESTROY), run(*DESTROY)] == [0, 0]
    assert project.changes.count("destroy") == 1


def test_it_needs_no_stack_file(project: Project) -> None:
    assert run(*CREATE) == 0
    project.stack_file("pr-7").unlink()
    assert run(*DESTROY) == 0
    assert project.stacks == {}


def test_others_stay(project: Project) -> None:
    assert run(*CREATE) == 0
    assert run("create", "--pull-request", "77") == 0
    assert run(*DESTROY) == 0
    assert list(project.stacks) == ["pr-77"]
    assert project.stack_file("pr-77").exists()


def test_one_that_failed_is_still_in_the_state_and_the_same_command_finishes_it(project: Project) -> None:
    assert run(*CREATE) == 0
    project.fails()
    assert run(*DESTROY) == 2
    assert "pr-7" in project.stacks
    project.works()
    assert run(*DESTROY) == 0
    assert project.stacks == {}


def test_lock_of_a_pulumi_that_was_killed_is_taken_off(project: Project) -> None:
    project.kept({"pr-7": state()})
    project.locked(ago(hours=6, minutes=1))
    assert run(*DESTROY) == 0
    assert project.changes == ["destroy", "cancel", "destroy", "stack rm"]


def test_lock_that_may_be_of_somebody_at_work_stays(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.kept({"pr-7": state()})
    project.locked(ago(hours=5, minutes=59))
    assert run(*DESTROY) == 2
    assert "pr-7 is locked by root@host (pid 7) since " in capsys.readouterr().err
    assert project.changes == ["destroy"]


def test_what_aws_still_lists_is_said(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    arn = tagged_queue("pr-7", "2026-11-29")
    assert run(*DESTROY) == 0
    said = capsys.readouterr().out
    assert "AWS still lists 1 with its tag" in said
    assert f"- `{arn}`" in said
