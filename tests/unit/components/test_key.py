import pytest

from components.key import Key, KeyArgs
from tests.unit.registrations import Recorded, record


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    args = KeyArgs(alias="alias/dev-data", description="Data of dev", policy='{"who": "may"}', deletion_window_days=7, protected=True)
    return record(lambda: Key("data", args))


def test_the_key_rotates(recorded: Recorded) -> None:
    assert recorded.one("aws:kms/key:Key").inputs["enableKeyRotation"] is True


def test_the_policy_is_the_keys_own_from_the_start(recorded: Recorded) -> None:
    assert recorded.one("aws:kms/key:Key").inputs["policy"] == '{"who": "may"}'


def test_a_deleted_key_can_be_rescued_for_as_long_as_was_asked(recorded: Recorded) -> None:
    assert recorded.one("aws:kms/key:Key").inputs["deletionWindowInDays"] == 7


def test_a_protected_key_is_not_deleted(recorded: Recorded) -> None:
    assert recorded.one("aws:kms/key:Key").protect is True


@pytest.mark.parametrize("outlives", [True, False])
def test_a_key_that_outlives_its_environment_is_deleted_by_nobody(outlives: bool) -> None:
    args = KeyArgs(alias="alias/a", description="a", policy="{}", deletion_window_days=30, protected=True, outlives=outlives)
    made = record(lambda: Key("data", args))
    assert made.one("aws:kms/key:Key").retained is outlives
    assert made.one("aws:kms/alias:Alias").retained is not True


def test_the_alias_points_at_the_key(recorded: Recorded) -> None:
    alias = recorded.one("aws:kms/alias:Alias")
    assert alias.inputs["name"] == "alias/dev-data"
    assert recorded.one("aws:kms/key:Key").urn in alias.dependencies
