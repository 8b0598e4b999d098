"""How settings come about: what the stack file says over what its profile supplies, whole and frozen."""

import pytest

from stacks.checking import StackFile, parse, profiles
from stacks.models import Settings, Tenant
from tests.unit.conftest import platform
from tests.unit.stacks.samples import DEV, TENANT, changed


def test_the_profile_supplies_what_the_stack_file_leaves_out(settings: Settings) -> None:
    assert settings.network.cidr == "10.20.0.0/16"
    assert settings.network.zones == 2


def test_the_stack_file_wins_over_the_profile() -> None:
    assert platform("dev", changed(DEV, ("network.zones", 3))).network.zones == 3


@pytest.mark.parametrize("profile", profiles())
def test_every_profile_is_complete(profile: str) -> None:
    # Clusters belong to a profile, and pull requests to development: what its stack file says of both is left out.
    given = {key: value for key, value in DEV.items() if key not in ("ci", "clusters")}
    assert platform("dev", {**given, "profile": profile}).profile == profile


def test_a_tenant_has_no_profile_and_is_complete_in_itself() -> None:
    tenant = parse("risk", TENANT, [StackFile("dev", DEV)])
    assert isinstance(tenant, Tenant)
    assert tenant.namespaces["risk-models"].gpus == 0


def test_settings_cannot_be_changed_afterwards(settings: Settings) -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.region = "us-west-2"


def test_nothing_is_refused_for_what_another_stack_file_says_of_itself() -> None:
    broken = {"network": {"cidr": "nonsense"}, "account": 3, "kind": ["platform"]}
    assert parse("dev", DEV, [StackFile("broken", broken)]).environment == "dev"
