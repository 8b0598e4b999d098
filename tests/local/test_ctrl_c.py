"""Interrupted: everything ends within 5 s, the state has what was made, and nothing is orphaned."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from localcloud import faults
from localcloud.faults import Fault
from tests.local.conftest import REGION, Stack
from tests.local.interruptions import ACCOUNT, CLUSTER, NETWORK, await_nothing, local_cloud, orphans, stack_of
from tests.local.kills import find
from tests.local.terminal import in_a_terminal, press_ctrl_c

Running = subprocess.Popen[bytes]


def _up(stack: Stack) -> tuple[list[str], dict[str, str]]:
    """`pulumi up` as `make demo` runs it, and its environment."""
    shown = "import os, sys; from pathlib import Path; from localcloud.engine import Engine; "
    shown += "sys.exit(Engine(Path.cwd(), os.environ).shown(*sys.argv[1:]))"
    argv = [sys.executable, "-c", shown, "up", "--yes", "--skip-preview", "--stack", stack.name]
    return argv, {**stack.variables, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "dumb"}


def _begun_in_a_terminal(stack: Stack) -> Running:
    argv, environment = _up(stack)
    return in_a_terminal(argv, stack.project, environment)


def _begun_in_a_group(stack: Stack) -> Running:
    """As in CI: no terminal, and what cancels it signals the group."""
    argv, environment = _up(stack)
    return subprocess.Popen(
        argv, cwd=stack.project, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )


def _interrupt_group(running: Running) -> None:
    os.killpg(running.pid, signal.SIGINT)


@pytest.mark.parametrize(
    ("begun", "interrupt"),
    [(_begun_in_a_terminal, press_ctrl_c), (_begun_in_a_group, _interrupt_group)],
    ids=["in a terminal", "sent to the group"],
)
def test_interrupt_ends_every_child_within_5_s_and_orphans_nothing(
    tmp_path: Path, begun: Callable[[Stack], Running], interrupt: Callable[[Running], None]
) -> None:
    with local_cloud(tmp_path / "cloud") as instance:
        stack = stack_of(instance, tmp_path / "project", "probe", ACCOUNT, NETWORK)
        faults.set_faults(instance, Fault("slow", "create_vpc", seconds=2.0))
        running = begun(stack)
        while json.loads(instance.path("faults.json").read_text()):
            assert running.poll() is None, "it ended before the slow call"
        interrupt(running)
        interrupted = time.monotonic()
        assert running.wait(5) != 0
        await_nothing(instance, seconds=5 - (time.monotonic() - interrupted))
        vpc = stack.resource("aws:ec2/vpc:Vpc")["id"]
        assert f"vpcs {REGION} {vpc}" in stack.everything()["ec2"]
        stack.destroy()
        assert orphans(stack) == []


def test_ctrl_c_while_a_control_plane_starts_ends_every_child_within_5_s_and_keeps_the_cluster(tmp_path: Path) -> None:
    with local_cloud(tmp_path / "cloud") as instance:
        stack = stack_of(instance, tmp_path / "project", "probe", ACCOUNT, NETWORK + CLUSTER)
        running = _begun_in_a_terminal(stack)
        while (server := find(instance, "kube-apiserver")) is None:
            assert running.poll() is None, "it ended before the control plane was started"
        # So that it is not ready before the key is pressed.
        os.kill(server, signal.SIGSTOP)
        press_ctrl_c(running)
        pressed = time.monotonic()
        assert running.wait(5) != 0
        await_nothing(instance, seconds=5 - (time.monotonic() - pressed))
        os.kill(server, signal.SIGCONT)
        assert stack.resource("aws:eks/cluster:Cluster")["id"] == "probe"
        stack.destroy()
        assert orphans(stack) == []
