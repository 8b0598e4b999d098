"""Two checkouts, and two stacks in one of them, at the same time."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.instance import Instance
from tests.local.conftest import Stack
from tests.local.home import checkout_copy
from tests.local.interruptions import NETWORK, await_nothing, orphans

_STACK_FILE = """config:
  ml-platform:settings:
    account: "{account}"
    region: eu-west-1
"""


@pytest.fixture
def checkouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Each with its local cloud where it is by itself: in the checkout."""
    monkeypatch.delenv("LOCALCLOUD_DIR", raising=False)
    made = [checkout_copy(tmp_path / name) for name in ("one", "two")]
    yield made
    for checkout in made:
        assert _run(checkout, "stop") == 0
        await_nothing(_instance(checkout), seconds=5)


def _run(checkout: Path, *arguments: str) -> int:
    return subprocess.run([".venv/bin/python", "-m", "localcloud", *arguments], cwd=checkout, check=False).returncode


def _instance(checkout: Path) -> Instance:
    return Instance(checkout / ".localcloud")


def _stack(checkout: Path, directory: Path, name: str, account: str) -> Stack:
    """A stack of the small program, with the variables that the checkout's own `localcloud env` says."""
    (checkout / "stacks" / f"Pulumi.{name}.yaml").write_text(_STACK_FILE.format(account=account))
    directory.mkdir()
    (directory / "Pulumi.yaml").write_text("name: probe\nruntime: python\n")
    (directory / "__main__.py").write_text(NETWORK)
    script = f'variables=$(.venv/bin/python -m localcloud env {name}) || exit 1; eval "$variables"; env -0'
    said = subprocess.run(["sh", "-c", script], cwd=checkout, stdout=subprocess.PIPE, text=True, check=True).stdout
    variables = dict(each.split("=", 1) for each in said.split("\0") if each)
    stack = Stack(_instance(checkout), directory, name, account, variables)
    stack.pulumi("stack", "init", name)
    return stack


def _all_at_once(stacks: list[Stack], command: str) -> list[int]:
    argv = ["pulumi", command, "--yes", "--skip-preview", "--non-interactive"]
    running = [
        subprocess.Popen([*argv, "--stack", each.name], cwd=each.project, env=each.variables, stdout=subprocess.DEVNULL) for each in stacks
    ]
    return [each.wait(120) for each in running]


def test_two_checkouts_and_two_stacks_at_once_do_not_collide(checkouts: list[Path], tmp_path: Path) -> None:
    starts = [subprocess.Popen([".venv/bin/python", "-m", "localcloud", "start"], cwd=each) for each in checkouts]
    assert [each.wait(60) for each in starts] == [0, 0]
    one, two = checkouts
    stacks = [
        _stack(one, tmp_path / "a", "probe-a", "600000000002"),
        _stack(one, tmp_path / "b", "probe-b", "600000000003"),
        _stack(two, tmp_path / "c", "probe-a", "600000000002"),
    ]
    assert _all_at_once(stacks, "up") == [0, 0, 0]
    for stack in stacks:
        vpcs = stack.aws("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.0.0.0/16"]}])["Vpcs"]
        assert [each["VpcId"] for each in vpcs] == [stack.resource("aws:ec2/vpc:Vpc")["id"]]
    assert _all_at_once(stacks, "destroy") == [0, 0, 0]
    assert [orphans(stack) for stack in stacks] == [[], [], []]
    ports = [set(json.loads(_instance(each).path("ports.json").read_text()).values()) for each in checkouts]
    assert not ports[0] & ports[1]


def test_stopping_one_checkout_leaves_the_other_running(checkouts: list[Path]) -> None:
    assert [_run(each, "start") for each in checkouts] == [0, 0]
    assert _run(checkouts[0], "stop") == 0
    assert [_run(each, "status") for each in checkouts] == [3, 0]
