"""Previews against what is deployed: moto answers for AWS, and pulumi writes down what it is asked."""

from collections.abc import Generator
from pathlib import Path

import pytest
from moto import mock_aws

from scripts.deployed import Refused
from tests.unit.operations.preview.compared_project import PASSWORD, Project, stack_file

MOTO = "123456789012"
PREVIEW = "preview --json --show-sames --suppress-outputs --policy-pack policies --non-interactive --ignore-protect --event-log dev.events"


@pytest.fixture
def deployed(project: Project) -> Generator[Project]:
    """`dev` is of moto's account; the head changes it."""
    project.git("switch", "--quiet", "main")
    project.write("stacks/Pulumi.dev.yaml", stack_file(MOTO))
    project.git("commit", "--quiet", "--all", "--message", "moto's")
    project.git("switch", "--quiet", "topic")
    project.git("merge", "--quiet", "main")
    project.write("stacks/Pulumi.dev.yaml", stack_file(MOTO, owner="risk"))
    with mock_aws():
        yield project


def test_head_is_previewed_against_the_state_and_no_cloud_is_started(deployed: Project) -> None:
    (preview,) = deployed.compare(account=True)
    export = "pulumi head stack export --show-secrets --stack dev --non-interactive"
    assert deployed.calls == [export, f"pulumi head {PREVIEW} --stack dev"]
    assert (preview.made, preview.unverified, preview.failure) == ("account", (), None)


def test_key_of_the_stacks_state_is_the_one_in_its_file(deployed: Project, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    deployed.write("scripts/cost.py", f"import shutil\nshutil.copy('stacks/Pulumi.dev.yaml', {str(seen)!r})\nprint('{{}}')\n")
    deployed.compare("dev", account=True)
    assert seen.read_text() == stack_file(MOTO, owner="risk")


def test_credentials_of_another_account_are_refused_before_anything_is_asked(deployed: Project) -> None:
    with pytest.raises(Refused, match=f"the credentials are of account {MOTO}; the stack file of prod says 333333333333"):
        deployed.compare("prod", account=True)
    assert deployed.calls == []


def test_a_stack_file_that_does_not_say_whose_it_is_is_refused(deployed: Project) -> None:
    deployed.write("stacks/Pulumi.dev.yaml", "config: {}\n")
    with pytest.raises(Refused, match="the stack file of dev does not say whose stack it is: it needs `account` and `region`"):
        deployed.compare(account=True)


def test_a_stack_that_the_state_does_not_have_is_said(deployed: Project) -> None:
    deployed.write("stacks/Pulumi.risk.yaml", stack_file(MOTO))
    (preview,) = deployed.compare("risk", account=True)
    assert preview.failure is not None
    assert preview.failure.startswith("The state has no stack risk: `pulumi stack init risk` makes it")


def test_a_backend_that_cannot_be_asked_is_said(deployed: Project) -> None:
    deployed.make("fails", "stack export")
    (preview,) = deployed.compare(account=True)
    assert preview.failure is not None
    assert preview.failure.startswith("`pulumi stack export --show-secrets --stack dev --non-interactive` ended with 255")
    assert PASSWORD not in repr(preview)


def test_all_of_a_stack_whose_file_is_removed_is_deleted_and_its_secrets_are_not_told(deployed: Project) -> None:
    (deployed.directory / "stacks" / "Pulumi.dev.yaml").unlink()
    (preview,) = deployed.compare(account=True)
    assert preview.engine["changeSummary"] == {"delete": 1}
    assert PASSWORD not in repr(preview)
