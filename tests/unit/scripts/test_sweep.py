"""What a sweep finds, deletes and leaves alone, in an account of moto's."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from scripts import sweep
from scripts.leftovers import KINDS, Clients, Kind, Leftover
from tests.unit.scripts.deployed_project import ACCOUNT, ROLE, STACK, Project, deployed
from tests.unit.scripts.left_behind import OURS, REGION, Account

# A value that begins as ours, ours under another key, and nothing at all.
NEIGHBOURS = (("deployment", f"{OURS}-eu"), ("deployment", "ml-platform"), ("environment", OURS), None)
NAMES = [kind.name for kind in KINDS]

Said = tuple[int, str]
"""The exit code of a sweep, and what it said."""


@dataclass(frozen=True)
class Life:
    """An account in which one of each kind was left behind, among neighbours, and what became of them. The tests only read it."""

    planted: dict[str, str]
    """Ids, by kind."""
    looked: Said
    untouched: set[str]
    """The kinds whose planted object was there after that."""
    swept: Said
    left: set[str]
    lost_neighbours: set[str]
    """Kinds of which a neighbour was gone at the end."""
    swept_again: Said


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    with pytest.MonkeyPatch.context() as patched, an_account(tmp_path_factory.mktemp("project"), patched) as (_, account):
        # The other way round than they can go.
        planted = {kind: account.plant(kind) for kind in reversed(NAMES)}
        neighbours = [(kind, account.plant(kind, tag)) for kind in NAMES for tag in NEIGHBOURS]
        looked = swept()
        untouched = {kind for kind, id_ in planted.items() if account.exists(kind, id_)}
        return Life(
            planted=planted,
            looked=looked,
            untouched=untouched,
            swept=swept("--confirm", "prod"),
            left={kind for kind, id_ in planted.items() if account.exists(kind, id_)},
            lost_neighbours={kind for kind, id_ in neighbours if not account.exists(kind, id_)},
            swept_again=swept("--confirm", "prod"),
        )


@contextmanager
def an_account(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[Project, Account]]:
    """A project whose stack was destroyed, and the account that it was in."""
    # Loading them takes seconds.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    with deployed(directory, monkeypatch) as project:
        project.state(STACK)
        yield project, Account()


def swept(*arguments: str) -> Said:
    with redirect_stdout(StringIO()) as out:
        code = sweep.main(["prod", *arguments], pause=lambda _: None)
    return code, out.getvalue()


@pytest.mark.parametrize("kind", NAMES)
def test_each_kind_is_found(life: Life, kind: str) -> None:
    assert [line for line in life.looked[1].splitlines() if line.startswith(f"  {kind} ") and life.planted[kind] in line]


@pytest.mark.parametrize("kind", NAMES)
def test_each_kind_is_deleted(life: Life, kind: str) -> None:
    assert kind not in life.left


@pytest.mark.parametrize("kind", NAMES)
def test_nothing_whose_tag_differs_is_touched(life: Life, kind: str) -> None:
    assert kind not in life.lost_neighbours


@pytest.mark.parametrize("kind", NAMES)
def test_without_the_name_again_nothing_is_touched(life: Life, kind: str) -> None:
    assert kind in life.untouched


def test_the_exit_code_says_whether_something_is_left(life: Life) -> None:
    assert [code for code, _ in (life.looked, life.swept, life.swept_again)] == [2, 0, 0]


def test_an_account_with_nothing_left_is_named(life: Life) -> None:
    assert life.swept_again[1] == f"Nothing tagged deployment={OURS} is left in account {ACCOUNT}, {REGION}.\n"


def test_who_only_looks_is_told_how_to_delete(life: Life) -> None:
    assert "Nothing was touched. To delete all of this: scripts/sweep.py prod --confirm prod" in life.looked[1]


def test_kinds_go_in_the_order_in_which_each_is_free(life: Life) -> None:
    begun = [line.split(": deletion begun")[0].rpartition(" ")[0] for line in life.swept[1].splitlines() if "deletion begun" in line]
    assert begun == [
        "load balancer",
        "target group",
        "instance",
        "launch template",
        "volume",
        "snapshot",
        "network interface",
        "security group",
        "instance profile",
        "database",
        "database snapshot",
    ]


@pytest.fixture
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Project, Account, str]]:
    """A project, its account, and the id of a volume that was left behind there; it is still there after the test."""
    with an_account(tmp_path, monkeypatch) as (project, account):
        volume = account.plant("volume")
        yield project, account, volume
        assert account.exists("volume", volume)


def test_what_is_in_the_state_is_never_swept(left: tuple[Project, Account, str], capsys: pytest.CaptureFixture[str]) -> None:
    left[0].state(STACK, ROLE)
    assert swept("--confirm", "prod")[0] == 1
    assert "the state of prod has 1 resources: destroy it first" in capsys.readouterr().err


def test_a_name_that_is_retyped_wrong_is_refused(left: tuple[Project, Account, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert left[2]
    assert swept("--confirm", "pord")[0] == 1
    assert "nothing was touched: --confirm got `pord`; expected `prod`" in capsys.readouterr().err


def test_another_accounts_credentials_are_refused_before_pulumi_is_asked(
    left: tuple[Project, Account, str], capsys: pytest.CaptureFixture[str]
) -> None:
    left[0].settings(account="333333333333")
    assert swept("--confirm", "prod")[0] == 1
    assert left[0].calls == []
    assert f"the credentials are of account {ACCOUNT}; the stack file of prod says 333333333333" in capsys.readouterr().err


def test_an_account_that_cannot_be_looked_at_is_not_clean(
    left: tuple[Project, Account, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable(_clients: Clients, _deployment: str) -> list[Leftover]:
        raise EndpointConnectionError(endpoint_url="https://ec2")

    assert left[2]
    monkeypatch.setattr(sweep, "KINDS", (Kind("volume", unreachable, KINDS[0].delete),))
    assert swept()[0] == 1
    assert "it is unknown what is left" in capsys.readouterr().err


def test_an_interrupt_says_to_run_it_again(left: tuple[Project, Account, str], capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    assert left[2]
    assert sweep.main(["prod", "--confirm", "prod"], pause=interrupted) == 130
    assert "interrupted; run it again to go on" in capsys.readouterr().err


def test_rules_about_other_groups_go_before_a_group(left: tuple[Project, Account, str]) -> None:
    """AWS keeps a group that a rule of another names; moto does not, so the calls are looked at."""
    _, account, _ = left
    group, named = account.plant("security group"), account.plant("security group")
    pair: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": named}]}
    account.clients.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[pair])
    account.clients.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[pair])
    called: list[str] = []
    account.clients.ec2.meta.events.register("before-call.ec2", lambda model, **_: called.append(model.name))
    (kind,) = (kind for kind in KINDS if kind.name == "security group")
    kind.delete(account.clients, group)
    assert called[1:] == ["RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "DeleteSecurityGroup"]


def test_a_final_snapshot_stays(left: tuple[Project, Account, str]) -> None:
    _, account, _ = left
    tag = {"Key": "deployment", "Value": OURS}
    account.clients.rds.create_db_snapshot(
        DBSnapshotIdentifier="prod-registry-final", DBInstanceIdentifier=account.plant("database", None), Tags=[tag]
    )
    (kind,) = (kind for kind in KINDS if kind.name == "database snapshot")
    assert list(kind.find(account.clients, OURS)) == []


class Stubborn:
    """One object of some kind; the first deletions end with these errors, and it is gone when it was looked at so often after that."""

    def __init__(self, *errors: str, lingers: int = 0) -> None:
        self.errors, self.lingers = list(errors), lingers
        self.attempts = 0
        self.kind = Kind("volume", self.find, self.delete)

    def find(self, _clients: Clients, _deployment: str) -> Iterator[Leftover]:
        if self.attempts <= len(self.errors):
            yield Leftover("volume", "vol-1", "")
        elif self.lingers > 0:
            self.lingers -= 1
            yield Leftover("volume", "vol-1", "")

    def delete(self, _clients: Clients, _id: str) -> None:
        self.attempts += 1
        if self.attempts <= len(self.errors):
            raise ClientError({"Error": {"Code": self.errors[self.attempts - 1], "Message": "no"}}, "DeleteVolume")


def deleted(stubborn: Stubborn) -> tuple[list[str], list[float]]:
    """What was said, and how long it would have waited each time."""
    waited: list[float] = []
    said = list(sweep.delete(stubborn.kind, Clients(None, None, None, None), OURS, waited.append))
    return said, waited


@pytest.mark.parametrize("code", ["VolumeInUse", "DependencyViolation", "InvalidParameterValue", "ResourceInUse", "InvalidVolume.NotFound"])
def test_what_is_still_in_use_is_tried_again_after_longer_and_longer(code: str) -> None:
    said, waited = deleted(Stubborn(code, code, code))
    assert said == ["volume vol-1: deletion begun"]
    assert waited == [0, 1, 2, 4, 8]


def test_what_stays_in_use_is_given_up_in_the_end_with_what_aws_said() -> None:
    (said,), waited = deleted(Stubborn(*["DependencyViolation"] * 1000))
    assert said.startswith(f"volume vol-1: not deleted after {sweep.LONGEST_SECONDS} s: ")
    assert "DependencyViolation" in said
    assert sweep.LONGEST_SECONDS <= sum(waited) < sweep.LONGEST_SECONDS + 30


def test_what_aws_refuses_to_delete_is_said_once_and_left() -> None:
    stubborn = Stubborn(*["UnauthorizedOperation"] * 1000)
    (said,), _ = deleted(stubborn)
    assert "UnauthorizedOperation" in said
    assert stubborn.attempts == 1


def test_the_next_kind_waits_until_this_one_is_gone() -> None:
    stubborn = Stubborn(lingers=2)
    said, waited = deleted(stubborn)
    assert (said, len(waited), stubborn.attempts) == (["volume vol-1: deletion begun"], 4, 1)
