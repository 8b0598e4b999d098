"""How a drill goes, and what it leaves, in an account of moto's; on the local AWS it runs in tests/local/test_restore_drill.py."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from scripts import drill, restore_drill
from scripts.drill_rows import Connect
from scripts.drill_steps import NotReached
from tests.unit.scripts.deployed_project import ACCOUNT, STACK, deployed
from tests.unit.scripts.drilled_registry import NAME, Registry

ONLY_THE_REGISTRY = {NAME, f"/aws/rds/instance/{NAME}/error", f"/aws/rds/instance/{NAME}/slowquery"}
CONFIRMED = ("--confirm", "prod")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """It is there at the end of each test, as it was."""
    # Loading them takes seconds.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    with deployed(tmp_path, monkeypatch) as project:
        made = Registry(project, monkeypatch)
        yield made
        assert made.names() >= ONLY_THE_REGISTRY


@pytest.fixture
def reached(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The registry, with its rows in reach."""
    monkeypatch.setattr(drill, "over_tls", lambda _: None)
    monkeypatch.setattr(drill, "rows", lambda *_: {"feast_credit_decisions": {"entities": 3}})
    return registry


def drilled(*arguments: str, pause: Callable[[float], None] = lambda _: None, clock: Callable[[], float] = lambda: 0.0) -> int:
    return restore_drill.main(["prod", *arguments], pause=pause, clock=clock)


