"""new_stack with the credentials and the backend of the shell: the account is compared, and its states' key keeps the secrets."""

import pytest

from stacks.draft import SALT
from tests.unit.scripts.new_stack_project import KEY, MOTOS, Project


def test_on_aws_another_key_keeps_the_secrets_where_one_is_named_and_no_local_cloud_is_asked(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.new("--on", "aws", "--secrets-provider", KEY, account=MOTOS) == 0
    assert project.calls[1] == f"stack init --no-select --secrets-provider {KEY} risk-eu"
    assert not any(call.startswith("localcloud") for call in project.calls)
    assert f"secretsprovider: {KEY}" in project.stack_file.read_text()
    assert SALT not in project.stack_file.read_text()
    commands = capfd.readouterr().out.splitlines()[-2:]
    assert "git add stacks/Pulumi.risk-eu.yaml" in commands[0]
    assert commands[1].startswith("pulumi up --policy-pack policies --stack risk-eu")


def test_on_aws_another_accounts_credentials_are_refused_before_anything_is_written(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.new("--on", "aws", "--secrets-provider", KEY) == 1
    assert f"the credentials are of account {MOTOS}; --account says 444444444444" in capfd.readouterr().err
    assert (project.files(), project.calls) == (project.before, [])


def test_on_aws_the_key_of_the_accounts_states_keeps_the_secrets_for_this_stack_only(project: Project) -> None:
    assert project.new("--on", "aws", account=MOTOS) == 0
    key = "awskms://alias/pulumi-state?region=eu-central-1&context_deployment=ml-platform/risk-eu"
    assert project.calls[1] == f"stack init --no-select --secrets-provider {key} risk-eu"


@pytest.mark.parametrize(("provider", "where"), [("passphrase", "aws"), ("awskms://", "aws"), (KEY, "local")])
def test_secrets_provider_that_does_not_fit_is_refused(
    project: Project, provider: str, where: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert project.new("--on", where, "--secrets-provider", provider, account=MOTOS) == 1
    assert "--secrets-provider: " in capfd.readouterr().err
    assert (project.files(), project.calls) == (project.before, [])
