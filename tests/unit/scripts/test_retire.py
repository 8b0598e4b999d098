"""How a retirement goes about it, on a pulumi that only writes down what it is asked, and an account of moto's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts import retire
from tests.unit.scripts.deployed_project import ACCOUNT, BUCKET, DATABASE, KEY, REPOSITORY, STACK, URN, Project, deployed, resource


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    with deployed(tmp_path, monkeypatch) as made:
        yield made


def commands(project: Project) -> list[str]:
    """What pulumi was asked, without the options."""
    return [call.split(" -", maxsplit=1)[0] for call in project.calls]


def test_protections_come_off_before_anything_is_destroyed(project: Project) -> None:
    assert retire.main(["prod", "--confirm", "prod"]) == 0
    assert [command for command in commands(project) if command != "stack export"] == ["up", "destroy"]


def test_the_update_reaches_the_protected_resources_and_no_other(project: Project) -> None:
    retire.main(["prod", "--confirm", "prod"])
    words = project.calls[1].split()
    targets = [words[at + 1] for at, word in enumerate(words) if word == "--target"]
    assert targets == [DATABASE["urn"], BUCKET["urn"], KEY["urn"]]


def test_what_only_aws_protects_is_unprotected_too(project: Project) -> None:
    unprotected_by_hand = [{**each, "protect": False} for each in (DATABASE, BUCKET, KEY)]
    assert retire.protected([*unprotected_by_hand, REPOSITORY]) == [DATABASE["urn"], BUCKET["urn"], REPOSITORY["urn"]]


LOCKED = {**resource(retire.BUCKET, "decision-log", protect=False, forceDestroy=False), "retainOnDelete": True}


def test_what_is_never_deleted_needs_no_unprotecting() -> None:
    assert retire.protected([LOCKED, {**LOCKED, "protect": True}]) == [LOCKED["urn"]]


def test_a_bucket_that_stays_is_announced_with_the_key_that_stays_with_it() -> None:
    said = retire.summary("prod", [LOCKED, DATABASE, {**KEY, "retainOnDelete": True}], "20261126-120000")
    assert "They stay, as they are:\n  decision-log-id\n" in said
    assert "KMS keys of what stays stay with it, without their aliases:\n  data-id" in said
    # Nor does a snapshot lose its key then.
    assert "wait for their deletion" not in said
    assert "cancel-key-deletion" not in said


def test_only_the_update_says_that_the_stack_is_retiring(project: Project) -> None:
    before = project.stack_file.read_bytes()
    retire.main(["prod", "--confirm", "prod"])
    assert project.stack_file.read_bytes() == before
    assert project.updated_with["config"]["ml-platform:settings"].keys() == {"account", "region", "retiring"}
    assert project.updated_with["encryptionsalt"] == "v1:salt"


def test_the_final_snapshot_is_announced_under_the_name_that_the_update_gives_it(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    retire.main(["prod", "--confirm", "prod"])
    retiring = project.updated_with["config"]["ml-platform:settings"]["retiring"]
    assert f"Final snapshots stay:\n  prod-registry-final-{retiring}\n" in capsys.readouterr().out


def test_a_second_run_goes_on_with_the_destroy(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    open_ = {"deletionProtection": False, "finalSnapshotIdentifier": "prod-registry-final-20261123-130501"}
    project.state(STACK, resource(retire.DATABASE, "registry", protect=False, **open_))
    assert retire.main(["prod", "--confirm", "prod"]) == 0
    assert [command for command in commands(project) if command != "stack export"] == ["destroy"]
    assert "\n  prod-registry-final-20261123-130501\n" in capsys.readouterr().out


def test_a_failed_update_destroys_nothing(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FAIL", "up")
    assert retire.main(["prod", "--confirm", "prod"]) == 7
    assert commands(project) == ["stack export", "up"]
    assert "nothing was destroyed" in capsys.readouterr().out


def test_a_cancelled_update_destroys_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANCEL", "up")
    assert retire.main(["prod", "--confirm", "prod"]) == retire.INTERRUPTED
    assert "destroy" not in commands(project)


def test_a_cancelled_destroy_is_not_success(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CANCEL", "destroy")
    assert retire.main(["prod", "--confirm", "prod"]) == retire.INTERRUPTED
    assert "run this again" in capsys.readouterr().out


def test_a_failed_destroy_is_not_success(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FAIL", "destroy")
    assert retire.main(["prod", "--confirm", "prod"]) == 7
    assert "run this again" in capsys.readouterr().out


@pytest.mark.parametrize("confirmation", [[], ["--confirm", "staging"], ["--confirm", ""]])
def test_without_the_same_name_again_it_only_looks(project: Project, confirmation: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert retire.main(["prod", *confirmation]) == 1
    assert commands(project) == ["stack export"]
    said = capsys.readouterr()
    assert "expected `prod`" in said.err
    assert "4 resources, all of which go; protected until now: 3." in said.out


def test_another_accounts_credentials_are_refused_before_pulumi_is_asked_anything(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.settings(account="333333333333")
    assert retire.main(["prod", "--confirm", "prod"]) == 1
    assert project.calls == []
    assert f"the credentials are of account {ACCOUNT}; the stack file of prod says 333333333333" in capsys.readouterr().err


def test_a_stack_that_does_not_exist_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert retire.main(["pord", "--confirm", "pord"]) == 1
    assert project.calls == []
    assert "there is no stack pord" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "config: [", "config: {}", "config: {ml-platform:settings: {region: eu-west-1}}"])
def test_a_stack_file_that_does_not_say_whose_it_is_is_refused(project: Project, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    project.stack_file.write_text(text)
    assert retire.main(["prod", "--confirm", "prod"]) == 1
    assert project.calls == []
    assert "does not say whose stack it is" in capsys.readouterr().err


def test_a_state_that_cannot_be_read_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAIL", "stack")
    assert retire.main(["prod", "--confirm", "prod"]) == 1
    assert commands(project) == ["stack export"]
    assert "`pulumi stack export` ended with 7" in capsys.readouterr().err


def test_the_key_that_opens_the_snapshots_is_named_with_its_time(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    retire.main(["prod"])
    assert "\n  data-id, 30 days\nTo keep a snapshot for longer: " in capsys.readouterr().out


def statements(users: str) -> dict[str, Any]:
    """Of a Job, as a state has them."""
    urn = f"{URN}ml-platform:components:DatabaseJob$kubernetes:core/v1:ConfigMap::risk-database"
    return {
        "urn": urn,
        "type": "kubernetes:core/v1:ConfigMap",
        "id": "feature-store/risk-database",
        "inputs": {"data": {"users.json": users}},
    }


MAKING, DROPPING = statements('{"tenant_risk_ro": {}}'), statements("{}")


def test_a_tenant_whose_database_would_be_left_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where its file says that it retires, and nothing was updated since."""
    project.state(STACK, MAKING)
    project.settings(account=ACCOUNT, kind="tenant", retiring="20261127-030000")
    assert retire.main(["prod", "--confirm", "prod"]) == 1
    assert "prod is a tenant, whose database would be left in its platform's server; expected it to be dropped" in capsys.readouterr().err
    assert set(commands(project)) == {"stack export"}


@pytest.mark.parametrize(("kind", "job"), [("tenant", DROPPING), ("platform", MAKING)], ids=["a tenant that drops it", "a platform"])
def test_databases_that_are_dropped_or_go_with_their_server_keep_nothing(project: Project, kind: str, job: dict[str, Any]) -> None:
    project.state(STACK, job)
    project.settings(account=ACCOUNT, kind=kind)
    assert retire.main(["prod", "--confirm", "prod"]) == 0
