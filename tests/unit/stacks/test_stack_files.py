"""The stack files of this project, held against each other."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest

from stacks.models import Settings
from tests.unit.conftest import STACKS, platform, stack_file

NAMES = sorted(path.stem.removeprefix("Pulumi.") for path in STACKS.glob("Pulumi.*.yaml"))


def settings(stack: str) -> Settings:
    return platform(stack, stack_file(stack))


@pytest.mark.parametrize("stack", NAMES)
def test_every_stack_file_is_complete_and_right(stack: str) -> None:
    assert settings(stack).environment == stack


def test_there_is_one_of_each_profile() -> None:
    assert {settings(stack).profile for stack in NAMES} == {"development", "staging", "production"}


@pytest.mark.parametrize(("one", "other"), list(combinations(NAMES, 2)))
def test_no_two_stacks_share_an_account_or_an_address(one: str, other: str) -> None:
    assert settings(one).account != settings(other).account
    assert not IPv4Network(settings(one).network.cidr).overlaps(IPv4Network(settings(other).network.cidr))


@pytest.mark.parametrize("stack", NAMES)
def test_no_stack_file_is_left_in_retirement(stack: str) -> None:
    assert "retiring" not in stack_file(stack)


@pytest.mark.parametrize("stack", NAMES)
def test_the_salt_is_explained_where_it_stands(stack: str) -> None:
    lines = (STACKS / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8").splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("encryptionsalt:")]
    assert lines[at - 1].startswith("# ")
    assert "change-secrets-provider" in lines[at - 1]
