"""A platform with two Feast projects, and Feast configured from what it publishes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract import FeatureStore
from localcloud import emulator
from localcloud.data_plane import authority
from localcloud.instance import CHECKOUT, Instance
from tests.local.callers import assumed
from tests.local.conftest import REGION, Stack, platform
from tests.local.feast.runs import Feast, Project, feast

PROJECT, OTHER = "credit-decisions", "fraud"
# Of the tests that kill servers.
FAULTS = "collections"
EXAMPLE = CHECKOUT / "examples" / "feast"
CUSTOMERS = 400
OFFLINE_ROWS = str(Path(__file__).with_name("offline_rows.py"))
# Of each role that `scripts/feast_config.py` configures: the service account that it is for, and its users' rights.
ROLES = {
    "admin": ("registry-admin", "ddl", None),
    "writer": ("materializer", "dml", "writer"),
    "reader": ("feature-reader", "ro", "reader"),
}


@dataclass(frozen=True)
class Platform:
    """A stack that is up."""

    stack: Stack
    store: FeatureStore
    feast: Feast
    directory: Path

    def configured(self, role: str, project: str = PROJECT) -> Project:
        """The example's repository, with the credentials of the role's service account and the secrets that it may read."""
        directory = self._repository(f"{project}-{role}")
        (directory / "feature_store.yaml").write_text(self._configuration(role, project))
        account, on_registry, on_online_store = ROLES[role]
        credentials = pod(self.stack, self.store.role_arns[account])
        database = self.store.projects[project].database
        secrets = {"REGISTRY": self._secret(f"{self.store.registry_secret_prefix}{database}_{on_registry}", credentials)}
        if on_online_store:
            secrets["ONLINE_STORE"] = self._secret(f"{self.store.online_store_secret_prefix}{project}-{on_online_store}", credentials)
        known = {f"{store}_{name.upper()}": secret[name] for store, secret in secrets.items() for name in ("username", "password")}
        # Buckets refuse what comes without TLS, and the local AWS is without: but for secrets, who materialises is the account's root.
        in_feast = self._root() if role == "writer" else credentials
        return Project(self.feast, directory, {**self._environment(project), **in_feast, **known})

    def data_engineer(self, project: str = PROJECT) -> Project:
        """Whoever writes history, as the account's root: no service account of the tier may."""
        return Project(self.feast, self._repository(project), {**self._environment(project), **self._root()})

    def _root(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": self.stack.account, "AWS_SECRET_ACCESS_KEY": "local"}

    def _repository(self, name: str) -> Path:
        directory = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.directory))
        shutil.copytree(EXAMPLE, directory, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        return directory

    def _configuration(self, role: str, project: str) -> str:
        ca = str(authority.file(self.stack.instance))
        options = ["--project", project, "--role", role, "--registry-ca", ca, "--online-store-ca", ca]
        command = [sys.executable, str(CHECKOUT / "scripts" / "feast_config.py"), self.stack.name, *options]
        done = subprocess.run(command, cwd=self.stack.project, env=self.stack.variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _environment(self, project: str) -> dict[str, str]:
        offline_store = f"s3://{self.store.offline_bucket}/{self.store.projects[project].project}"
        aws = {"AWS_ENDPOINT_URL": emulator.endpoint(self.stack.instance), "AWS_DEFAULT_REGION": REGION}
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.directory), "OFFLINE_STORE": offline_store, **aws}

    def _secret(self, name: str, credentials: dict[str, str]) -> dict[str, str]:
        command = ["aws", "secretsmanager", "get-secret-value", "--secret-id", name, "--query", "SecretString", "--output", "text"]
        done = subprocess.run(command, env={**self.stack.variables, **credentials}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def up(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """With a replica for each shard, so that the loss of a node is not the loss of what it held."""
    settings = {"projects": [PROJECT, OTHER, FAULTS], "online_store": {"shards": 3, "replicas": 1}}
    directory = tmp_path_factory.mktemp("feast")
    stack = platform(cloud, tmp_path_factory.mktemp("stack"), "dev", "feast").with_settings(
        tmp_path_factory.mktemp("settings"), feature_store=settings
    )
    stack.up()
    with feast() as server:
        store = FeatureStore.model_validate(json.loads(stack.pulumi("stack", "output", "--json"))["feature_store"], strict=False)
        yield Platform(stack, store, server, directory)
    stack.destroy()


@pytest.fixture(scope="session")
def engineer(up: Platform) -> Project:
    """Has written the history of CUSTOMERS."""
    project = up.data_engineer()
    project.run("make_history.py", str(CUSTOMERS))
    return project


@pytest.fixture(scope="session")
def admin(up: Platform) -> Project:
    """Has made the registry's tables."""
    project = up.configured("admin")
    project.run("feast", "registry", "create-schema")
    return project


@pytest.fixture(scope="session")
def writer(up: Platform, admin: Project, engineer: Project) -> Project:
    """Has registered the example's features and materialised the history."""
    project = up.configured("writer")
    project.run("feast", "apply")
    materialize(project)
    return project


@pytest.fixture(scope="session")
def reader(up: Platform, writer: Project) -> Project:
    return up.configured("reader")


def pod(stack: Stack, role_arn: str) -> dict[str, str]:
    """Credentials that a pod of the role's service account has. On AWS Pod Identity, which the role trusts, brings them; it is not there
    locally, so the role trusts the account for a moment."""
    iam, name = stack.aws("iam"), role_arn.rpartition("/")[2]
    trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    anybody = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{stack.account}:root"}, "Action": "sts:AssumeRole"}
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [anybody]}))
    try:
        return assumed(stack, role_arn)
    finally:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))


def materialize(project: Project, *, succeeds: bool = True) -> str:
    """All of the history."""
    return project.run("feast", "materialize", "2020-01-01T00:00:00", "2040-01-01T00:00:00", succeeds=succeeds)
