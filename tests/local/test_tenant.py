"""Two tenants beside a development platform, under the real engine: each has what is its own, and none what is another's.

What a role may do is the local IAM's answer, and what a user may that of redis and MariaDB (localcloud/data_plane/gaps.py).
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
import pytest
import yaml

from localcloud.data_plane import authority
from localcloud.instance import Instance
from localcloud.leftovers import leftovers
from tests.local import servers
from tests.local.conftest import REGION, Stack, platform

PLATFORM, A, B = "shared", "risk", "pr-17"
ACTIONS = ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "secretsmanager:GetSecretValue"]


def settings(account: str, name: str) -> dict[str, Any]:
    return {
        "kind": "tenant",
        "platform": PLATFORM,
        "account": account,
        "region": REGION,
        "owner": f"{name}-team",
        "cost_centre": "ml-1",
        "data_classification": "internal",
        "feast_project": name.replace("-", "_"),
        "namespaces": {f"{name}-jobs": {"cpu": 4, "memory_gib": 8, "gpus": 1, "pods": 10}},
        "roles": {"trainer": {"namespace": f"{name}-jobs", "actions": ACTIONS}},
        "expires": "2027-01-31",
    }


@dataclass(frozen=True)
class Shared:
    """A platform and what is beside it."""

    platform: Stack
    tenants: dict[str, Stack]
    published: dict[str, dict[str, Any]]
    """What each tenant publishes, and the platform's feature store under its name."""

    def secret(self, name: str) -> dict[str, Any]:
        return json.loads(self.platform.aws("secretsmanager").get_secret_value(SecretId=name)["SecretString"])

    def mysql(self, tenant: str, right: str, sql: str) -> Any:
        """The rows, as a MySQL user of the tenant."""
        secret = self.secret(self.published[tenant]["registry_secrets"][right])
        context = ssl.create_default_context(cafile=str(authority.file(self.platform.instance)))
        connection = pymysql.connect(
            host=secret["host"],
            port=secret["port"],
            user=secret["username"],
            password=secret["password"],
            database=secret["dbname"],
            ssl=context,
            autocommit=True,
        )
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def redis(self, secret: str, *command: str) -> str:
        known = self.secret(secret)
        host = self.published[PLATFORM]["online_store_host"]
        return servers.redis(self.platform.instance, host, *command, user=known["username"], password=known["password"])

    def allows(self, tenant: str, action: str, resource: str) -> bool:
        """Whether the tenant's role may, by IAM's simulator: the buckets' policies refuse what is not encrypted, as nothing is here.

        The emulator's simulator knows no prefix of a listing: what may be listed is a test on the document
        (tests/unit/planning/test_tenant_rights.py).
        """
        found = self.platform.aws("iam").simulate_principal_policy(
            PolicySourceArn=self.published[tenant]["role_arns"]["trainer"], ActionNames=[action], ResourceArns=[resource]
        )
        (result,) = found["EvaluationResults"]
        return result["EvalDecision"] == "allowed"

    def as_master(self, sql: str) -> set[str]:
        """The first column, as the master user."""
        store = self.published[PLATFORM]
        secret = self.secret(store["registry_master_secret_arn"])
        said = servers.sql(self.platform.instance, store["registry_host"], sql, password=secret["password"], user=secret["username"])
        return set(said.splitlines())


def _outputs(stack: Stack) -> dict[str, Any]:
    return json.loads(stack.pulumi("stack", "output", "--json"))


