"""Every way in which a stack file can be wrong that planning, the policies or AWS know of, and the words that it is refused with."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from stacks.checking import StackFile, StackFileRefused, parse
from tests.unit.stacks.samples import DEV, PROD, STAGING, TENANT, changed

OTHERS = [StackFile("staging", STAGING), StackFile("prod", PROD)]
FRAUD = {**TENANT, "feast_project": "risk"}
BESIDE = [StackFile("dev", DEV), StackFile("fraud", {**FRAUD, "platform": "other"})]


def refused(stack: str, given: dict[str, Any], others: list[StackFile]) -> list[str]:
    """The lines that a stack file is refused with, without the file's name."""
    with pytest.raises(StackFileRefused) as error:
        parse(stack, given, others)
    said, *lines = str(error.value).splitlines()
    assert said == "the settings were refused:"
    assert all(line.startswith(f"stacks/Pulumi.{stack}.yaml: ") for line in lines)
    return [line.removeprefix(f"stacks/Pulumi.{stack}.yaml: ") for line in lines]


CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("refusals.yaml").read_text(encoding="utf-8"))


def cases(kind: str) -> list[Any]:
    return [pytest.param(each["set"], each["said"], id=f"{next(iter(each['set']))}-{number}") for number, each in enumerate(CASES[kind])]


@pytest.mark.parametrize(("changes", "said"), cases("platform"))
def test_a_wrong_platform_is_refused_in_these_words(changes: dict[str, object], said: list[str]) -> None:
    assert refused("dev", changed(DEV, *changes.items()), OTHERS) == said


@pytest.mark.parametrize(("changes", "said"), cases("tenant"))
def test_a_wrong_tenant_is_refused_in_these_words(changes: dict[str, object], said: list[str]) -> None:
    assert refused("risk", changed(TENANT, *changes.items()), BESIDE) == said


def test_environments_of_one_account_may_name_its_roles() -> None:
    beside = StackFile("other", {**changed(STAGING, ("network.cidr", "10.77.0.0/16")), "account": DEV["account"]})
    given = changed(DEV, ("access.cluster_admins", [f"arn:aws:iam::{DEV['account']}:role/ops"]))
    assert parse("dev", given, [beside])


@pytest.mark.parametrize(("stack", "given"), [("staging", STAGING), ("prod", PROD)])
def test_nothing_that_lasts_has_a_day_on_which_it_goes(stack: str, given: dict[str, Any]) -> None:
    (said,) = refused(stack, {**given, "expires": "2027-01-31"}, [])
    assert said.startswith("expires: got 2027-01-31; expected no day: only an environment of the profile preview is ever deleted")


def test_two_tenants_of_a_platform_have_no_namespace_and_no_end_of_a_project_in_common() -> None:
    namespace, project = refused("risk", TENANT, [StackFile("dev", DEV), StackFile("fraud", FRAUD)])
    assert namespace == (
        'namespaces.risk-models: got "risk-models"; expected a name apart from namespaces.risk-models of stacks/Pulumi.fraud.yaml; '
        "rename one of them"
    )
    assert project == (
        'feast_project: got "credit_risk"; expected a name that neither ends with "risk" (stacks/Pulumi.fraud.yaml) nor is the end of it: '
        "Feast's keys end with the project; rename one of them"
    )


def test_a_platform_has_no_more_tenants_than_a_user_group_has_users() -> None:
    one = {key: value for key, value in TENANT.items() if key not in {"namespaces", "feast_project"}}
    others = [StackFile("dev", DEV), *(StackFile(f"t{number}", one) for number in range(41))]
    (line,) = refused("risk", TENANT, others)
    assert line.startswith("platform: got 42 tenants of dev; expected at most 41")


def test_an_environment_may_not_be_named_like_the_clusters_of_another_in_its_account() -> None:
    given = changed(DEV, ("network.cidr", "10.99.0.0/16"))
    assert refused("dev-eu", given, [StackFile("dev", DEV)]) == [
        'the stack\'s name: got "dev-eu"; expected a name apart from dev-*, which the roles of dev may use in the same account; '
        "rename the stack, or give it an account of its own"
    ]
    assert parse("dev-eu", {**given, "account": "444444444444"}, [StackFile("dev", DEV)])


@pytest.mark.parametrize("stack", ["Dev", "dev_1", "d", "dev-", "de--v", "1dev", "a-very-long-name-of-a-stack"])
def test_a_stack_name_that_names_nothing_on_aws_is_refused(stack: str) -> None:
    assert any(line.startswith("the stack's name: ") for line in refused(stack, DEV, []))


def test_all_problems_are_said_at_once() -> None:
    given = changed(DEV, ("network.zones", "2"), ("owner", 3), ("regoin", "eu-west-1"))
    assert [line.split(": ")[0] for line in refused("dev", given, OTHERS)] == ["owner", "network.zones", "regoin"]


def test_a_collision_is_said_together_with_what_is_wrong_in_itself() -> None:
    given = changed(DEV, ("network.cidr", "10.30.0.0/16"), ("owner", 3))
    assert [line.split(": ")[0] for line in refused("dev", given, OTHERS)] == ["owner", "network.cidr"]


def test_a_wrong_profile_is_one_problem_and_not_one_for_every_default() -> None:
    assert refused("dev", changed(DEV, ("profile", "developmnt")), OTHERS) == [
        'profile: got "developmnt"; expected one of development, preview, staging, production; did you mean `development`?'
    ]


@pytest.mark.parametrize("key", ["profile", "account", "region", "owner", "cost_centre", "data_classification", "network"])
def test_what_no_profile_supplies_must_be_given(key: str) -> None:
    given = {name: value for name, value in DEV.items() if name != key}
    (line,) = refused("dev", given, OTHERS)
    assert line.startswith(f"{'network.cidr' if key == 'network' else key}: got nothing; expected ")


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        ("feature_store.registry.password", "hunter2"),
        ("owner", "AKIAIOSFODNN7EXAMPLE"),
        ("cost_centre", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
        ("access.cluster_admins", ["-----BEGIN PRIVATE KEY-----"]),
        ("network.zones", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ],
)
def test_a_secret_is_refused_and_never_shown(path: str, secret: object) -> None:
    lines = refused("dev", changed(DEV, (path, secret)), OTHERS)
    assert lines
    assert str(secret).strip("[]'") not in "".join(lines)
    assert any("--secret` or a reference" in line for line in lines)


LASTING = [{key: value for key, value in DEV.items() if key != "ci"}, TENANT]


@pytest.mark.parametrize("stack", ["pr", "pr-7", "pr-eu", "pr-7-eu", "pr-07"])
@pytest.mark.parametrize("given", LASTING, ids=["platform", "tenant"])
def test_what_lasts_is_not_called_like_a_pull_requests(stack: str, given: dict[str, Any]) -> None:
    (said,) = refused(stack, given, BESIDE[:1] if "platform" in given else [])
    expected = "one that is not pr and does not begin with pr-, unless a number follows and `expires` is set"
    remedy = "rename the stack and its file: scripts/slice.py deletes what is called so"
    assert said == f'the stack\'s name: got "{stack}"; expected {expected}; {remedy}'


@pytest.mark.parametrize("stack", ["pr-7", "pr-999999999", "prod", "praline", "dev-pr-7"])
def test_what_goes_by_itself_and_what_is_called_otherwise_is_taken(stack: str) -> None:
    assert parse(stack, {**TENANT, "expires": "2027-01-31"}, BESIDE[:1])
