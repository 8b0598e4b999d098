"""What is one tenant's is never another's or the platform's: names, prefixes, patterns of keys, databases."""

from fnmatch import fnmatchcase
from itertools import permutations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import contract
from planning import cache, databases, feast_projects, tenant_databases
from planning.names import Names
from planning.refusal import Refused
from planning.tenants import OfPullRequests, TenantNames, any_registry_secret

PLATFORM = Names(environment="dev", account="111111111111")
# Each is the beginning, the end or the neighbour of another, or called like something of the platform's.
STACKS = ("risk", "credit-risk", "risk-eu", "risk-e", "pr-7", "pr-77", "registry", "online-store", "decisions", "t-risk", "tenant-risk")
OF_PLATFORM = ("risk", "credit-risk", "decisions", "t-risk", "tenant-risk")
NAME = st.from_regex(r"[a-z](-?[a-z0-9]){1,7}", fullmatch=True)


def names(stack: str) -> TenantNames:
    return TenantNames(PLATFORM, stack)


def project(stack: str) -> str:
    return feast_projects.of_tenant(stack.replace("-", "_"), stack)


@pytest.mark.parametrize("stack", STACKS)
def test_a_pattern_of_keys_matches_no_key_of_another_tenant_or_of_the_platform(stack: str) -> None:
    (pattern,) = [word.removeprefix("~") for word in cache.access("writer", project(stack)).split() if word.startswith("~")]
    others = [*(project(other) for other in STACKS if other != stack), *feast_projects.projects(OF_PLATFORM).values()]
    assert fnmatchcase(f"entity{project(stack)}", pattern)
    assert [other for other in others if fnmatchcase(f"entity{other}", pattern)] == []


@pytest.mark.parametrize(("one", "other"), [("pr-7", "pr-8"), ("risk", "fraud")])
def test_tenants_that_call_their_projects_alike_have_different_keys(one: str, other: str) -> None:
    feast_projects.apart(feast_projects.of_tenant("scores", one), [feast_projects.of_tenant("scores", other)])


def test_a_tenant_called_like_a_project_of_the_platform_has_other_keys() -> None:
    assert feast_projects.of_tenant("risk", "risk") != feast_projects.project("risk")


@pytest.mark.parametrize(("one", "other"), [("risk_1", "credit_risk_1"), ("credit_risk_1", "risk_1"), ("risk_1", "risk_1")])
def test_a_project_that_ends_with_another_is_refused(one: str, other: str) -> None:
    with pytest.raises(Refused) as refused:
        feast_projects.apart(one, [other])
    assert str(refused.value) == (
        f"got project `{one}` in Feast beside `{other}`; expected names of which none is the end of another, as the keys of one could be "
        "taken for the other's; rename the stack"
    )


@given(st.lists(NAME, min_size=2, max_size=5, unique=True))
def test_no_prefix_of_objects_is_below_another(stacks: list[str]) -> None:
    found = [f"{project(stack)}/" for stack in stacks]
    assert [pair for pair in permutations(found, 2) if pair[0].startswith(pair[1])] == []


@pytest.mark.parametrize("reserved", ["athena/", "errors/", "feature_events/"])
@pytest.mark.parametrize("stack", ["athena", "errors", "feature-events"])
def test_no_prefix_is_one_that_the_platform_writes_to(stack: str, reserved: str) -> None:
    assert not f"{project(stack)}/".startswith(reserved)


@pytest.mark.parametrize(("one", "account", "other", "other_account"), [("a", "b-c", "a-b", "c"), ("risk", "eu-jobs", "risk-eu", "jobs")])
def test_no_two_tenants_have_a_role_in_common(one: str, account: str, other: str, other_account: str) -> None:
    assert names(one).role(account) != names(other).role(other_account)


@pytest.mark.parametrize("pair", [*permutations(STACKS, 2)])
def test_no_secret_of_a_tenant_is_another_ones(pair: tuple[str, str]) -> None:
    one, other = (set(names(stack).secrets) for stack in pair)
    assert not one & other


def test_a_tenant_has_a_secret_for_each_of_its_users() -> None:
    assert names("risk").secrets == (
        "dev-tenant-risk/registry-ddl",
        "dev-tenant-risk/registry-dml",
        "dev-tenant-risk/registry-ro",
        "dev-tenant-risk/online-store-writer",
        "dev-tenant-risk/online-store-reader",
    )


@pytest.mark.parametrize("stack", STACKS)
def test_whoever_makes_databases_reads_the_secrets_of_mysql_users_and_no_others(stack: str) -> None:
    matching = [name for name in names(stack).secrets if fnmatchcase(name, any_registry_secret(PLATFORM))]
    assert matching == [names(stack).registry_secret(right) for right in tenant_databases.RIGHTS]