def write(project: Path, stack: str, given: dict[str, Any]) -> None:
    (project / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": {"ml-platform:settings": given}}))


@pytest.fixture(scope="module")
def shared(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Generator[Shared]:
    host = platform(cloud, tmp_path_factory.mktemp("shared"), "dev", PLATFORM)
    host.up()
    tenants: dict[str, Stack] = {}
    for name in (A, B):
        write(host.project, name, settings(host.account, name))
        tenants[name] = Stack.init(cloud, host.project, name, host.account)
        tenants[name].up()
    published = {name: _outputs(stack)["tenant"] for name, stack in tenants.items()}
    yield Shared(host, tenants, {**published, PLATFORM: _outputs(host)["feature_store"]})
    for stack in (*tenants.values(), host):
        stack.destroy()


@pytest.mark.parametrize("tenant", [A, B])
def test_a_second_up_changes_nothing(shared: Shared, tenant: str) -> None:
    assert "unchanged" in shared.tenants[tenant].pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")


def test_the_platform_sees_no_change_beside_tenants(shared: Shared) -> None:
    assert "unchanged" in shared.platform.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")


@pytest.mark.parametrize("tenant", [A, B])
def test_its_namespace_is_fenced_limited_and_told(shared: Shared, tenant: str) -> None:
    def items(kind: str) -> list[dict[str, Any]]:
        said = shared.platform.kubectl("get", kind, "--namespace", f"{tenant}-jobs", "--output", "json")
        return json.loads(said)["items"]

    (quota,), (limits,) = items("resourcequota"), items("limitrange")
    assert quota["status"]["hard"]["requests.nvidia.com/gpu"] == "1"
    assert limits["spec"]["limits"][0]["max"] == {"cpu": "4", "memory": "8Gi"}
    assert {each["metadata"]["name"] for each in items("networkpolicy")} == {"default-deny", "allow-dns", "allow-data", "allow-aws"}
    told = {each["metadata"]["name"]: each for each in items("configmap")}["ml-platform-contract"]["data"]
    assert json.loads(told["tenant.json"]) == shared.published[tenant]
    assert json.loads(told["feature_store.json"]) == shared.published[PLATFORM]


OWN, OTHERS, PLATFORMS = "own", "another's", "the platform's"


def prefixes(shared: Shared) -> dict[str, str]:
    (project,) = shared.published[PLATFORM]["projects"].values()
    return {OWN: shared.published[A]["project"], OTHERS: shared.published[B]["project"], PLATFORMS: project["project"]}


@pytest.mark.parametrize("bucket", ["offline_bucket", "staging_bucket"])
@pytest.mark.parametrize(("whose", "opens"), [(OWN, True), (OTHERS, False), (PLATFORMS, False)])
def test_its_role_reaches_its_own_prefix_of_a_bucket_and_no_other(shared: Shared, bucket: str, whose: str, opens: bool) -> None:
    arn, prefix = f"arn:aws:s3:::{shared.published[PLATFORM][bucket]}", prefixes(shared)[whose]
    answers = {action: shared.allows(A, action, f"{arn}/{prefix}/part") for action in ("s3:GetObject", "s3:PutObject")}
    assert answers == dict.fromkeys(answers, opens)


def test_its_role_lists_no_whole_bucket(shared: Shared) -> None:
    assert not shared.allows(A, "s3:ListBucket", f"arn:aws:s3:::{shared.published[PLATFORM]['offline_bucket']}")


def test_its_role_opens_no_secret_of_another_or_of_the_platform(shared: Shared) -> None:
    names = [*shared.published[A]["registry_secrets"].values(), *shared.published[A]["online_store_secrets"].values()]
    store = shared.published[PLATFORM]
    (project,) = store["projects"]
    others = [
        *shared.published[B]["registry_secrets"].values(),
        *shared.published[B]["online_store_secrets"].values(),
        f"{store['registry_secret_prefix']}{store['projects'][project]['database']}_ro",
        f"{store['online_store_secret_prefix']}{project}-reader",
    ]
    secrets = shared.platform.aws("secretsmanager")
    arns = {name: secrets.describe_secret(SecretId=name)["ARN"] for name in (*names, *others)} | {"m": store["registry_master_secret_arn"]}
    allowed = {name for name, arn in arns.items() if shared.allows(A, "secretsmanager:GetSecretValue", arn)}
    assert allowed == set(names)


def test_its_users_of_the_online_store_have_its_keys_and_the_server_refuses_them_others(shared: Shared) -> None:
    writer, reader = (shared.published[A]["online_store_secrets"][role] for role in ("writer", "reader"))
    answers = {
        whose: (shared.redis(writer, "HSET", f"entity{project}", "f", "1"), shared.redis(reader, "HMGET", f"entity{project}", "f"))
        for whose, project in prefixes(shared).items()
    }
    assert answers[OWN] == ("1", "1")
    assert [all("NOPERM" in said for said in answers[whose]) for whose in (OTHERS, PLATFORMS)] == [True, True]


def test_its_reader_of_the_online_store_writes_nothing(shared: Shared) -> None:
    key = f"other{shared.published[A]['project']}"
    assert "NOPERM" in shared.redis(shared.published[A]["online_store_secrets"]["reader"], "HSET", key, "f", "1")


@pytest.mark.parametrize("right", ["ddl", "dml", "ro"])
def test_its_users_of_the_registry_see_its_database_and_no_other(shared: Shared, right: str) -> None:
    found = {name for (name,) in shared.mysql(A, right, "SHOW DATABASES")}
    assert found == {shared.published[A]["database"], "information_schema"}


@pytest.mark.parametrize("whose", [OTHERS, PLATFORMS])
def test_its_users_of_the_registry_open_no_other_database(shared: Shared, whose: str) -> None:
    (project,) = shared.published[PLATFORM]["projects"].values()
    database = {OTHERS: shared.published[B]["database"], PLATFORMS: project["database"]}[whose]
    with pytest.raises(pymysql.err.MySQLError, match="denied"):
        shared.mysql(A, "ddl", f"USE {database}")


@dataclass(frozen=True)
class Removed:
    """What was there before a third tenant came, and what once it had gone, by what was looked at."""

    before: dict[str, set[str]]
    dropped: set[str]
    """Of its databases and users in MySQL, what was there after the retirement and before the end."""
    after: dict[str, set[str]]


@pytest.fixture(scope="module")
def removed(shared: Shared) -> Removed:
    host, name = shared.platform, "former"

    def seen() -> dict[str, set[str]]:
        return {
            "AWS": {f"{each.service} {each.name}" for each in leftovers(host.everything())},
            "cluster": set(host.kubectl("get", "namespaces,jobs,rolebindings,configmaps", "--all-namespaces", "--output", "name").split()),
            "databases": shared.as_master("SHOW DATABASES"),
            "users": shared.as_master("SELECT user FROM mysql.user"),
        }

    before = seen()
    given = settings(host.account, name)
    write(host.project, name, given)
    stack = Stack.init(host.instance, host.project, name, host.account)
    stack.up()
    write(host.project, name, {**given, "retiring": "20261126-220000"})
    stack.up()
    dropped = {each for each in (*shared.as_master("SHOW DATABASES"), *shared.as_master("SELECT user FROM mysql.user")) if name in each}
    stack.destroy()
    # The other tenants' files are beside it.
    (host.project / f"Pulumi.{name}.yaml").unlink()
    return Removed(before, dropped, seen())


def test_a_retired_tenant_has_neither_database_nor_users(removed: Removed) -> None:
    assert removed.dropped == set()


@pytest.mark.parametrize("where", ["AWS", "cluster", "databases", "users"])
def test_a_removed_tenant_leaves_nothing_and_the_others_whole(removed: Removed, where: str) -> None:
    assert removed.after[where] == removed.before[where]