def test_a_drill_in_which_all_is_done_ends_with_0(reached: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert drilled(*CONFIRMED, "--rebuild", "true") == 0, capsys.readouterr().out
    assert reached.names() == ONLY_THE_REGISTRY


def test_what_is_not_reached_is_not_success(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert drilled(*CONFIRMED, "--rebuild", "true") == 2
    assert "no certificate authority to hold the server against: give --ca" in capsys.readouterr().out
    assert registry.names() == ONLY_THE_REGISTRY


def test_who_rebuilds_nothing_is_told_how(reached: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert drilled(*CONFIRMED) == 2
    assert reached.called("RestoreDBInstanceFromDBSnapshot")
    assert "`feast materialize START " in capsys.readouterr().out


@pytest.mark.parametrize("confirmation", [[], ["--confirm", "staging"], ["--confirm", ""]])
def test_without_the_same_name_again_it_only_looks(registry: Registry, confirmation: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert drilled(*confirmation) == 1
    assert registry.names() == ONLY_THE_REGISTRY
    said = capsys.readouterr()
    assert "expected `prod`" in said.err
    assert f"is made of {NAME}, from a snapshot that is taken now: db.m7g.large in two zones" in said.out


def test_another_accounts_credentials_are_refused_before_anything_is_asked(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.project.settings(account="333333333333")
    assert drilled(*CONFIRMED) == 1
    assert [name for name, _ in registry.calls] == ["GetCallerIdentity"]
    assert f"the credentials are of account {ACCOUNT}; the stack file of prod says 333333333333" in capsys.readouterr().err


def test_a_stack_without_a_registry_is_refused(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.project.state(STACK)
    assert drilled(*CONFIRMED) == 1
    assert "the state of prod has no database prod-registry" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("snapshot", "message"),
    [("nightly", "there is no snapshot `nightly` of prod-registry"), ("latest", "there is no automated snapshot of prod-registry")],
)
def test_a_snapshot_that_is_not_there_is_refused(
    registry: Registry, snapshot: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for each in registry.rds.describe_db_snapshots(SnapshotType="automated")["DBSnapshots"]:
        registry.rds.delete_db_snapshot(DBSnapshotIdentifier=each["DBSnapshotIdentifier"])
    assert drilled(*CONFIRMED, "--snapshot", snapshot) == 1
    assert registry.names() == ONLY_THE_REGISTRY
    assert message in capsys.readouterr().err


def test_a_snapshot_of_another_database_is_refused(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.make("staging-registry")
    registry.rds.create_db_snapshot(DBSnapshotIdentifier="theirs", DBInstanceIdentifier="staging-registry")
    assert drilled(*CONFIRMED, "--snapshot", "theirs") == 1
    assert "there is no snapshot `theirs` of prod-registry" in capsys.readouterr().err


def test_a_snapshot_that_was_named_is_used_and_stays(registry: Registry) -> None:
    registry.rds.create_db_snapshot(DBSnapshotIdentifier="nightly", DBInstanceIdentifier=NAME)
    drilled(*CONFIRMED, "--snapshot", "nightly")
    assert registry.called("RestoreDBInstanceFromDBSnapshot")["DBSnapshotIdentifier"] == "nightly"
    assert registry.names() == {*ONLY_THE_REGISTRY, "nightly"}


def test_a_copy_of_an_earlier_moment_takes_no_snapshot(registry: Registry) -> None:
    at = datetime.now(UTC) - timedelta(hours=1)
    drilled(*CONFIRMED, "--at", at.isoformat())
    assert registry.called("RestoreDBInstanceToPointInTime")["RestoreTime"] == at
    assert "CreateDBSnapshot" not in {name for name, _ in registry.calls}
    assert registry.names() == ONLY_THE_REGISTRY


@pytest.mark.parametrize(
    ("at", "message"),
    [("yesterday", "--at got `yesterday`; expected a time such as"), ("2999-01-01T00:00:00", "expected a time before 2")],
)
def test_a_moment_that_rds_has_not_is_refused(registry: Registry, at: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert drilled(*CONFIRMED, "--at", at) == 1
    assert registry.names() == ONLY_THE_REGISTRY
    assert message in capsys.readouterr().err


def test_a_registry_without_backups_has_no_earlier_moment(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.bend_registry(lambda described: described.pop("LatestRestorableTime"))
    assert drilled(*CONFIRMED, "--at", "2026-11-26T18:00:00Z") == 1
    assert "prod-registry can be restored to no moment" in capsys.readouterr().err


def test_the_copys_logs_are_encrypted_and_kept_as_the_registrys(registry: Registry) -> None:
    drilled(*CONFIRMED)
    made = [parameters for name, parameters in registry.calls if name == "CreateLogGroup" and "-drill-" in parameters["logGroupName"]]
    kept = [parameters for name, parameters in registry.calls if name == "PutRetentionPolicy" and "-drill-" in parameters["logGroupName"]]
    assert [each["logGroupName"].rpartition("/")[2] for each in made] == ["error", "slowquery"]
    assert all(each["kmsKeyId"].startswith("arn:aws:kms:") for each in made)
    assert [each["retentionInDays"] for each in kept] == [365, 365]


FAULTS: dict[str, tuple[Callable[[Registry], None], str]] = {
    "a copy that is never available": (
        lambda registry: registry.bend("DescribeDBInstances", "DBInstances", lambda copy: copy.update(DBInstanceStatus="creating")),
        "is not available after 4 h 0 min",
    ),
    "a copy that fails": (
        lambda registry: registry.bend(
            "DescribeDBInstances", "DBInstances", lambda copy: copy.update(DBInstanceStatus="incompatible-restore")
        ),
        "is incompatible-restore: `aws rds describe-events",
    ),
    "a snapshot that fails": (
        lambda registry: registry.bend("DescribeDBSnapshots", "DBSnapshots", lambda taken: taken.update(Status="failed")),
        "RDS failed to take prod-registry-drill-",
    ),
    "a restore that is refused": (
        lambda registry: registry.refuse("RestoreDBInstanceFromDBSnapshot", "InstanceQuotaExceeded"),
        "InstanceQuotaExceeded",
    ),
    "a copy that breaks a policy": (
        lambda registry: registry.bend("DescribeDBInstances", "DBInstances", lambda copy: copy.update(StorageEncrypted=False)),
        "rds-encrypted: storageEncrypted is False: set it to True.",
    ),
    "a copy that breaks what binds production": (
        lambda registry: registry.bend("DescribeDBInstances", "DBInstances", lambda copy: copy.update(MultiAZ=False)),
        "rds-multi-az: multiAz is False: set it to True.",
    ),
    "a copy in the default security group": (
        lambda registry: registry.bend("DescribeDBInstances", "DBInstances", lambda copy: copy.update(VpcSecurityGroups=[])),
        "vpcSecurityGroupIds is None; the source has ['sg-",
    ),
    "a copy without a tag": (
        lambda registry: registry.bend(
            "DescribeDBInstances", "DBInstances", lambda copy: copy["TagList"].remove({"Key": "environment", "Value": "prod"})
        ),
        "the tag environment is not 'prod'",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_with_1_and_leaves_nothing(reached: Registry, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    inject, message = FAULTS[fault]
    inject(reached)
    assert drilled(*CONFIRMED, "--rebuild", "true") == 1
    assert message in capsys.readouterr().out
    assert reached.names() == ONLY_THE_REGISTRY


def test_what_needs_a_copy_is_not_reached_without_one(reached: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    reached.refuse("RestoreDBInstanceFromDBSnapshot", "InstanceQuotaExceeded")
    drilled(*CONFIRMED, "--rebuild", "true")
    said = capsys.readouterr().out
    assert said.count("there is no copy") == 3


def test_a_drill_that_breaks_off_leaves_nothing(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_drill: Any) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(drill.Drill, "judge", broken)
    with pytest.raises(ZeroDivisionError):
        drilled(*CONFIRMED, "--keep")
    assert registry.names() == ONLY_THE_REGISTRY


def test_an_interrupted_drill_leaves_nothing(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.bend("DescribeDBInstances", "DBInstances", lambda copy: copy.update(DBInstanceStatus="creating"))
    interrupts = iter([KeyboardInterrupt])

    def pause(_seconds: float) -> None:
        for interrupt in interrupts:
            raise interrupt

    assert drilled(*CONFIRMED, pause=pause) == 130
    assert registry.names() == ONLY_THE_REGISTRY
    assert "interrupted; `scripts/restore_drill.py prod` says whether something is left" in capsys.readouterr().err


def test_a_copy_that_aws_is_still_making_is_deleted_when_it_lets_go(registry: Registry) -> None:
    registry.refuse("DeleteDBInstance", "InvalidDBInstanceState", times=3)
    registry.refuse("DeleteDBSnapshot", "InvalidDBSnapshotState", times=2)
    waited: list[float] = []
    drilled(*CONFIRMED, pause=waited.append)
    assert registry.names() == ONLY_THE_REGISTRY
    assert waited == [1, 2, 4, 8, 1, 2, 4]


def test_what_cannot_be_deleted_is_a_failure(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    registry.refuse("DeleteDBInstance", "AccessDenied")
    assert drilled(*CONFIRMED) == 1
    assert "AccessDenied" in capsys.readouterr().out


def test_a_later_drill_names_what_an_earlier_one_left(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    drilled(*CONFIRMED, "--keep")
    (left,) = {name for name in registry.names() if name.startswith(f"{NAME}-drill-")}
    capsys.readouterr()
    drilled()
    assert f"Earlier drills left {left}; --clean deletes it." in capsys.readouterr().out


def test_cleaning_up_deletes_what_drills_left_and_nothing_else(registry: Registry) -> None:
    theirs = {"prod-registry-drill-theirs": "ml-platform/prod-registry", "prod-registry-drilling": "ml-platform/prod"}
    for name, deployment in theirs.items():
        registry.make(name, Tags=[{"Key": "deployment", "Value": deployment}])
    drilled(*CONFIRMED, "--keep")
    assert drilled(*CONFIRMED, "--clean") == 0
    assert registry.names() == {*ONLY_THE_REGISTRY, *theirs}


def test_nothing_is_cleaned_up_without_the_name_again(registry: Registry) -> None:
    drilled(*CONFIRMED, "--keep")
    before = registry.names()
    assert drilled("--clean") == 1
    assert registry.names() == before


def test_a_restore_that_takes_longer_than_promised_is_a_failure(reached: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    # Each step takes two hours.
    assert drilled(*CONFIRMED, "--rebuild", "true", clock=count(step=7200).__next__) == 1
    assert "back in 4 h 0 min (snapshot to a copy that is as its source: 6 h 0 min)" in capsys.readouterr().out


def test_a_registry_that_could_lose_more_than_promised_is_a_failure(reached: Registry) -> None:
    old = datetime.now(UTC) - timedelta(minutes=6)
    reached.bend_registry(lambda registry: registry.update(LatestRestorableTime=old))
    assert drilled(*CONFIRMED, "--rebuild", "true") == 1


def test_a_rebuild_that_fails_is_a_failure(reached: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert reached.names() == ONLY_THE_REGISTRY
    assert drilled(*CONFIRMED, "--rebuild", "exit 7") == 1
    assert "`exit 7` ended with 7" in capsys.readouterr().out


def test_a_rebuild_is_told_where_the_copy_is(reached: Registry, tmp_path: Path) -> None:
    assert drilled(*CONFIRMED, "--rebuild", f'echo "$DRILL_REGISTRY_HOST:$DRILL_REGISTRY_PORT" > {tmp_path}/seen') == 0
    copy = reached.called("RestoreDBInstanceFromDBSnapshot")["DBInstanceIdentifier"]
    assert (tmp_path / "seen").read_text() == f"{copy}.aaaaaaaaaa.{reached.rds.meta.region_name}.rds.amazonaws.com:3306\n"


def test_rows_that_cannot_be_counted_are_not_reached(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_host: str, _port: int, _user: str, _password: str) -> Any:
        raise NotReached("no route")

    def over_tls(_ca: Path | None) -> Connect:
        return nowhere

    monkeypatch.setattr(drill, "over_tls", over_tls)
    assert registry.names() == ONLY_THE_REGISTRY
    assert drilled(*CONFIRMED, "--rebuild", "true") == 2


def test_help_names_each_action_that_a_drill_needs(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    drilled(*CONFIRMED)
    called = {name for name, _ in registry.calls} - {"GetCallerIdentity"}
    with pytest.raises(SystemExit):
        restore_drill.main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert len(called) > 10
    assert {name for name in called if name not in said and not name.startswith("DescribeDB")} == set()
