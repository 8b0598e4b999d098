"""The restore drill on a real environment: as far as the local AWS reaches, and nothing taken for done beyond that."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from localcloud.instance import CHECKOUT, Instance
from tests.local.conftest import Stack, platform

DRILL = CHECKOUT / "scripts" / "restore_drill.py"
# The script is the parent of the command that it runs.
INTERRUPT = "kill -INT $PPID; sleep 60"

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Life:
    """What was seen of an environment whose registry was restored beside it, several times. The tests only read it."""

    registry: dict[str, Any]
    looked: Done
    drilled: Done
    left: set[str]
    """After a drill: names of databases, snapshots and log groups."""
    kept: Done
    copy: dict[str, Any]
    cleaned: Done
    left_cleaned: set[str]
    interrupted: Done
    left_interrupted: set[str]
    registry_after: dict[str, Any]


@pytest.fixture(scope="module")
def life(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Life:
    stack = platform(cloud, tmp_path_factory.mktemp("drill"), "dev", "drilled")
    stack.up()
    registry = described(stack)[0]
    looked, drilled, left = drill(stack), drill(stack, "--confirm", stack.name), names(stack)
    kept = drill(stack, "--confirm", stack.name, "--keep")
    (copy,) = [each for each in described(stack) if each["DBInstanceIdentifier"] != registry["DBInstanceIdentifier"]]
    cleaned, left_cleaned = drill(stack, "--confirm", stack.name, "--clean"), names(stack)
    interrupted = drill(stack, "--confirm", stack.name, "--rebuild", INTERRUPT)
    return Life(
        registry=registry,
        looked=looked,
        drilled=drilled,
        left=left,
        kept=kept,
        copy=copy,
        cleaned=cleaned,
        left_cleaned=left_cleaned,
        interrupted=interrupted,
        left_interrupted=names(stack),
        registry_after=described(stack)[0],
    )


def drill(stack: Stack, *arguments: str) -> Done:
    command = [sys.executable, str(DRILL), stack.name, *arguments]
    return subprocess.run(command, cwd=stack.project, env=stack.variables, capture_output=True, text=True, check=False)


def described(stack: Stack) -> list[dict[str, Any]]:
    found = stack.aws("rds").describe_db_instances()["DBInstances"]
    # The emulator makes this one up anew with each answer.
    return [{name: value for name, value in each.items() if name != "LatestRestorableTime"} for each in found]


def names(stack: Stack) -> set[str]:
    snapshots = stack.aws("rds").describe_db_snapshots()["DBSnapshots"]
    groups = stack.aws("logs").describe_log_groups(logGroupNamePrefix="/aws/rds/")["logGroups"]
    return {
        *(each["DBInstanceIdentifier"] for each in described(stack)),
        *(each["DBSnapshotIdentifier"] for each in snapshots),
        *(each["logGroupName"] for each in groups),
    }


ONLY_THE_REGISTRY = {"drilled-registry", "/aws/rds/instance/drilled-registry/error", "/aws/rds/instance/drilled-registry/slowquery"}


def outcomes(done: Done) -> dict[str, str]:
    """What became of each step, from the table."""
    found: dict[str, str] = {}
    for line in done.stdout.splitlines():
        for outcome in ("done", "failed", "not reached"):
            name, between, _ = line.partition(f"  {outcome} ")
            if between and name.startswith("  "):
                found[name.strip()] = outcome
    return found


def test_what_the_local_aws_cannot_do_is_not_taken_for_done(life: Life) -> None:
    assert life.drilled.returncode == 2, life.drilled.stdout + life.drilled.stderr
    assert outcomes(life.drilled) == {
        "snapshot": "done",
        "restore": "done",
        "as its source": "not reached",
        "policies": "not reached",
        "rows": "not reached",
        "online store": "not reached",
        "deleted": "done",
    }


@pytest.mark.parametrize("property", ["kmsKeyId", "enabledCloudwatchLogsExports", "engineLifecycleSupport"])
def test_a_property_that_the_local_aws_drops_is_named(life: Life, property: str) -> None:
    assert f"{property} is not described" in life.drilled.stdout


def test_a_rule_that_reads_what_is_not_described_is_named(life: Life) -> None:
    assert "rds-encrypted: kmsKeyId not described" in life.drilled.stdout


def test_a_drill_leaves_nothing(life: Life) -> None:
    assert life.left == ONLY_THE_REGISTRY


def test_without_the_name_again_nothing_is_made(life: Life) -> None:
    assert life.looked.returncode == 1
    assert "nothing was touched: --confirm got nothing; expected `drilled`" in life.looked.stderr


def test_a_copy_that_is_kept_has_the_groups_of_the_registry(life: Life) -> None:
    groups = ("VpcSecurityGroups", "DBSubnetGroup")
    named = [{name: str(each[name]).partition("DBSubnetGroupDescription")[0] for name in groups} for each in (life.copy, life.registry)]
    assert named[0] == named[1]
    assert life.copy["DBParameterGroups"][0]["DBParameterGroupName"] == life.registry["DBParameterGroups"][0]["DBParameterGroupName"]


def test_a_copy_that_is_kept_is_tagged_as_the_registry(life: Life) -> None:
    assert sorted(life.copy["TagList"], key=str) == sorted(life.registry["TagList"], key=str)


def test_what_was_kept_is_cleaned_up(life: Life) -> None:
    assert life.cleaned.returncode == 0, life.cleaned.stdout + life.cleaned.stderr
    assert life.left_cleaned == ONLY_THE_REGISTRY


def test_an_interrupted_drill_deletes_what_it_made(life: Life) -> None:
    assert life.interrupted.returncode == 130, life.interrupted.stdout + life.interrupted.stderr
    assert "restore: done" in life.interrupted.stdout
    assert life.left_interrupted == ONLY_THE_REGISTRY


def test_the_registry_is_as_before(life: Life) -> None:
    assert life.registry_after == life.registry
