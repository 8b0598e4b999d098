"""Killed anywhere, interrupted, and side by side: the next run converges or says what to do, and nothing is left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from localcloud import faults, lifecycle, processes
from localcloud.faults import Fault
from localcloud.instance import Instance
from tests.local.conftest import REGION, Stack
from tests.local.interruptions import (
    ACCOUNT,
    CLUSTER,
    NETWORK,
    await_nothing,
    begun,
    command_line,
    local_cloud,
    orphans,
    pid_of,
    processes_of,
    stack_of,
)


def _victim(instance: Instance, engine: int, kind: str) -> int | None:
    if kind == "engine":
        return engine
    if kind == "provider":
        return next((pid for pid in processes_of(instance) if "localcloud.aws.provider" in command_line(pid)), None)
    return next((pid_of(instance, name) for name in processes.running(instance) if kind in name), None)


def _kill_during(stack: Stack, command: str, kind: str, after_seconds: float) -> bool:
    """Whether the victim was there to be killed before the command was done."""
    running, since = begun(stack, command), time.monotonic()
    killed = False
    while not killed and running.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            running.wait(max(0.05, since + after_seconds - time.monotonic()))
        victim = _victim(stack.instance, running.pid, kind) if running.returncode is None else None
        if victim is not None:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
                killed = True
    running.wait(150)
    return killed


def _recover(stack: Stack, kind: str, killed: bool) -> None:
    """What `make demo` and `make down` do first."""
    said: list[str] = []
    lifecycle.start(stack.instance, said.append)
    if kind == "emulator" and killed:
        assert "all three are discarded, and everything starts empty" in " ".join(said)
        assert not stack.instance.path("state", ".pulumi").exists()
    stack.pulumi("stack", "select", "--create")


@pytest.fixture(scope="module")
def cloud_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    directory = tmp_path_factory.mktemp("interruption")
    with local_cloud(directory / "cloud") as instance:
        stack = stack_of(instance, directory / "project", "probe", ACCOUNT, NETWORK + CLUSTER)
        yield stack
        if stack.resources():
            stack.destroy()


_RANDOM = random.Random(20261123)
_VICTIMS = ("engine", "provider", "kube-apiserver", "emulator", "engine", "provider", "kube-apiserver", "emulator", "engine", "provider")
_POINTS = [(kind, round(_RANDOM.uniform(1.0, 6.0), 2), round(_RANDOM.uniform(0.8, 3.0), 2)) for kind in _VICTIMS]


@pytest.mark.parametrize(("kind", "in_up", "in_destroy"), _POINTS)
def test_after_a_kill_up_converges_and_destroy_leaves_nothing(cloud_of_its_own: Stack, kind: str, in_up: float, in_destroy: float) -> None:
    stack = cloud_of_its_own
    _recover(stack, kind, _kill_during(stack, "up", kind, in_up))
    stack.up()
    stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    _recover(stack, kind, _kill_during(stack, "destroy", kind, in_destroy))
    stack.destroy()
    assert stack.resources() == []
    assert orphans(stack) == []
    await_nothing(stack.instance, seconds=5)


def test_ctrl_c_ends_every_child_within_5_s_and_orphans_nothing(tmp_path: Path) -> None:
    with local_cloud(tmp_path / "cloud") as instance:
        stack = stack_of(instance, tmp_path / "project", "probe", ACCOUNT, NETWORK)
        faults.set_faults(instance, Fault("slow", "create_vpc", seconds=2.0))
        # A terminal of its own: Ctrl-C is a key there, and goes to whoever is in the foreground.
        shown = "import os, sys; from pathlib import Path; from localcloud.engine import Engine; "
        shown += "sys.exit(Engine(Path.cwd(), os.environ).shown(*sys.argv[1:]))"
        terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
        up = [sys.executable, "-c", shown, "up", "--yes", "--skip-preview", "--stack", "probe"]
        environment = {**stack.variables, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "dumb"}
        running = subprocess.Popen(
            [sys.executable, "-c", terminal, *up],
            cwd=stack.project, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, bufsize=0,
        )  # fmt: skip
        assert running.stdin is not None
        while json.loads(instance.path("faults.json").read_text()):
            assert running.poll() is None, "it ended before the slow call"
        running.stdin.write(b"\x03")
        pressed = time.monotonic()
        running.stdin.close()
        assert running.wait(5) != 0
        await_nothing(instance, seconds=5 - (time.monotonic() - pressed))
        vpc = stack.resource("aws:ec2/vpc:Vpc")["id"]
        assert f"vpcs {REGION} {vpc}" in stack.everything()["ec2"]
        stack.destroy()
        assert orphans(stack) == []


def test_two_instances_and_two_stacks_at_once_do_not_collide(tmp_path: Path) -> None:
    with local_cloud(tmp_path / "one") as one, local_cloud(tmp_path / "two") as two:
        stacks = [
            stack_of(one, tmp_path / "a", "probe-a", "600000000002", NETWORK),
            stack_of(one, tmp_path / "b", "probe-b", "600000000003", NETWORK),
            stack_of(two, tmp_path / "c", "probe-c", "600000000002", NETWORK),
        ]
        assert [each.wait(120) for each in [begun(stack, "up") for stack in stacks]] == [0, 0, 0]
        for stack in stacks:
            vpcs = stack.aws("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.0.0.0/16"]}])["Vpcs"]
            assert [each["VpcId"] for each in vpcs] == [stack.resource("aws:ec2/vpc:Vpc")["id"]]
        assert [each.wait(120) for each in [begun(stack, "destroy") for stack in stacks]] == [0, 0, 0]
        assert [orphans(stack) for stack in stacks] == [[], [], []]
        ports = [set(json.loads(each.path("ports.json").read_text()).values()) for each in (one, two)]
        assert not ports[0] & ports[1]
