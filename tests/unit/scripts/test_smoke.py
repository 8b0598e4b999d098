"""scripts/smoke.py, on a project whose stack is deployed to an AWS that answers as live.py says."""

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import contract
from operations.smoke import environment
from operations.smoke.access import Access
from planning.names import Names
from scripts import smoke
from tests.unit.operations.smoke.live import CONTRACT, World, refusal
from tests.unit.scripts.deployed_project import Project, deployed

NAME = "prod"

ALONE = ["--without", "clusters", "--without", "registry", "--without", "online-store"]


def parameter(value: str) -> dict[str, Any]:
    return {"Parameter": {"Value": value}}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Project]:
    with deployed(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def world(project: Project, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    for section in contract.SECTIONS:
        made.aws["ssm", "get_parameter", contract.parameter_name(NAME, section)] = parameter(getattr(CONTRACT, section).model_dump_json())
    for service, operation, name in (
        ("rds", "describe_db_instances", "registry"),
        ("elasticache", "describe_replication_groups", "online-store"),
    ):
        made.aws[service, operation, f"{NAME}-{name}"] = made.aws.pop((service, operation, f"dev-{name}"))

    def of_aws(names: Names, region: str, ca: Path | None) -> Access:
        return replace(made.access(ca), names=names)

    monkeypatch.setattr(smoke, "of_aws", of_aws)
    return made


def test_a_stack_that_is_as_it_should_be_ends_with_0(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke.main([NAME, *ALONE]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"{NAME}: ")


def test_a_fault_ends_with_1_and_is_told_to_programs_too(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.aws["s3", "get_bucket_versioning", "models"] = {}
    assert smoke.main([NAME, *ALONE, "--json"]) == 1
    failed = [each["check"] for each in json.loads(capsys.readouterr().out)["checks"] if each["verdict"] == "failed"]
    assert failed == ["bucket models: versioning"]


def test_what_cannot_be_looked_at_ends_with_2(world: World) -> None:
    world.aws["kms", "describe_key", CONTRACT.foundation.key_arns["logs"]] = refusal("AccessDeniedException")
    assert smoke.main([NAME, *ALONE]) == 2


def test_without_clusters_there_are_no_node_pools_to_look_at(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    smoke.main([NAME, *ALONE, "--json"])
    unchecked = {each["check"]: each["seen"] for each in json.loads(capsys.readouterr().out)["checks"] if "node pool" in each["check"]}
    assert {name: seen for name, seen in unchecked.items() if name.endswith("ready")} == {
        f"node pool {pool}: ready": "--without nodes" for pool in ("feature-store", "serving", "training-cpu")
    }


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (refusal("ParameterNotFound", "GetParameter"), "deploy it, correct the stack's name, or get the right to read it"),
        (parameter("{}"), "is of another version than this checkout"),
    ],
)
def test_without_a_contract_it_cannot_be_run(world: World, answer: Any, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    world.aws["ssm", "get_parameter", f"/ml-platform/{NAME}/serving"] = answer
    assert smoke.main([NAME]) == 2
    assert message in capsys.readouterr().err


def test_with_another_accounts_credentials_it_is_not_run(project: Project, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    project.settings(account="999999999999")
    assert smoke.main([NAME]) == 2
    assert "log in to that one" in capsys.readouterr().err
    assert world.asked == set()


def test_a_stack_that_is_not_there_is_refused(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke.main(["other"]) == 2
    assert "there is no stack other" in capsys.readouterr().err


def test_an_interrupt_ends_with_130(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def checks(*_: object) -> list[Any]:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "checks", checks)
    assert smoke.main([NAME]) == 130
