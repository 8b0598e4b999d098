"""Killed anywhere: the next run converges or says what to do, and nothing is left behind."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud import emulator, lifecycle, processes
from localcloud.instance import Instance
from tests.local.conftest import Stack
from tests.local.interruptions import ACCOUNT, CLUSTER, NETWORK, await_nothing, local_cloud, orphans, stack_of
from tests.local.kills import Moment, begun, kill_during

_SEED = 20261123

Span = tuple[int, int, float]

# Between which operations of the engine, of eleven or so, the victim is at work or yet to come, and for how many seconds at least.
_FROM_THE_FIRST: Span = (1, 1, 0.4)
_UP: dict[str, Span] = {
    **dict.fromkeys(("engine", "aws-provider", "emulator", "language-host"), (1, 8, 0.4)),
    # It appears when only the namespace is to come.
    "kubernetes-provider": (1, 1, 0.0),
}
_DESTROY: dict[str, Span] = {
    **dict.fromkeys(("engine", "aws-provider", "emulator"), (1, 5, 0.4)),
    # From the fourth on the namespace is gone: without these two its deletion gives up only after two minutes.
    **dict.fromkeys(("etcd", "kube-controller-manager"), (4, 4, 0.0)),
}

_OF_A_CLUSTER = ("kube-apiserver", "etcd", "kube-controller-manager", "kubernetes-webhook", "kubernetes-provider")
_IN_UP = ("engine", "aws-provider", "emulator", "language-host", *_OF_A_CLUSTER, "kube-apiserver")
# A destroy needs no program, and so no language host.
_IN_DESTROY = ("aws-provider", "engine", *_OF_A_CLUSTER, "emulator", "engine", "aws-provider")


def _moment(victim: str, spans: dict[str, Span], choice: random.Random) -> Moment:
    first, last, seconds = spans.get(victim, _FROM_THE_FIRST)
    return Moment(victim, choice.randint(first, last), round(choice.uniform(0.0, seconds), 2))


_RANDOM = random.Random(_SEED)
_POINTS = [(_moment(up, _UP, _RANDOM), _moment(down, _DESTROY, _RANDOM)) for up, down in zip(_IN_UP, _IN_DESTROY, strict=True)]


def _recover(stack: Stack) -> None:
    """What `make demo` and `make down` do first."""
    lost = [name for name in processes.lost(stack.instance) if name == emulator.NAME or name.startswith("etcd")]
    said: list[str] = []
    lifecycle.start(stack.instance, said.append)
    is_said = "all three are discarded, and everything starts empty" in " ".join(said)
    assert is_said is bool(lost)
    if lost:
        assert f"({', '.join(lost)} ended)" in " ".join(said)
        assert not stack.instance.path("state", ".pulumi").exists()
    stack.pulumi("stack", "select", "--create")


def _kill_during(stack: Stack, command: str, moment: Moment) -> None:
    argv = ["pulumi", command, "--yes", "--skip-preview", "--stack", stack.name, "--non-interactive", "--color", "never"]
    kill_during(begun(argv, stack.project, stack.variables), stack.instance, moment)


@pytest.fixture
def cloud_of_its_own(tmp_path: Path) -> Iterator[Stack]:
    with local_cloud(tmp_path / "cloud") as instance:
        yield stack_of(instance, tmp_path / "project", "probe", ACCOUNT, NETWORK + CLUSTER)


@pytest.mark.parametrize(("in_up", "in_destroy"), _POINTS, ids=str)
def test_after_a_kill_up_converges_and_destroy_leaves_nothing(cloud_of_its_own: Stack, in_up: Moment, in_destroy: Moment) -> None:
    stack = cloud_of_its_own
    print(f"random seed {_SEED}")
    _kill_during(stack, "up", in_up)
    _recover(stack)
    stack.up()
    stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    _kill_during(stack, "destroy", in_destroy)
    _recover(stack)
    stack.destroy()
    assert stack.resources() == []
    assert orphans(stack) == []
    # With the last cluster goes its token webhook.
    assert processes.running(stack.instance) == [emulator.NAME]
    await_nothing(stack.instance, seconds=5)


def test_a_state_whose_attributes_a_kill_has_cut_short_is_read_again_after_a_start(cloud_of_its_own: Stack) -> None:
    """So small a moment that no random point is sure to meet it."""
    stack = cloud_of_its_own
    (attributes,) = stack.instance.path("state", ".pulumi").glob(f"stacks/*/{stack.name}.json.attrs")
    attributes.write_text("")
    assert "failed to load checkpoint: EOF" in stack.pulumi("stack", succeeds=False)
    lifecycle.start(stack.instance)
    assert stack.resources() == []


def test_a_kill_does_not_come_too_late_on_a_machine_that_is_fast(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    update = "import time; print(*[' creating (0s)'] * 4, sep='\\n', flush=True); time.sleep(5)"
    variables = {**os.environ, "LOCALCLOUD_DIR": str(tmp_path)}
    running = begun([sys.executable, "-c", update, "/pulumi up "], tmp_path, variables)
    kill_during(running, instance, Moment("engine", 1, 10.0))
    assert running.returncode == -signal.SIGKILL
