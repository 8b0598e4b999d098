"""What the program does with its stack file: refuses it before anything is registered, or warns of what has no effect."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from planning import catalogue
from stacks.settings import SettingsRefused, load
from tests.unit.conftest import STACKS
from tests.unit.registrations import record
from tests.unit.stacks.samples import DEV, PROD, STAGING, TENANT, changed

Loaded = Callable[[dict[str, Any]], list[str]]


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    """Loads a stack file called dev, beside staging's, in a project of its own; returns what was warned of."""
    monkeypatch.setattr("stacks.settings.get_root_directory", lambda: str(tmp_path))
    (tmp_path / "Pulumi.yaml").write_text((STACKS.parent / "Pulumi.yaml").read_text(encoding="utf-8"))
    (tmp_path / "stacks").mkdir()

    def write(stack: str, given: dict[str, Any]) -> None:
        (tmp_path / "stacks" / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": {"ml-platform:settings": given}}))

    def run(given: dict[str, Any]) -> list[str]:
        write("dev", given)
        write("staging", STAGING)
        warned: list[str] = []
        monkeypatch.setattr(pulumi.log, "warn", warned.append)

        def program() -> None:
            pulumi.runtime.set_config("ml-platform:settings", json.dumps(given))
            load()

        assert not [each for each in record(program).registrations if not each.type.startswith("pulumi:pulumi:")]
        return warned

    return run


def test_a_right_stack_file_warns_of_nothing(loaded: Loaded) -> None:
    assert loaded(DEV) == []


def test_what_nothing_is_built_from_yet_is_warned_of(loaded: Loaded) -> None:
    given = changed(DEV, ("backup.copy_region", "eu-central-1"), ("backup.restore_testing", True))
    assert sorted(loaded(given)) == [
        "stacks/Pulumi.dev.yaml: backup.copy_region: is checked, and nothing is built from it yet",
        "stacks/Pulumi.dev.yaml: backup.restore_testing: is checked, and nothing is built from it yet",
    ]


@pytest.mark.parametrize(("emails", "warned"), [([], 1), (["on-call@example.com"], 0)])
def test_a_production_of_whose_alarms_nobody_hears_is_warned_of(loaded: Loaded, emails: list[str], warned: int) -> None:
    said = loaded(changed(PROD, ("observability.alarm_emails", emails)))
    assert len(said) == warned
    assert all("observability.alarm_emails: nobody is told of alarms" in each for each in said)


@pytest.mark.parametrize(
    ("reached_by", "warned"),
    [
        ({}, 1),
        ({"ci": {"github_repository": "example/ml-platform", "runner": True}}, 0),
        ({"clusters.main.private_access_cidrs": ["10.99.0.0/16"]}, 0),
        ({"clusters.main.public_access_cidrs": ["203.0.113.0/24"]}, 0),
    ],
)
def test_a_cluster_whose_api_nobody_reaches_is_warned_of(loaded: Loaded, reached_by: dict[str, object], warned: int) -> None:
    given = changed(DEV, ("clusters.main.public_access_cidrs", []), ("ci", None), *reached_by.items())
    said = loaded(given)
    assert len(said) == warned
    assert all("clusters.main: nobody reaches its API" in each for each in said)


def test_old_facts_are_warned_of_and_refuse_nothing(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "age_warning", lambda: "the facts about AWS are old")
    assert loaded(DEV) == ["the facts about AWS are old"]


def test_the_other_stack_files_are_those_of_the_project(loaded: Loaded) -> None:
    with pytest.raises(SettingsRefused, match=r"stacks/Pulumi.dev.yaml:\d+: network.cidr: .* the VPC of stacks/Pulumi.staging.yaml"):
        loaded(changed(DEV, ("network.cidr", "10.30.0.0/16")))


def test_a_tenant_is_loaded_and_nothing_in_it_is_warned_of(loaded: Loaded) -> None:
    assert loaded(changed(TENANT, ("platform", "staging"), ("account", STAGING["account"]))) == []
