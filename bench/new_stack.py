"""How long somebody waits who makes a new environment."""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bench.cloud import Project, cloud
from bench.measure import Figure, pairs, seconds
from localcloud import environment, stack_file
from localcloud.instance import CHECKOUT, Instance

_FLOOR_SECONDS = _GOAL_SECONDS = 20.0

_STACK = "bench"
_GIVEN = "--profile staging --account 444444444444 --region eu-central-1 --owner bench --cost-centre bench --data-classification internal"


def first_preview() -> Figure:
    """`scripts/new_stack.py` for a staging environment, with everything installed and the local cloud stopped."""

    def new_stack() -> float:
        with cloud() as instance, copy() as checkout:
            return _new_stack(instance, checkout)

    def preview() -> float:
        with cloud() as instance, copy() as checkout:
            _new_stack(instance, checkout)
            variables = environment.variables(instance, _STACK, stack_file.read(checkout, _STACK))
            return Project(checkout, _STACK, environment.applied(variables)).pulumi("preview", "--policy-pack", "policies")

    values, others = pairs(new_stack, preview)
    return Figure(
        name="new-stack",
        unit="s",
        measured="a new staging environment, to its first preview",
        values=values,
        compared_to="that preview alone",
        others=others,
        floor=_FLOOR_SECONDS,
        goal=_GOAL_SECONDS,
        absolute=True,
    )


def _new_stack(instance: Instance, checkout: Path) -> float:
    variables = {**os.environ, "LOCALCLOUD_DIR": str(instance.directory)}
    return seconds([sys.executable, "scripts/new_stack.py", _STACK, *_GIVEN.split()], checkout, variables)


@contextmanager
def copy() -> Generator[Path]:
    """A copy of the checkout: a new stack is a new file in it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        checkout = Path(directory).resolve() / "checkout"
        shutil.copytree(CHECKOUT, checkout, ignore=lambda _, names: [name for name in names if name.startswith(".")])
        (checkout / ".venv").symlink_to(CHECKOUT / ".venv")
        yield checkout
