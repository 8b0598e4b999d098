"""What making an environment of a pull request begins, in which order, and what it refuses."""

import boto3
import pytest

from stacks.draft import range_of
from tests.unit.operations.slices.slices_project import REGION, Project, run, state

SLICE = ("create", "--pull-request", "7")
FULL = (*SLICE, "--full")
SECRETS = "awskms://alias/pulumi-state?region=eu-west-1&context_deployment=ml-platform/pr-7"


def vpc(cidr: str, deployment: str | None) -> None:
    tags = [] if deployment is None else [{"Key": "deployment", "Value": deployment}]
    specifications = [{"ResourceType": "vpc", "Tags": tags}] if tags else []
    boto3.client("ec2", region_name=REGION).create_vpc(CidrBlock=cidr, TagSpecifications=specifications)


def test_slice_is_a_tenant_of_the_platform_in_its_account(project: Project) -> None:
    assert run(*SLICE) == 0
    settings = project.settings("pr-7")
    assert (settings["kind"], settings["platform"]) == ("tenant", "dev")
    assert {settings[key] == project.settings("dev")[key] for key in ("account", "region", "owner", "cost_centre")} == {True}


@pytest.mark.parametrize("command", [SLICE, FULL])
def test_its_roles_are_within_the_boundary_that_the_platform_has_for_pull_requests(project: Project, command: tuple[str, ...]) -> None:
    assert run(*command) == 0
    assert project.settings("pr-7")["boundary"] == "dev-ci-ephemeral-boundary"


@pytest.mark.parametrize("command", [SLICE, FULL])
def test_beside_a_platform_without_one_they_are_within_their_own(project: Project, command: tuple[str, ...]) -> None:
    text = project.stack_file("dev").read_text()
    project.stack_file("dev").write_text(text.replace("ephemeral: true", "ephemeral: false"))
    assert run(*command) == 0
    assert "boundary" not in project.settings("pr-7")


def test_slice_asks_for_little_and_no_gpu(project: Project) -> None:
    assert run(*SLICE) == 0
    assert project.settings("pr-7")["namespaces"] == {"pr-7": {"cpu": 2, "memory_gib": 8, "gpus": 0, "pods": 10}}


def test_whole_environment_is_of_the_profile_for_previews_in_the_range_of_its_number(project: Project) -> None:
    assert run(*FULL) == 0
    settings = project.settings("pr-7")
    assert (settings["profile"], settings["network"]["cidr"]) == ("preview", range_of(7))
    assert settings["clusters"]["main"]["public_access_cidrs"] == project.settings("dev")["clusters"]["main"]["public_access_cidrs"]


@pytest.mark.parametrize("more", [(), ("--full",)])
def test_it_goes_after_three_days(project: Project, more: tuple[str, ...]) -> None:
    assert run(*SLICE, *more) == 0
    assert project.settings("pr-7")["expires"] == "2026-11-29"


def test_last_day_is_known_before_anything_is_made(project: Project) -> None:
    assert run(*SLICE) == 0
    assert project.changes == ["stack init", "stack tag set kind", "stack tag set expires", "up"]
    assert project.stacks["pr-7"]["tags"] == {"expires": "2026-11-29", "kind": "slice"}


def test_secrets_are_kept_with_the_accounts_key_for_this_stack_alone(project: Project) -> None:
    assert run(*SLICE) == 0
    assert f"stack init --no-select --secrets-provider {SECRETS} pr-7" in project.calls


def test_policies_are_held_against_it(project: Project) -> None:
    assert run(*SLICE) == 0
    (up,) = [call for call in project.calls if call.startswith("up ")]
    assert "--policy-pack" in up


def test_again_brings_it_up_to_date_and_it_is_wanted_for_longer(project: Project) -> None:
    assert run(*SLICE) == 0
    assert run(*SLICE, "--days", "5") == 0
    assert project.changes.count("stack init") == 1
    assert project.stacks["pr-7"]["tags"]["expires"] == project.settings("pr-7")["expires"] == "2026-12-01"


