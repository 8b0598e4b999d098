"""What new_stack makes, runs and takes back, with a pulumi and a local cloud that only write down what they are asked."""

import os
import subprocess
import sys

import pytest
import yaml

from scripts import new_stack
from stacks.draft import SALT
from tests.unit.scripts.new_stack_project import Project, Terminal


def test_everything_given_is_made_without_a_question(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    assert project.new() == 0
    settings = yaml.safe_load(project.stack_file.read_text())["config"]["ml-platform:settings"]
    assert settings == {
        "profile": "staging",
        "account": "444444444444",
        "region": "eu-central-1",
        "owner": "risk",
        "cost_centre": "ml-2100",
        "data_classification": "internal",
        "network": {"cidr": "10.16.0.0/16"},
    }
    assert project.calls == [
        "localcloud start",
        "localcloud env risk-eu",
        "stack export --stack risk-eu --non-interactive",
        "stack init --no-select --secrets-provider default risk-eu",
        "preview --policy-pack policies --suppress-outputs --stack risk-eu",
    ]
    said = capfd.readouterr()
    assert "?" not in said.out
    assert said.err == ""


def test_last_two_lines_are_the_next_two_commands(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    project.new()
    commands = [line.partition("  #")[0] for line in capfd.readouterr().out.splitlines()[-2:]]
    assert commands == ["make demo STACK=risk-eu", "make down STACK=risk-eu"]


def test_nothing_but_the_file_is_left(project: Project) -> None:
    project.new()
    assert project.files() == sorted([*project.before, "Pulumi.risk-eu.yaml"])


def test_salt_that_pulumi_writes_is_explained(project: Project) -> None:
    project.new()
    assert project.stack_file.read_text().endswith(f"\n{SALT}\nencryptionsalt: v1:salt\n")


def test_second_environment_gets_the_next_range(project: Project) -> None:
    assert (project.new(), project.new(name="risk-us")) == (0, 0)
    second = yaml.safe_load((project.stacks / "Pulumi.risk-us.yaml").read_text())
    assert second["config"]["ml-platform:settings"]["network"]["cidr"] == "10.17.0.0/16"


def test_given_range_is_taken_also_from_outside_the_pool(project: Project) -> None:
    assert project.new("--cidr", "192.168.0.0/16", "--no-preview") == 0
    assert "cidr: 192.168.0.0/16" in project.stack_file.read_text()
    assert not any(call.startswith("preview") for call in project.calls)


def test_zones_are_named_where_accounts_differ(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    assert project.new(region="us-east-1") == 1
    assert "network.zone_names: got no names; expected 3 of us-east-1a" in capfd.readouterr().err
    assert project.new("--zone-names", "us-east-1a, us-east-1b,us-east-1d", region="us-east-1") == 0
    settings = yaml.safe_load(project.stack_file.read_text())["config"]["ml-platform:settings"]
    assert settings["network"]["zone_names"] == ["us-east-1a", "us-east-1b", "us-east-1d"]


def test_existing_file_is_not_touched(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    project.new()
    before, calls = project.stack_file.read_bytes(), project.calls
    assert project.new() == 1
    assert "stacks/Pulumi.risk-eu.yaml exists already, and is not overwritten" in capfd.readouterr().err
    assert (project.stack_file.read_bytes(), project.calls) == (before, calls)


def test_file_that_somebody_makes_meanwhile_is_not_overwritten(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Meanwhile(Terminal):
        def readline(self, *_: object) -> str:
            project.stack_file.write_text("theirs")
            return super().readline()

    monkeypatch.setattr(sys, "stdin", Meanwhile("risk\n"))
    assert project.new(owner=None) == 1
    assert "was made by somebody else just now" in capfd.readouterr().err
    assert project.stack_file.read_text() == "theirs"
    assert project.files() == sorted([*project.before, "Pulumi.risk-eu.yaml"])


@pytest.mark.parametrize("fails", ["localcloud start", "localcloud env", "stack init"])
def test_failed_step_takes_the_file_back_and_ends_as_it_ended(
    project: Project, monkeypatch: pytest.MonkeyPatch, fails: str, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAIL", fails)
    assert project.new() == 7
    assert project.files() == project.before
    said = capfd.readouterr().err
    assert "stacks/Pulumi.risk-eu.yaml is removed again" in said
    assert f"{fails.split()[1]}" in said
    monkeypatch.delenv("FAIL")
    assert project.new() == 0


def test_failed_preview_leaves_the_file_and_says_so(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAIL", "preview")
    assert project.new() == 7
    assert project.stack_file.exists()
    said = capfd.readouterr()
    assert "stacks/Pulumi.risk-eu.yaml stands, correct it or delete it; nothing was deployed" in said.err
    assert "make demo" not in said.out


def test_stack_that_has_something_in_it_is_left_alone(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    project.has({"urn": "urn"}, {"urn": "urn"})
    assert project.new() == 1
    assert "there is a stack risk-eu already, with 2 resources: choose another name" in capfd.readouterr().err
    assert project.files() == project.before
    assert not any(call.startswith(("stack rm", "stack init")) for call in project.calls)


def test_deleting_the_file_undoes_it_so_that_it_can_be_made_again(project: Project) -> None:
    project.has()
    assert project.new() == 0
    assert [call.partition(" -")[0] for call in project.calls[2:5]] == ["stack export", "stack rm", "stack init"]
    assert "--preserve-config" in project.calls[3]


def test_help_says_all_without_the_projects_packages() -> None:
    command = [sys.executable, "-S", "-c", "from scripts.new_stack import main; main(['--help'])"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=new_stack.ROOT, env={"PATH": os.environ["PATH"]})
    assert said.returncode == 0, said.stderr
    assert "To undo it, delete the stack file." in said.stdout
