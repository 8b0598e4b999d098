"""What the unit tests of the program share: development, recorded once with everything known and once as a preview, and production."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from stacks.models import Settings
from stacks.settings import parse
from tests.unit.registrations import Recorded, record
from tiers.assembly import assemble

STACKS = Path(__file__).parents[2] / "stacks"


def stack_file(stack: str) -> dict[str, Any]:
    """The settings that a stack file has, as Pulumi reads them."""
    return yaml.safe_load((STACKS / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]["ml-platform:settings"]


@pytest.fixture(scope="session")
def settings() -> Settings:
    return parse("dev", json.dumps(stack_file("dev")))


@pytest.fixture(scope="session")
def dev(settings: Settings) -> Recorded:
    return record(lambda: assemble(settings))


@pytest.fixture(scope="session")
def dev_preview(settings: Settings) -> Recorded:
    return record(lambda: assemble(settings), preview=True)


@pytest.fixture(scope="session")
def prod() -> Recorded:
    settings = parse("prod", json.dumps(stack_file("prod")))
    return record(lambda: assemble(settings), stack="prod")
