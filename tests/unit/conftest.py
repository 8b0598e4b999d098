"""What the unit tests of the program share: development, recorded once with everything known and once as a preview, and production."""

from pathlib import Path
from typing import Any

import hypothesis
import pytest
import yaml

from stacks.checking import parse
from stacks.models import Settings
from tests.unit.registrations import Recorded, record
from tiers.assembly import assemble

# The same examples in every run, none of them kept, and no verdict on how fast the machine is.
hypothesis.settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("repeatable")

STACKS = Path(__file__).parents[2] / "stacks"


def stack_file(stack: str) -> dict[str, Any]:
    """The settings that a stack file has, as Pulumi reads them."""
    return yaml.safe_load((STACKS / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]["ml-platform:settings"]


def platform(stack: str, given: dict[str, Any] | None = None) -> Settings:
    """The settings of a platform stack: what its file says, or what is `given` instead."""
    settings = parse(stack, given if given is not None else stack_file(stack))
    assert isinstance(settings, Settings)
    return settings


@pytest.fixture(scope="session")
def settings() -> Settings:
    return platform("dev")


@pytest.fixture(scope="session")
def dev(settings: Settings) -> Recorded:
    return record(lambda: assemble(settings))


@pytest.fixture(scope="session")
def dev_preview(settings: Settings) -> Recorded:
    return record(lambda: assemble(settings), preview=True)


@pytest.fixture(scope="session")
def staging() -> Recorded:
    return record(lambda: assemble(platform("staging")), stack="staging")


@pytest.fixture(scope="session")
def prod() -> Recorded:
    return record(lambda: assemble(platform("prod")), stack="prod")
