"""What deleting an environment of a pull request leaves: nothing, however often and wherever it was interrupted."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from operations.slices import leaving
from planning import feast_projects
from scripts.leftovers import Kind, Leftover
from tests.unit.operations.slices.slices_project import REGION, Project, run, state, tagged_queue

PROJECT = feast_projects.of_tenant("pr_7", "pr-7")
CREATE = ("create", "--pull-request", "7")
DESTROY = ("destroy", "--pull-request", "7")


def store_of_the_platform() -> list[str]:
    """Its buckets, with versions, and its contract; their names."""
    s3, buckets = boto3.client("s3", region_name=REGION), ["offline", "staging"]
    for bucket in buckets:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    store = json.dumps({"offline_bucket": "offline", "staging_bucket": "staging"})
    boto3.client("ssm", region_name=REGION).put_parameter(Name="/ml-platform/dev/feature_store", Type="String", Value=store)
    return buckets


def versions(bucket: str) -> list[str]:
    return sorted(each["Key"] for each in boto3.client("s3", region_name=REGION).list_object_versions(Bucket=bucket).get("Versions", []))


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


@pytest.mark.parametrize("again", [False, True])
def test_database_of_a_slice_is_dropped_first_by_an_update_of_its_job_alone(project: Project, again: bool) -> None:
    assert run(*CREATE) == 0
    if again:
        project.stack_file("pr-7").unlink()
    assert run(*DESTROY) == 0
    assert project.retired == [f"urn::ml-platform:components:DatabaseJob${part}" for part in ("files", "job")]


def test_nothing_is_destroyed_before_the_job_is_complete(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("operations.slices.retirement.sleep", waited.append)
    assert run(*CREATE) == 0
    project.runs_jobs_slowly("Complete")
    assert run(*DESTROY) == 0
    assert project.changes[-4:] == ["up", "refresh", "destroy", "stack rm"]
    assert waited == [1]


def test_job_that_never_completes_keeps_the_slice(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("operations.slices.retirement.sleep", lambda _: None)
    monkeypatch.setattr("operations.slices.retirement.pauses", lambda: [0, 1])
    assert run(*CREATE) == 0
    project.runs_jobs_slowly("Failed")
    assert run(*DESTROY) == 2
    assert "the Job that drops the database of pr-7 is not complete" in capsys.readouterr().err
    assert "pr-7" in project.stacks


def test_database_of_a_whole_environment_goes_with_its_server(project: Project) -> None:
    assert run(*CREATE, "--full") == 0
    assert run(*DESTROY) == 0
    assert project.retired is None


def test_objects_of_its_pods_go_in_every_version_and_nobody_elses(project: Project) -> None:
    store = store_of_the_platform()
    for key in (f"{PROJECT}/a", f"{PROJECT}/a", f"{PROJECT}x/a", "credit_decisions_fd2d5d42/a"):
        for bucket in store:
            boto3.client("s3", region_name=REGION).put_object(Bucket=bucket, Key=key, Body=b"1")
    assert run(*CREATE) == 0
    assert run(*DESTROY) == 0
    found = {bucket: versions(bucket) for bucket in store}
    assert found == {bucket: ["credit_decisions_fd2d5d42/a", f"{PROJECT}x/a"] for bucket in store}


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


def test_nothing_is_forgotten_while_something_of_it_is_left(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*CREATE) == 0
    monkeypatch.setattr(leaving.sweep, "delete", lambda *_: iter(()))
    stays = Kind("load balancer", lambda *_: [Leftover("load balancer", "lb-1", "")], lambda *_: None)
    monkeypatch.setattr(leaving, "KINDS", [stays])
    assert run(*DESTROY) == 2
    assert "lb-1 of ml-platform/pr-7 are still there" in capsys.readouterr().err
    assert list(project.stacks) == ["pr-7"]