def test_two_at_once_have_a_file_a_namespace_and_a_project_each(project: Project) -> None:
    assert [run("create", "--pull-request", number) for number in ("7", "77")] == [0, 0]
    one, other = (project.settings(stack) for stack in ("pr-7", "pr-77"))
    assert one["feast_project"] != other["feast_project"]
    assert not one["namespaces"].keys() & other["namespaces"].keys()


@pytest.mark.parametrize("days", ["0", "15", "-1"])
def test_it_is_not_wanted_for_longer_than_two_weeks(project: Project, days: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*SLICE, "--days", days) == 2
    assert f"got --days {days}; expected 1 to 14" in capsys.readouterr().err
    assert project.calls == []


@pytest.mark.parametrize("number", ["0", "-3", "07", "seven", "1e3", "", "7 --full", "1" * 10])
def test_only_a_number_is_a_pull_request(project: Project, number: str) -> None:
    with pytest.raises(SystemExit):
        run("create", f"--pull-request={number}")
    assert project.calls == []


@pytest.mark.parametrize("command", [SLICE, FULL, ("destroy", "--pull-request", "7"), ("reap",), ("reap", "--confirm")])
def test_nothing_begins_with_the_credentials_of_another_account(
    project: Project, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    text = project.stack_file("dev").read_text().replace("123456789012", "222222222222")
    project.stack_file("dev").write_text(text)
    assert run(*command) == 2
    assert "the stack file of dev says 222222222222" in capsys.readouterr().err
    assert project.calls == []


@pytest.mark.parametrize("deployment", ["ml-platform/pr-135", None])
def test_range_that_somebody_has_is_refused(project: Project, deployment: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    vpc(range_of(7), deployment)
    assert run(*FULL) == 2
    assert f"{range_of(7)} is this pull request's range, and {deployment or 'a VPC'}" in capsys.readouterr().err
    assert project.changes == []


def test_range_that_it_has_itself_is_its_own(project: Project) -> None:
    vpc(range_of(7), "ml-platform/pr-7")
    assert run(*FULL) == 0


def test_slice_needs_no_range(project: Project) -> None:
    vpc(range_of(7), "ml-platform/pr-135")
    assert run(*SLICE) == 0


def test_slice_does_not_become_a_whole_environment(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*SLICE) == 0
    assert run(*FULL) == 2
    assert "pr-7 is there, and is slice: destroy it before it is made full" in capsys.readouterr().err


@pytest.mark.parametrize("command", [SLICE, ("destroy", "--pull-request", "7")])
def test_what_it_did_not_make_is_not_touched(project: Project, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    project.kept({"pr-7": state(expires=None)})
    assert run(*command) == 2
    assert "pr-7 has 1 resources and no expiry" in capsys.readouterr().err
    assert project.changes == []


def test_one_of_another_account_is_not_touched(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.kept({"pr-7": state(account="444444444444")})
    assert run("destroy", "--pull-request", "7") == 2
    assert "pr-7 is in account 444444444444, and dev in 123456789012" in capsys.readouterr().err
    assert project.changes == []


def test_update_that_failed_goes_on_with_the_same_command(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.fails()
    assert run(*SLICE) == 2
    assert "AWS says no" in capsys.readouterr().err
    project.works()
    assert run(*SLICE) == 0
    assert project.changes.count("stack init") == 1


def test_tenant_is_no_platform_to_make_one_on(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*SLICE) == 0
    assert run("create", "--pull-request", "8", "--platform", "pr-7") == 2
    assert "got `pr-7`, a tenant; expected a platform" in capsys.readouterr().err


def test_what_it_says_can_be_put_into_a_file(project: Project) -> None:
    assert run(*SLICE, "--markdown", "said.md") == 0
    assert (project.directory / "said.md").read_text().startswith("### `pr-7` is up: a slice of `dev`")
