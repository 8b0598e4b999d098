"""Environments of two pull requests beside a development platform, and a whole one: from the command that makes each to nothing left.

Those are made, and reaped, with what the roles of CI for them may call, and no more (tests/local/roles_of_ci.py).
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pymysql
import pytest

from localcloud.instance import CHECKOUT, Instance
from localcloud.leftovers import leftovers
from planning.documents import ci, ephemeral
from planning.names import Names
from tests.local.conftest import REGION, STATE_AT_THE_END, Stack, platform
from tests.local.home import Said
from tests.local.roles_of_ci import OVER_TLS, as_role
from tests.local.test_tenant import Shared

PLATFORM = "hosting"
TODAY = datetime.now(UTC).date()
EXPIRES = "ml-platform/expires"


def command(host: Stack, *arguments: str, days_later: int = 0) -> list[str]:
    """slice.py as it is typed, on a later day where a test says so."""
    today = TODAY + timedelta(days=days_later)
    run = f"{OVER_TLS}import sys, datetime; sys.path.insert(0, {str(CHECKOUT)!r}); from scripts import slice"
    return [sys.executable, "-c", f"{run}; sys.exit(slice.main(sys.argv[1:], datetime.date({today:%Y, %-m, %-d})))", *arguments]


def begun(host: Stack, *arguments: str, days_later: int = 0) -> subprocess.Popen[str]:
    argv = command(host, *arguments, "--platform", host.name, days_later=days_later)
    piped, both = subprocess.PIPE, subprocess.STDOUT
    return subprocess.Popen(argv, cwd=host.project, env={**host.variables, **STATE_AT_THE_END}, stdout=piped, stderr=both, text=True)


def ended(running: subprocess.Popen[str]) -> Said:
    text, _ = running.communicate(timeout=900)
    return Said(running.returncode, text)


def said(host: Stack, *arguments: str, days_later: int = 0) -> Said:
    return ended(begun(host, *arguments, days_later=days_later))


def create(pull_request: int, *more: str) -> tuple[str, ...]:
    return ("create", "--pull-request", str(pull_request), "--secrets-provider", "default", *more)


def destroy(pull_request: int) -> tuple[str, ...]:
    return ("destroy", "--pull-request", str(pull_request))


def left(host: Stack) -> dict[str, set[str]]:
    """All that a slice could leave on its platform: in AWS, in the cluster, in MySQL."""
    store = json.loads(host.pulumi("stack", "output", "feature_store", "--json"))
    asked = Shared(host, {}, {"shared": store})
    held = leftovers(host.everything())
    found = host.kubectl("get", "namespaces,jobs,rolebindings,configmaps", "--all-namespaces", "--output", "name")
    return {
        "AWS": {f"{each.service} {each.name}" for each in held},
        "unexplained": {f"{each.service} {each.name}" for each in held if not each.reason},
        "cluster": set(found.split()),
        "databases": asked.as_master("SHOW DATABASES"),
        "users": asked.as_master("SELECT user FROM mysql.user"),
        "objects": {each["Key"] for each in objects(host, store["offline_bucket"])},
        "stacks": {each["name"] for each in json.loads(host.pulumi("stack", "ls", "--json"))},
        "files": {each.name for each in host.project.glob("Pulumi.*.yaml")},
    }


def objects(host: Stack, bucket: str) -> list[dict[str, Any]]:
    return host.aws("s3").list_object_versions(Bucket=bucket).get("Versions", [])


@dataclass(frozen=True)
class Life:
    """What was seen of two slices, pr-7 for three days and pr-8 for seven. The tests only read it."""

    created: Said
    """Of pr-7."""
    at_once: tuple[Said, Said]
    """pr-7 once more, and pr-8 for the first time."""
    untagged: list[str]
    """What AWS keeps tags of and the tag is missing from, of both."""
    published: dict[str, dict[str, Any]]
    reached: dict[str, str]
    """What pr-7 is answered, by what it asks for."""
    too_early: Said
    looked: Said
    reaped: Said
    between: dict[str, set[str]]
    """What was there when pr-7 was gone, and pr-8 was not."""
    other: str
    """A preview of pr-8 then, in which nothing is expected."""
    destroyed: tuple[Said, Said]
    before: dict[str, set[str]]
    after: dict[str, set[str]]


@pytest.fixture(scope="module")
def host(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    made = platform(cloud, tmp_path_factory.mktemp("hosting"), "dev", PLATFORM)
    made.up()
    return made


@pytest.fixture(scope="module")
def maker(host: Stack) -> Stack:
    """The host, as who makes environments of pull requests reaches it."""
    return as_role(host, ci.EPHEMERAL, ephemeral.create(Names(environment=PLATFORM, account=host.account), REGION))


@pytest.fixture(scope="module")
def reaper(host: Stack) -> Stack:
    """The host, as who reaps them reaches it."""
    return as_role(host, ci.REAP, ephemeral.reap(Names(environment=PLATFORM, account=host.account), REGION))


@pytest.fixture(scope="module")
def life(host: Stack, maker: Stack, reaper: Stack) -> Life:
    before = left(host)
    created = said(maker, *create(7))
    assert created.code == 0, created.text
    both = begun(maker, *create(7)), begun(maker, *create(8, "--days", "7"))
    at_once = ended(both[0]), ended(both[1])
    states = {stack: Stack(host.instance, host.project, stack, host.account, host.variables) for stack in ("pr-7", "pr-8")}
    published = {stack: json.loads(each.pulumi("stack", "output", "tenant", "--json")) for stack, each in states.items()}
    shared = Shared(host, states, {**published, "shared": json.loads(host.pulumi("stack", "output", "feature_store", "--json"))})
    host.aws("s3").put_object(Bucket=shared.published["shared"]["offline_bucket"], Key=f"{published['pr-7']['project']}/part", Body=b"1")
    return Life(
        created=created,
        at_once=at_once,
        untagged=[each["urn"] for stack in states.values() for each in stack.resources() if is_untagged(each)],
        published=published,
        reached=reached(shared),
        too_early=said(reaper, "reap", "--confirm", days_later=3),
        looked=said(reaper, "reap", days_later=4),
        reaped=said(reaper, "reap", "--confirm", days_later=4),
        between=left(host),
        other=states["pr-8"].pulumi("preview", "--expect-no-changes"),
        destroyed=(said(reaper, *destroy(8)), said(reaper, *destroy(8))),
        before=before,
        after=left(host),
    )


def is_untagged(resource: dict[str, Any]) -> bool:
    tags = resource.get("outputs", {}).get("tagsAll")
    return tags is not None and EXPIRES not in tags


def reached(shared: Shared) -> dict[str, str]:
    """What the users and the role of pr-7 are answered for what is theirs, for pr-8's and for the platform's."""
    (project,) = shared.published["shared"]["projects"].values()
    whose = {"own": shared.published["pr-7"], "another's": shared.published["pr-8"], "the platform's": project}
    writer, role = shared.published["pr-7"]["online_store_secrets"]["writer"], shared.published["pr-7"]["role_arns"]["worker"]
    bucket = shared.published["shared"]["offline_bucket"]
    answers: dict[str, str] = {}
    for name, of in whose.items():
        answers[f"keys: {name}"] = "refused" if "NOPERM" in shared.redis(writer, "HSET", f"e{of['project']}", "f", "1") else "opened"
        try:
            shared.mysql("pr-7", "ddl", f"USE {of['database']}")
            answers[f"database: {name}"] = "opened"
        except pymysql.err.MySQLError:
            answers[f"database: {name}"] = "refused"
        arn = f"arn:aws:s3:::{bucket}/{of['project']}/part"
        asked = {"PolicySourceArn": role, "ActionNames": ["s3:GetObject", "s3:PutObject"], "ResourceArns": [arn]}
        found = shared.platform.aws("iam").simulate_principal_policy(**asked)["EvaluationResults"]
        answers[f"objects: {name}"] = "opened" if {each["EvalDecision"] for each in found} == {"allowed"} else "refused"
    return answers


def test_one_command_makes_a_slice_and_says_how_it_is_reached(life: Life, host: Stack) -> None:
    assert life.created.code == 0, life.created.text
    assert "### `pr-7` is up: a slice of `hosting`" in life.created.text
    assert f"--name hosting-main --role-arn arn:aws:iam::{host.account}:role/hosting-cluster-deployer" in life.created.text
    assert "US dollars a day" in life.created.text


def test_the_same_command_again_changes_nothing_on_the_same_day(life: Life) -> None:
    assert life.at_once[0].code == 0, life.at_once[0].text
    assert " created" not in life.at_once[0].text.partition("Resources:")[2]
    assert "unchanged" in life.at_once[0].text


def test_two_at_once_do_not_collide(life: Life) -> None:
    assert life.at_once[1].code == 0, life.at_once[1].text
    one, other = life.published["pr-7"], life.published["pr-8"]
    assert {key: one[key] != other[key] for key in ("namespaces", "project", "database")} == {
        "namespaces": True,
        "project": True,
        "database": True,
    }


def test_everything_of_a_slice_says_until_when_it_is_wanted(life: Life) -> None:
    assert life.untagged == []


@pytest.mark.parametrize("what", ["keys", "database", "objects"])
@pytest.mark.parametrize(("whose", "answer"), [("own", "opened"), ("another's", "refused"), ("the platform's", "refused")])
def test_a_slice_reaches_what_is_its_own_and_nothing_else(life: Life, what: str, whose: str, answer: str) -> None:
    assert life.reached[f"{what}: {whose}"] == answer


def test_nothing_is_reaped_on_its_last_day(life: Life) -> None:
    assert life.too_early.code == 0, life.too_early.text
    assert "is deleted" not in life.too_early.text


def test_the_day_after_it_says_which_it_would_delete(life: Life) -> None:
    assert life.looked.code == 1, life.looked.text
    rows = {line.split("`")[1]: line for line in life.looked.text.splitlines() if line.startswith("| `pr-")}
    assert "is deleted: expired" in rows["pr-7"]
    assert "is kept: it is wanted until" in rows["pr-8"]


@pytest.mark.parametrize("where", ["AWS", "cluster", "databases", "users", "objects", "stacks", "files"])
def test_what_has_expired_is_reaped_and_leaves_nothing(life: Life, where: str) -> None:
    assert life.reaped.code == 0, life.reaped.text
    assert [each for each in life.between[where] if "pr-7" in each or "pr_7" in each] == []


def test_the_other_is_whole_after_it(life: Life) -> None:
    assert "unchanged" in life.other


def test_destroyed_twice_is_no_error(life: Life) -> None:
    assert [each.code for each in life.destroyed] == [0, 0], life.destroyed[0].text


@pytest.mark.parametrize("where", ["AWS", "cluster", "databases", "users", "objects", "stacks", "files"])
def test_nothing_is_left_of_both(life: Life, where: str) -> None:
    assert life.after[where] == life.before[where]


@dataclass(frozen=True)
class Whole:
    """What was seen of a whole environment, pr-9, in the account of the platform."""

    created: Said
    untagged: list[str]
    destroyed: Said
    """By a reaper, when it had expired."""
    before: dict[str, set[str]]
    after: dict[str, set[str]]


@pytest.fixture(scope="module")
def whole(host: Stack, life: Life, maker: Stack, reaper: Stack) -> Whole:
    before = life.after
    created = said(maker, *create(9, "--full"))
    stack = Stack(host.instance, host.project, "pr-9", host.account, host.variables)
    untagged = [each["urn"] for each in stack.resources() if is_untagged(each)]
    return Whole(created, untagged, said(reaper, "reap", "--confirm", days_later=4), before, left(host))


def test_one_command_makes_a_whole_environment_and_says_what_it_costs(whole: Whole) -> None:
    assert whole.created.code == 0, whole.created.text
    assert "### `pr-9` is up: a whole environment" in whole.created.text


def test_everything_of_a_whole_environment_says_until_when_it_is_wanted(whole: Whole) -> None:
    assert whole.untagged == []


@pytest.mark.parametrize("where", ["unexplained", "cluster", "stacks", "files"])
def test_a_whole_environment_is_reaped_and_leaves_what_aws_takes_its_time_with(whole: Whole, where: str) -> None:
    assert whole.destroyed.code == 0, whole.destroyed.text
    assert whole.after[where] == whole.before[where]
