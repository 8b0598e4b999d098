"""Previews against what is deployed, with the credentials and the backend that the caller is logged in to."""

import os
from collections.abc import Sequence

from operations.preview import secrecy, stack_files
from operations.preview.commands import Failed, step
from operations.preview.document import StackPreview
from operations.preview.engine import Engine, Found
from operations.preview.runs import Run
from scripts.deployed import Refused, compare_accounts

_NOT_THERE = "The state has no stack {0}: `pulumi stack init {0}` makes it, with the rights of who deploys."


def previews(run: Run, stacks: Sequence[str]) -> list[StackPreview]:
    """The preview of each stack. Raises Refused where the credentials are of another account than a stack file says."""
    return [_preview(run, stack) for stack in stacks]


def _preview(run: Run, stack: str) -> StackPreview:
    revision = run.head if run.head.has(stack) else run.base
    said = stack_files.settings(revision.directory, stack)
    if not {"account", "region"} <= said.keys():
        raise Refused(f"the stack file of {stack} does not say whose stack it is: it needs `account` and `region`")
    compare_accounts(str(said["account"]), str(said["region"]), f"the stack file of {stack}")
    engine = Engine(run.commands, revision.directory, os.environ, run.scratch)
    secrets: frozenset[str] = frozenset()
    try:
        with step(stack, f"previewing {run.head.commit[:12]} against what is deployed"):
            state = engine.deployed(stack)
            if state is None:
                found = Found(failure=_NOT_THERE.format(stack))
            else:
                secrets = secrecy.values(state)
                found = engine.preview(stack) if run.head.has(stack) else Found(engine.removal(stack))
    except Failed as failed:
        found = Found(failure=str(failed))
    return run.preview(stack, "account", found, secrets=secrets)
