"""The databases Job on the real engine: what its statements make of the server, which is MariaDB here (localcloud/data_plane/gaps.py)."""

from __future__ import annotations

import json
import ssl
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pymysql
import pytest

from localcloud.data_plane import authority
from localcloud.instance import Instance
from tests.local.conftest import Stack, platform

JOB = "kubernetes:batch/v1:Job"
DATABASE = "feast_credit_decisions"


@pytest.fixture(scope="module")
def dev(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    stack = platform(cloud, tmp_path_factory.mktemp("databases"), "dev", "databases")
    stack.up()
    yield stack
    stack.destroy()


def connect(dev: Stack, user: str, *, tls: bool = True) -> Any:
    """As the user's secret says, into its own database."""
    secret = json.loads(dev.aws("secretsmanager").get_secret_value(SecretId=f"databases-registry-{user}")["SecretString"])
    context = ssl.create_default_context(cafile=str(authority.file(dev.instance))) if tls else None
    return pymysql.connect(
        host=secret["host"],
        port=secret["port"],
        user=secret["username"],
        password=secret["password"],
        database=secret["dbname"],
        ssl=context,
        ssl_disabled=not tls,
    )


def run(dev: Stack, user: str, sql: str) -> None:
    with connect(dev, user) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        connection.commit()


def test_the_job_is_complete(dev: Stack) -> None:
    job = dev.resource(JOB)["outputs"]["metadata"]["name"]
    assert "databases" in job
    conditions = dev.resource(JOB)["outputs"]["status"]["conditions"]
    assert {each["type"]: each["status"] for each in conditions}["Complete"] == "True"


def test_each_user_does_its_own_work(dev: Stack) -> None:
    run(dev, f"{DATABASE}_ddl", "CREATE TABLE IF NOT EXISTS t (a INT PRIMARY KEY)")
    run(dev, f"{DATABASE}_dml", "REPLACE INTO t VALUES (1)")
    run(dev, f"{DATABASE}_ro", "SELECT * FROM t")
    run(dev, "mlflow_ddl", "CREATE TABLE IF NOT EXISTS t (a INT PRIMARY KEY)")
    run(dev, "mlflow_dml", "REPLACE INTO t VALUES (1)")


@pytest.mark.parametrize(
    ("user", "sql"),
    [
        (f"{DATABASE}_ro", "INSERT INTO t VALUES (2)"),
        (f"{DATABASE}_ro", "DROP TABLE t"),
        (f"{DATABASE}_dml", "CREATE TABLE u (a INT)"),
        (f"{DATABASE}_dml", "ALTER TABLE t ADD b INT"),
        (f"{DATABASE}_ddl", "CREATE DATABASE other"),
        (f"{DATABASE}_ddl", "CREATE USER somebody"),
        (f"{DATABASE}_ddl", "USE mlflow"),
        ("mlflow_dml", f"USE {DATABASE}"),
        ("mlflow_ddl", "USE mysql"),
    ],
)
def test_no_user_does_more(dev: Stack, user: str, sql: str) -> None:
    with pytest.raises(pymysql.err.MySQLError, match=r"denied"):
        run(dev, user, sql)


def test_nobody_comes_in_without_tls(dev: Stack) -> None:
    with pytest.raises(pymysql.err.MySQLError):
        connect(dev, f"{DATABASE}_ro", tls=False)


def test_a_second_up_runs_no_job(dev: Stack) -> None:
    assert "unchanged" in dev.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")


def test_a_new_generation_of_passwords_is_set_by_another_job(dev: Stack, tmp_path: Path) -> None:
    before = dev.resource(JOB)["id"]
    dev.with_settings(tmp_path, feature_store={"credentials_generation": 2}).up()
    assert dev.resource(JOB)["id"] != before
    run(dev, f"{DATABASE}_ro", "SELECT 1")
