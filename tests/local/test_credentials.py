"""Passwords under the real engine: where they are and are not, and how they change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from localcloud.engine import Engine
from localcloud.instance import CHECKOUT, Instance
from tests.local.conftest import REGION, Stack

ACCOUNT = "505050505050"
SECRET, USER, GROUP = "dev-online-store-risk-reader", "dev-risk-reader", "dev-online-store"
USER_TYPE, VERSION_TYPE = "aws:elasticache/user:User", "aws:secretsmanager/secretVersion:SecretVersion"

PROGRAM = f"""
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
import pulumi, pulumi_aws as aws
from components.cache_users import CacheUser, CacheUsers, CacheUsersArgs
from components.credentials import Credentials, CredentialsArgs

inside = pulumi.ResourceOptions(provider=aws.Provider("aws", region="{REGION}"))
key = aws.kms.Key("features", deletion_window_in_days=7, opts=inside)
credentials = Credentials(
    "reader",
    CredentialsArgs(
        secret="{SECRET}",
        key_arn=key.arn,
        username="{USER}",
        generation=GENERATION,
        fields={{"port": 6379}},
        recovery_window_days=0,
    ),
    inside,
)
reader = CacheUser(access="on ~*risk resetchannels -@all +hmget", passwords=credentials.passwords)
users = CacheUsers("users", CacheUsersArgs(group="{GROUP}", nobody="dev-default", users={{"{USER}": reader}}), inside)
pulumi.export("secret", credentials.secret)
pulumi.export("group", users.group)
"""


@dataclass(frozen=True)
class Generation:
    """What was seen once a generation was up."""

    preview: str
    up: str
    exported: str
    """The state as text, secrets as it keeps them."""
    resources: list[dict[str, Any]]
    """Of the state, secrets shown."""
    versions: dict[str, list[str]]
    """Labels by the password, of all versions that Secrets Manager still has."""

    @property
    def passwords(self) -> list[str]:
        (user,) = [each for each in self.resources if each["type"] == USER_TYPE and each["id"] == USER]
        return user["outputs"]["passwords"]


@dataclass(frozen=True)
class Life:
    first: Generation
    again: str
    second: Generation
    third: Generation
    refreshed: str
    left: list[str]


@pytest.fixture(scope="module")
def life(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """The first generation, a run that changes nothing, two rotations, a refresh, and the end."""
    directory = tmp_path_factory.mktemp("credentials")
    (directory / "Pulumi.yaml").write_text("name: probe\nruntime: python\n")
    stack = Stack.init(cloud, directory, "credentials", ACCOUNT)
    first = _generation(stack, 1)
    again, second, third = stack.up(), _generation(stack, 2), _generation(stack, 3)
    refreshed = stack.pulumi("preview", "--refresh", "--expect-no-changes", "--diff")
    stack.destroy()
    left = [each["Name"] for each in stack.aws("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"]]
    return Life(first, again, second, third, refreshed, left)


def _generation(stack: Stack, number: int) -> Generation:
    (stack.project / "__main__.py").write_text(PROGRAM.replace("GENERATION", str(number)))
    preview, up = stack.pulumi("preview", "--diff"), stack.up()
    shown = Engine(stack.project, stack.variables).json("stack", "export", "--show-secrets", "--stack", stack.name)
    return Generation(
        preview, up, stack.pulumi("stack", "export"), [_opened(each) for each in shown["deployment"]["resources"]], _versions(stack)
    )


def _opened(value: Any) -> Any:
    """What `--show-secrets` shows, without the engine's wrapping of it."""
    if isinstance(value, dict):
        return json.loads(value["plaintext"]) if "plaintext" in value else {key: _opened(each) for key, each in value.items()}
    return [_opened(each) for each in value] if isinstance(value, list) else value


def _versions(stack: Stack) -> dict[str, list[str]]:
    client = stack.aws("secretsmanager")
    listed = client.list_secret_version_ids(SecretId=SECRET, IncludeDeprecated=True)["Versions"]
    # The emulator begins a secret with a version that has no value.
    texts = {
        each["VersionId"]: client.get_secret_value(SecretId=SECRET, VersionId=each["VersionId"]).get("SecretString") for each in listed
    }
    return {json.loads(text)["password"]: each["VersionStages"] for each in listed if (text := texts[each["VersionId"]])}


def _everything_printed(life: Life) -> str:
    generations = (life.first, life.second, life.third)
    return "".join((life.again, life.refreshed, *(each.preview + each.up for each in generations)))


def _passwords(life: Life) -> set[str]:
    nobody = [each for each in life.third.resources if each["type"] == USER_TYPE and each["id"] == "dev-default"]
    return {*life.first.passwords, *life.second.passwords, *life.third.passwords, *nobody[0]["outputs"]["passwords"]}


def test_no_password_is_in_the_state_but_as_ciphertext(life: Life) -> None:
    for generation in (life.first, life.second, life.third):
        assert [each for each in _passwords(life) if each in generation.exported] == []
        held = [each for each in json.loads(generation.exported)["deployment"]["resources"] if each["type"] == VERSION_TYPE]
        assert all("ciphertext" in each["inputs"]["secretString"] and "ciphertext" in each["outputs"]["secretString"] for each in held)


def test_no_password_is_printed(life: Life) -> None:
    assert len(_passwords(life)) == 4
    assert [each for each in _passwords(life) if each in _everything_printed(life)] == []


def test_a_run_later_nothing_changes(life: Life) -> None:
    assert "unchanged" in life.again
    assert not [word for word in ("created", "updated", "replaced", "deleted") if word in life.again]


def test_a_user_has_the_password_of_the_current_version(life: Life) -> None:
    assert [life.first.versions[each] for each in life.first.passwords] == [["AWSCURRENT"]]


def test_a_raised_generation_makes_one_password_current_and_keeps_the_one_before_valid(life: Life) -> None:
    new, old = life.second.passwords
    assert old == life.first.passwords[0]
    assert (life.second.versions[new], life.second.versions[old]) == (["AWSCURRENT"], ["AWSPREVIOUS"])


def test_raised_once_more_the_oldest_password_goes(life: Life) -> None:
    new, old = life.third.passwords
    assert old == life.second.passwords[0]
    assert (life.third.versions[new], life.third.versions[old]) == (["AWSCURRENT"], ["AWSPREVIOUS"])
    assert life.third.versions.get(life.first.passwords[0], []) == []


@pytest.mark.parametrize("generation", ["second", "third"])
def test_a_rotation_replaces_nothing(life: Life, generation: str) -> None:
    assert "replace" not in getattr(life, generation).up


def test_a_rotation_adds_a_version_and_takes_the_oldest_away(life: Life) -> None:
    kept = [
        sorted(each["urn"].rpartition("::")[2] for each in generation.resources if each["type"] == VERSION_TYPE)
        for generation in (life.first, life.second, life.third)
    ]
    assert kept == [["reader-1"], ["reader-1", "reader-2"], ["reader-2", "reader-3"]]


def test_a_secret_without_a_recovery_window_is_gone_with_its_stack(life: Life) -> None:
    assert life.left == []
