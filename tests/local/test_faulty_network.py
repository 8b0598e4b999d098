"""A whole stack under the real engine, where every operation that it needs meets a fault: `up` and `destroy`, repeated, get through."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

from localcloud.aws.rows import ROWS
from localcloud.aws.searches import SEARCHES
from localcloud.aws.tags import TAGGING
from localcloud.faults import Fault, Kind, set_faults
from localcloud.instance import Instance
from tests.local.conftest import Stack
from tests.local.interruptions import NETWORK, orphans

_TYPES = ("aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:s3/bucket:Bucket", "aws:s3/bucketVersioning:BucketVersioning")


def _operations() -> set[str]:
    """Whatever the rows of the network may call."""
    found = {"get_caller_identity"}
    for row in (ROWS[type] for type in _TYPES):
        found |= {call.operation for call in (*row.create, *row.read, *row.update, *row.delete)}
        found |= {SEARCHES[row.type].operation} if row.type in SEARCHES else set()
        found |= {call.operation for call in (TAGGING[row.tags].tag, TAGGING[row.tags].read) if call} if row.tags else set()
    return found


def _waiting(instance: Instance) -> set[str]:
    return {each["operation"] for each in json.loads(instance.path("faults.json").read_text())}


def _until_it_succeeds(stack: Stack, command: str, runs: int) -> None:
    argv = ["pulumi", command, "--yes", "--skip-preview", "--stack", stack.name, "--non-interactive", "--color", "never"]
    said = ""
    for _ in range(runs):
        done = subprocess.run(argv, cwd=stack.project, env=stack.variables, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        if done.returncode == 0:
            return
    raise AssertionError(f"{command} does not get through in {runs} runs:\n{said}")


@pytest.mark.parametrize("kind", ["slow", "error", "throttling", "lost", "killed"])
def test_network_gets_through_when_each_operation_fails_once(program: Callable[[str], Stack], kind: Kind) -> None:
    stack = program(NETWORK)
    operations = _operations()
    set_faults(stack.instance, *(Fault(kind, each, seconds=0.05) for each in sorted(operations)))
    _until_it_succeeds(stack, "up", runs=len(operations))
    struck = operations - _waiting(stack.instance)
    assert {"create_vpc", "create_subnet", "create_bucket", "put_bucket_tagging", "put_bucket_versioning"} <= struck
    stack.pulumi("preview", "--expect-no-changes")
    _until_it_succeeds(stack, "destroy", runs=len(operations))
    struck = operations - _waiting(stack.instance)
    assert {"delete_vpc", "delete_subnet", "delete_bucket"} <= struck
    set_faults(stack.instance)
    assert stack.resources() == []
    assert orphans(stack) == []
