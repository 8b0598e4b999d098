"""What stack files may say, and how they are refused: one line per problem, with what was got, what is expected and what to do."""

import json
from copy import deepcopy
from typing import Any

import pytest
import yaml

from stacks.models import Settings
from stacks.settings import PROFILES, SettingsRefused, parse
from tests.unit.conftest import stack_file

DEV = stack_file("dev")


def changed(path: str, value: object) -> dict[str, Any]:
    """The development stack file with one key set."""
    given = deepcopy(DEV)
    *parents, key = path.split(".")
    here = given
    for parent in parents:
        here = here.setdefault(parent, {})
    here[key] = value
    return given


def refused(given: object, stack: str = "dev") -> list[str]:
    """The lines that a stack file is refused with."""
    with pytest.raises(SettingsRefused) as error:
        parse(stack, json.dumps(given))
    return str(error.value).splitlines()[1:]


def test_the_profile_supplies_what_the_stack_file_leaves_out(settings: Settings) -> None:
    assert settings.network.cidr == "10.20.0.0/16"
    assert settings.network.zones == 2


def test_the_stack_file_wins_over_the_profile() -> None:
    assert parse("dev", json.dumps(changed("network.zones", 3))).network.zones == 3


@pytest.mark.parametrize("profile", yaml.safe_load(PROFILES.read_text(encoding="utf-8")))
def test_every_profile_is_complete(profile: str) -> None:
    # Clusters belong to a profile: what the stack file of development says of its own is left out.
    given = {key: value for key, value in DEV.items() if key != "clusters"}
    assert parse("dev", json.dumps({**given, "profile": profile})).profile == profile


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("network.zone", 2, "got unknown key `zone`; expected one of cidr, service_cidr, zones, nat_gateways; did you mean `zones`?"),
        ("feature_store.registry.multi_as", True, "did you mean `multi_az`?"),
        ("clusters.main.versoin", "1.36", "did you mean `version`?"),
        ("nonsense", 1, "remove it or use one of these"),
        ("account", 111111111111, "account: got 111111111111 (int); expected a string; put the value in quotes"),
        ("account", "11111111111", 'account: got "11111111111"; expected the 12 digits of an AWS account id'),
        ("network.zones", 3.5, "network.zones: got 3.5 (float); expected a whole number"),
        ("network.zones", "3", 'network.zones: got "3" (str); expected a whole number; write it without quotes'),
        ("network.zones", None, "network.zones: got nothing (null)"),
        ("network.zones", 1, "network.zones: got 1; expected greater than or equal to 2"),
        ("network.zones", 4, "expected at most 3 in eu-west-1 (eu-west-1a, eu-west-1b, eu-west-1c)"),
        ("feature_store.registry.multi_az", "no", 'multi_az: got "no" (str); expected true or false; write true or false, without quotes'),
        ("network.cidr", "10.20.0.1/16", "expected an IPv4 range without host bits; use 10.20.0.0/16"),
        ("network.cidr", "10.20.0.0/33", "expected an IPv4 range such as 10.20.0.0/16"),
        ("network.cidr", "10.20.0.0/24", 'cidr: got "10.20.0.0/24"; expected subnets of /28 or wider (a limit of AWS); use 10.20.0.0/22'),
        ("network.service_cidr", "10.20.0.0/20", "service_cidr: got \"10.20.0.0/20\"; expected a range apart from the VPC's 10.20.0.0/16"),
        ("network.nat_gateways", "two", 'got "two"; expected one of one, per_zone'),
        ("region", "eu-west-9", "expected one of ap-southeast-2, eu-central-1, eu-west-1"),
        ("data_classification", "inernal", "did you mean `internal`?"),
        ("serving.cluster", "mian", 'serving.cluster: got "mian"; expected one of main; did you mean `main`?'),
        ("feature_store.online_store.version", "6.2", "expected one of 7.2, 8.0, 8.1"),
        ("feature_store.registry.version", "8.0", 'registry.version: got "8.0"; expected one of 8.4'),
        ("feature_store.registry.storage_limit_gib", 20.5, "expected a whole number"),
        ("clusters.main.log_retention_days", 31, "log_retention_days: got 31; expected one of 1, 3, 5, 7"),
        ("access.cluster_admins", ["arn:aws:sts::1:x"], "access.cluster_admins.0"),
        ("retiring", "yes", 'retiring: got "yes"; expected match pattern'),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_path_and_a_remedy(path: str, value: object, said: str) -> None:
    (line,) = refused(changed(path, value))
    assert line.startswith("stacks/Pulumi.dev.yaml: ")
    assert said in line


def test_a_storage_limit_below_the_storage_is_refused() -> None:
    given = changed("feature_store.registry.storage_gib", 200)
    assert refused(given) == [
        "stacks/Pulumi.dev.yaml: feature_store.registry.storage_limit_gib: got 100; expected at least storage_gib, 200; raise the limit"
    ]


def test_all_problems_are_said_at_once() -> None:
    given = changed("network.zones", "2")
    given |= {"owner": 3, "regoin": "eu-west-1"}
    assert [line.split(": ")[1] for line in refused(given)] == ["owner", "network.zones", "regoin"]


def test_a_missing_value_that_no_profile_has_is_refused() -> None:
    given = {key: value for key, value in DEV.items() if key != "owner"}
    (line,) = refused(given)
    assert "owner: got nothing; expected a value" in line


def test_a_wrong_profile_is_one_problem_and_not_one_for_every_default() -> None:
    assert refused({**DEV, "profile": "developmnt"}) == [
        'stacks/Pulumi.dev.yaml: profile: got "developmnt"; expected one of development, staging, production; did you mean `development`?'
    ]


@pytest.mark.parametrize("stack", ["Dev", "dev_1", "d", "dev-", "de--v", "1dev", "a-very-long-name-of-a-stack"])
def test_a_stack_name_that_names_nothing_on_aws_is_refused(stack: str) -> None:
    assert any("the stack's name" in line for line in refused(DEV, stack))


def test_the_value_of_an_unknown_key_is_never_shown() -> None:
    assert "hunter2" not in "".join(refused(changed("feature_store.registry.password", "hunter2")))


def test_settings_that_are_no_mapping_are_refused() -> None:
    with pytest.raises(SettingsRefused, match="expected a mapping"):
        parse("dev", "[]")


def test_settings_cannot_be_changed_afterwards(settings: Settings) -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.region = "us-west-2"
