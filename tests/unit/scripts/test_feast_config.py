"""A Feast configuration is what the stack publishes, and holds no secret; what cannot be printed is refused with its remedy."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

import contract
from scripts.feast_config import main
from tests.unit.scripts.deployed_project import Project, deployed

REGION = "eu-west-1"
STORE: dict[str, Any] = {
    **dict.fromkeys(contract.FeatureStore.model_fields, "x"),
    "registry_host": "registry.example",
    "registry_port": 3306,
    "registry_secret_prefix": "prod-registry-",
    "online_store_host": "cache.example",
    "online_store_port": 6379,
    "online_store_secret_prefix": "prod-online-store-",
    "offline_bucket": "past",
    "role_arns": {"materializer": "arn"},
    "projects": {"credit-decisions": {"project": "credit_decisions_12345678", "database": "feast_credit_decisions"}},
}
FRAUD = {"project": "fraud_87654321", "database": "feast_fraud"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Project]:
    with deployed(tmp_path, monkeypatch) as made:
        yield made


def publish(**changed: Any) -> None:
    value = json.dumps({**STORE, **changed})
    boto3.client("ssm", region_name=REGION).put_parameter(Name="/ml-platform/prod/feature_store", Type="String", Value=value)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    publish()
    assert main(["prod", *arguments]) == 0
    return yaml.safe_load(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("role", "user", "mode"),
    [
        ("reader", "feast_credit_decisions_ro", "verify"),
        ("writer", "feast_credit_decisions_dml", "verify"),
        ("admin", "feast_credit_decisions_ddl", "auto"),
    ],
)
def test_each_role_comes_to_the_registry_as_its_own_user(
    project: Project, capsys: pytest.CaptureFixture[str], role: str, user: str, mode: str
) -> None:
    registry = printed(capsys, "--role", role)["registry"]
    ca = "/etc/ssl/rds/global-bundle.pem"
    assert registry["path"] == f"mysql+pymysql://{user}:${{REGISTRY_PASSWORD}}@registry.example:3306/feast_credit_decisions?ssl_ca={ca}"
    assert (registry["registry_type"], registry["schema_mode"]) == ("sql", mode)


@pytest.mark.parametrize("role", ["reader", "writer", "admin"])
def test_a_view_is_deleted_without_a_scan_that_no_user_may_do(project: Project, capsys: pytest.CaptureFixture[str], role: str) -> None:
    assert printed(capsys, "--role", role)["online_store"]["full_scan_for_deletion"] is False


@pytest.mark.parametrize(("role", "secret"), [("reader", "reader"), ("writer", "writer"), ("admin", "writer")])
def test_comments_say_which_secrets_to_take(project: Project, capsys: pytest.CaptureFixture[str], role: str, secret: str) -> None:
    publish()
    main(["prod", "--role", role])
    assert f"prod-online-store-credit-decisions-{secret}\n" in capsys.readouterr().out


def test_the_online_store_is_reached_over_tls_that_is_verified(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    online = printed(capsys, "--online-store-ca", "/ca.pem")["online_store"]
    assert (online["type"], online["redis_type"]) == ("redis", "redis_cluster")
    assert online["connection_string"].split(",") == [
        "cache.example:6379",
        "ssl=true",
        "ssl_cert_reqs=required",
        "ssl_ca_certs=/ca.pem",
        "username=${ONLINE_STORE_USERNAME}",
        "password=${ONLINE_STORE_PASSWORD}",
    ]


def test_feast_knows_the_project_by_the_name_that_its_users_reach(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys)["project"] == "credit_decisions_12345678"


def test_another_authority_is_taken_from_where_it_is(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "--registry-ca", "/ca.pem")["registry"]["path"].endswith("?ssl_ca=/ca.pem")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_a_stack_that_has_no_file_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no stack pord" in refused(capsys, "pord")


def test_credentials_of_another_account_are_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.settings(account="999999999999")
    assert "log in to that one" in refused(capsys, "prod")


def test_a_stack_that_is_not_deployed_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot be read from /ml-platform/prod/feature_store" in refused(capsys, "prod")


def test_a_contract_of_another_version_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    publish(unheard_of="x")
    assert "is of another version than this checkout" in refused(capsys, "prod")


def test_an_unknown_project_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    publish()
    assert "--project got `fraud`; expected one of credit-decisions" in refused(capsys, "prod", "--project", "fraud")


def test_where_there_are_several_projects_one_must_be_named(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    publish(projects={**STORE["projects"], "fraud": FRAUD})
    assert "--project got nothing; expected one of credit-decisions, fraud" in refused(capsys, "prod")