@pytest.mark.parametrize("project_", OF_PLATFORM)
def test_no_secret_or_user_of_the_platform_is_taken_for_a_tenants(project_: str) -> None:
    secrets = [PLATFORM.secret("registry", databases.project_user(project_, "ro")), PLATFORM.secret("online-store", f"{project_}-reader")]
    assert [name for name in secrets if fnmatchcase(name, any_registry_secret(PLATFORM))] == []
    users = {PLATFORM.cache_user(f"{project_}-{role}") for role in cache.ROLES}
    assert not users & {names(stack).cache_user(role) for stack in STACKS for role in cache.ROLES}


@pytest.mark.parametrize("stack", STACKS)
def test_no_database_is_the_platforms_or_another_tenants(stack: str) -> None:
    others = [databases.database(each) for each in OF_PLATFORM] + [tenant_databases.database(each) for each in STACKS if each != stack]
    assert tenant_databases.database(stack) not in [*others, databases.MLFLOW]


LONGEST = "a" * 16


@pytest.mark.parametrize("role", get_args(cache.Role))
def test_the_longest_names_have_a_user_of_the_online_store(role: cache.Role) -> None:
    assert len(TenantNames(Names(environment=LONGEST, account="111111111111"), LONGEST).cache_user(role)) <= 40


@pytest.mark.parametrize("right", tenant_databases.RIGHTS)
def test_the_longest_name_has_a_user_of_mysql(right: databases.Right) -> None:
    assert len(tenant_databases.user(LONGEST, right)) <= databases.LONGEST_USER


def test_its_users_are_granted_its_database_and_no_other() -> None:
    granted = [each.sql for each in tenant_databases.statements("pr-7") if each.sql.startswith("GRANT")]
    assert granted == [
        r"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON `tenant\_pr\_7`.* TO `tenant_pr_7_ddl`@`%`",
        r"GRANT SELECT, INSERT, UPDATE, DELETE ON `tenant\_pr\_7`.* TO `tenant_pr_7_dml`@`%`",
        r"GRANT SELECT ON `tenant\_pr\_7`.* TO `tenant_pr_7_ro`@`%`",
    ]


def test_what_is_removed_is_its_users_and_then_its_database() -> None:
    assert [each.sql for each in tenant_databases.removal("pr-7")] == [
        "DROP USER IF EXISTS `tenant_pr_7_ddl`@`%`",
        "DROP USER IF EXISTS `tenant_pr_7_dml`@`%`",
        "DROP USER IF EXISTS `tenant_pr_7_ro`@`%`",
        "DROP DATABASE IF EXISTS `tenant_pr_7`",
    ]


ANY_SLICE = OfPullRequests(PLATFORM)


def of_stack(stack: str) -> dict[str, tuple[list[str], tuple[str, ...]]]:
    """What a tenant's things are called, and the patterns of those of pull requests, by kind."""
    own = names(stack)
    return {
        "roles": ([own.role("worker")], (ANY_SLICE.roles,)),
        "secrets": ([*own.secrets], (ANY_SLICE.secrets,)),
        "cache users": ([own.cache_user(role) for role in cache.ROLES], ANY_SLICE.cache_users),
        "parameters": ([contract.tenant_parameter_name("dev", stack)], (ANY_SLICE.parameters,)),
        "prefixes": ([f"{project(stack)}/"], (ANY_SLICE.prefixes,)),
    }


@pytest.mark.parametrize("kind", of_stack("risk"))
@pytest.mark.parametrize("stack", STACKS)
def test_patterns_of_pull_requests_match_what_is_theirs_and_no_other_tenants(stack: str, kind: str) -> None:
    called, patterns = of_stack(stack)[kind]
    matched = {name: any(fnmatchcase(name, pattern) for pattern in patterns) for name in called}
    assert matched == {name: stack.startswith("pr-") for name in called}


@pytest.mark.parametrize(
    ("patterns", "name"),
    [
        (ANY_SLICE.cache_users, PLATFORM.cache_user("t-pr-7-writer")),
        ((ANY_SLICE.roles,), PLATFORM.add_on_role("tenant-pr-7", "cloudwatch-agent")),
        ((ANY_SLICE.secrets,), PLATFORM.secret("tenant-pr-7", "writer")),
    ],
)
def test_patterns_of_pull_requests_match_nothing_of_the_platforms_own_whatever_it_is_called(patterns: tuple[str, ...], name: str) -> None:
    assert [pattern for pattern in patterns if fnmatchcase(name, pattern)] == []
