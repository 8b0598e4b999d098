"""What a reaper finds, and the one thing that it deletes: a pull request's environment whose last day is over."""

import boto3
import pytest

from operations.slices import leaving
from operations.slices.place import Place
from tests.unit.operations.slices.slices_project import REGION, Project, run, state, tagged_queue

YESTERDAY, TODAY = "2026-11-25", "2026-11-26"


def queues() -> list[str]:
    return [url.rpartition("/")[2] for url in boto3.client("sqs", region_name=REGION).list_queues().get("QueueUrls", [])]


def row(said: str, stack: str) -> str:
    (found,) = [line for line in said.splitlines() if line.startswith(f"| `{stack}`")]
    return found


def test_nothing_there_is_nothing_to_do(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reap", "--confirm") == 0
    assert "There is no environment of a pull request." in capsys.readouterr().out


def test_without_confirmation_it_only_says_what_it_would_delete(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.kept({"pr-7": state(expires=YESTERDAY)})
    assert run("reap") == 1
    assert row(capsys.readouterr().out, "pr-7") == "| `pr-7` | 2026-11-25 | 1 resources | 0 | is deleted: expired on 2026-11-25 |"
    assert project.changes == []


def test_what_has_expired_is_deleted_and_what_has_not_stays(project: Project) -> None:
    project.kept({"pr-7": state(expires=YESTERDAY), "pr-8": state(expires=TODAY), "pr-9": state(expires="2027-01-01")})
    assert run("reap", "--confirm") == 0
    assert list(project.stacks) == ["pr-8", "pr-9"]


def test_what_says_no_day_stays(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.kept({"pr-7": state(expires=None), "pr-8": state(expires="soon")})
    assert run("reap", "--confirm") == 0
    assert "it has no expiry: nothing deletes it by itself" in row(capsys.readouterr().out, "pr-7")
    assert list(project.stacks) == ["pr-7", "pr-8"]


@pytest.mark.parametrize("stack", ["dev", "prod", "risk", "pr-eu", "pr-7-eu", "pr-07", "xpr-7"])
def test_stack_that_is_no_pull_requests_is_not_even_read(project: Project, stack: str) -> None:
    project.kept({stack: state(expires=YESTERDAY)})
    assert run("reap", "--confirm") == 0
    assert project.calls == ["stack ls --json --tag kind"]


def test_tagged_stack_that_is_no_pull_requests_is_somebodys_to_look_at(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.kept({"risk": state(expires=YESTERDAY)})
    tagged_queue("risk", YESTERDAY)
    assert run("reap", "--confirm") == 1
    assert "needs somebody to look: expired on 2026-11-25; it is no pull request's" in row(capsys.readouterr().out, "risk")
    assert (list(project.stacks), queues()) == (["risk"], ["risk"])


def test_stack_whose_file_wants_it_to_stay_is_not_deleted(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.kept({"pr-7": state(expires=YESTERDAY)})
    project.stack_file("pr-7").write_text(project.stack_file("dev").read_text().replace("10.20.0.0", "10.77.0.0"))
    assert run("reap", "--confirm") == 1
    assert "its stack file says no expiry" in row(capsys.readouterr().out, "pr-7")
    assert list(project.stacks) == ["pr-7"]


def test_last_day_that_anything_says_counts(project: Project) -> None:
    project.kept({"pr-7": state(expires=YESTERDAY), "pr-8": state(expires=YESTERDAY)})
    project.kept({**project.stacks, "pr-8": {**state(expires=YESTERDAY), "tags": {"kind": "slice", "expires": TODAY}}})
    tagged_queue("pr-7", TODAY)
    assert run("reap", "--confirm") == 0
    assert list(project.stacks) == ["pr-7", "pr-8"]


def test_one_that_has_nothing_yet_is_known_by_the_tag_of_its_stack(project: Project) -> None:
    empty = {"resources": []}
    project.kept({"pr-7": {**empty, "tags": {"kind": "slice", "expires": YESTERDAY}}, "pr-8": {**empty, "tags": {"kind": "slice"}}})
    assert run("reap", "--confirm") == 0
    assert list(project.stacks) == ["pr-8"]


def test_one_whose_mark_is_gone_is_found_by_its_tag_in_aws(project: Project) -> None:
    project.kept({"pr-7": {**state(expires=YESTERDAY), "tags": {}}, "pr-8": {**state(expires=YESTERDAY), "tags": {}}})
    tagged_queue("pr-7", YESTERDAY)
    assert run("reap", "--confirm") == 0
    assert list(project.stacks) == ["pr-8"]


def test_what_no_state_has_is_found_by_its_tag(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    tagged_queue("pr-7", YESTERDAY)
    assert run("reap", "--confirm") == 1
    assert row(capsys.readouterr().out, "pr-7").endswith("no state has it, and AWS lists 1 with its tag: delete them by hand |")
    assert queues() == ["pr-7"]


def test_tag_without_a_deployment_of_ours_is_nobodys(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    tags = {"ml-platform/expires": YESTERDAY}
    boto3.client("sqs", region_name=REGION).create_queue(QueueName="theirs", tags={**tags, "deployment": "other/pr-7"})
    boto3.client("sqs", region_name=REGION).create_queue(QueueName="nobodys", tags=tags)
    assert run("reap", "--confirm") == 0
    assert sorted(queues()) == ["nobodys", "theirs"]


def test_key_that_waits_for_its_deletion_is_no_longer_there(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    kms = boto3.client("kms", region_name=REGION)
    tags = {"deployment": "ml-platform/pr-7", "ml-platform/expires": YESTERDAY}
    key = kms.create_key(Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()])["KeyMetadata"]["KeyId"]
    assert run("reap") == 1
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert run("reap") == 0


def test_one_of_another_account_stays(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.kept({"pr-7": state(account="444444444444")})
    assert run("reap", "--confirm") == 1
    assert "it is in account 444444444444: reap there" in row(capsys.readouterr().out, "pr-7")
    assert list(project.stacks) == ["pr-7"]


def test_one_that_fails_does_not_keep_the_next_and_is_tried_again(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.kept({"pr-7": state(), "pr-8": state()})
    project.fails()
    assert run("reap", "--confirm") == 2
    said = capsys.readouterr().err
    assert all(f"slice: {stack}: `pulumi destroy` of {stack} ended with 255" in said for stack in ("pr-7", "pr-8"))
    assert project.changes == ["destroy", "destroy"]
    project.works()
    assert run("reap", "--confirm") == 0
    assert project.stacks == {}


def test_one_that_is_wanted_again_before_its_turn_stays(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.kept({"pr-7": state(expires=YESTERDAY), "pr-8": state(expires=YESTERDAY)})
    deleted: list[str] = []

    def renewed_meanwhile(_: Place, stack: str) -> None:
        deleted.append(stack)
        project.kept({"pr-8": state(expires=TODAY)})

    monkeypatch.setattr(leaving, "destroy", renewed_meanwhile)
    assert run("reap", "--confirm") == 0
    assert deleted == ["pr-7"]
