"""A copy of the checkout with a local cloud of its own, for what writes stack files."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.local.conftest import STATE_AT_THE_END
from tests.local.home import Home, Said, checkout_copy


@contextmanager
def copied(directory: Path) -> Generator[Home]:
    """The copy, without what is hidden and without the tests; its local cloud is stopped at the end."""
    made = Home(checkout_copy(directory / "checkout"), directory / "instance", STATE_AT_THE_END)
    yield made
    made.localcloud("stop")
    assert made.processes() == []


def stack_file(home: Home, stack: str) -> Path:
    return home.checkout / "stacks" / f"Pulumi.{stack}.yaml"


def within(home: Home, stack: str, *commands: str) -> Said:
    """Commands in the shell of somebody who has entered the local cloud as the stack; the first that fails is the last."""
    return home.run("sh", "-ec", "\n".join([f'eval "$("$0" -m localcloud env {stack})"', *commands]), sys.executable)
