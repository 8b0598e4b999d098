"""An environment of the profile `preview` that goes by itself says so on everything that can be tagged."""

import json
from datetime import date

import pytest

from planning.names import EXPIRES_TAG
from stacks.draft import range_of
from stacks.models import Settings
from tests.unit.conftest import platform
from tests.unit.registrations import Recorded, record
from tests.unit.stacks.samples import DEV, changed
from tiers.assembly import assemble
from tiers.environment import Environment

DAY = "2027-01-31"
CLASSES = ("kubernetes:eks.amazonaws.com/v1:NodeClass", "kubernetes:storage.k8s.io/v1:StorageClass")


@pytest.fixture(scope="module")
def short_lived() -> Settings:
    given = {key: value for key, value in DEV.items() if key not in ("ci", "clusters")}
    changes = (("profile", "preview"), ("network.cidr", range_of(7)), ("expires", DAY))
    return platform("pr-7", changed(given, *changes))


@pytest.fixture(scope="module")
def recorded(short_lived: Settings) -> Recorded:
    return record(lambda: assemble(short_lived), stack="pr-7")


def test_everything_in_aws_has_the_day_on_which_it_goes(recorded: Recorded) -> None:
    assert json.loads(recorded.one("pulumi:providers:aws").inputs["defaultTags"])["tags"][EXPIRES_TAG] == DAY


@pytest.mark.parametrize("type_", CLASSES)
def test_nodes_and_volumes_that_controllers_make_have_it_too(recorded: Recorded, type_: str) -> None:
    found = recorded.all(type_)
    assert found
    assert [each.name for each in found if DAY not in json.dumps(each.inputs)] == []


def test_environment_that_stays_has_no_such_tag(settings: Settings) -> None:
    assert settings.expires is None
    assert EXPIRES_TAG not in Environment.of(settings).tags


def test_day_is_written_as_the_reaper_reads_it(short_lived: Settings) -> None:
    assert date.fromisoformat(Environment.of(short_lived).tags[EXPIRES_TAG]) == short_lived.expires
