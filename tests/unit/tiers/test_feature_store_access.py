"""Who works in the feature store's namespace, what databases and users there are, and what pods reach and are told."""

import json
from typing import Any

import pytest

import contract
from planning import database_image, databases, feast_projects
from tests.unit.conftest import platform, stack_file
from tests.unit.registrations import Recorded, record
from tiers.assembly import assemble

POLICY, ROLE_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy", "aws:iam/rolePolicy:RolePolicy"
TIERS = ("feature-store", "serving", "training")


def published(recorded: Recorded) -> contract.FeatureStore:
    return contract.FeatureStore.model_validate_json(recorded.one("aws:ssm/parameter:Parameter", "feature_store").inputs["insecureValue"])


def files(recorded: Recorded) -> dict[str, Any]:
    data = recorded.one("kubernetes:core/v1:ConfigMap", "databases").inputs["data"]
    return {name: json.loads(text) for name, text in data.items() if name.endswith(".json")}


def test_the_job_makes_a_database_for_each_project_and_one_for_mlflow(dev: Recorded) -> None:
    made = [each["sql"].split("`")[1] for each in files(dev)["statements.json"] if each["sql"].startswith("CREATE DATABASE")]
    assert made == ["feast_credit_decisions", "mlflow"]


def test_every_password_user_has_a_secret_of_the_environments(dev: Recorded) -> None:
    users = files(dev)["users.json"]
    secrets = {each.inputs["name"] for each in dev.all("aws:secretsmanager/secret:Secret")}
    assert {name: user.get("secret") for name, user in users.items()} == {
        **{user: f"dev-registry-{user}" for user in users if user != databases.REGISTRY_ADMIN},
        databases.REGISTRY_ADMIN: None,
    }
    assert {user["secret"] for user in users.values() if "secret" in user} <= secrets


def test_no_password_is_in_the_job(dev: Recorded) -> None:
    passwords = {json.loads(each.inputs["secretString"])["password"] for each in dev.all("aws:secretsmanager/secretVersion:SecretVersion")}
    job = json.dumps([dict(dev.one("kubernetes:core/v1:ConfigMap", "databases").inputs), dict(dev.one("kubernetes:batch/v1:Job").inputs)])
    assert passwords
    assert [password for password in passwords if password in job] == []


def test_the_job_runs_in_an_image_of_the_environments_registry(dev: Recorded) -> None:
    (container,) = dev.one("kubernetes:batch/v1:Job").inputs["spec"]["template"]["spec"]["containers"]
    url = f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/{dev.one('aws:ecr/repository:Repository', 'database-admin').inputs['name']}"
    assert container["image"] == f"{url}:{database_image.tag()}"


@pytest.mark.parametrize(
    "before",
    [
        "aws:eks/podIdentityAssociation:PodIdentityAssociation feature-store-registry-admin",
        "aws:iam/rolePolicy:RolePolicy feature-store-registry-admin-secrets",
        "aws:secretsmanager/secretVersion:SecretVersion registry-mlflow_dml-1",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy feature-store-allow-data",
        "aws:rds/instance:Instance registry",
    ],
)
def test_the_job_starts_when_its_pod_can_do_its_work(dev: Recorded, before: str) -> None:
    assert before in dev.behind(dev.one("kubernetes:batch/v1:Job"))


@pytest.mark.parametrize(
    ("who", "rights"),
    [
        ("materializer", {"buckets", "secrets", "key"}),
        ("feature-reader", {"secrets", "key"}),
        ("registry-admin", {"secrets", "key", "master", "login"}),
        ("event-writer", {"streams", "key"}),
    ],
)
def test_each_service_account_has_these_kinds_of_rights_and_no_others(dev: Recorded, who: str, rights: set[str]) -> None:
    role = f"dev-feature-store-{who}"
    assert {each.inputs["name"] for each in dev.all(ROLE_POLICY) if each.inputs["role"] == role} == rights


@pytest.mark.parametrize(("who", "services"), [("feature-reader", {"secretsmanager"}), ("event-writer", {"kinesis"})])
def test_the_key_opens_only_what_the_service_account_works_with(dev: Recorded, who: str, services: set[str]) -> None:
    statements = json.loads(dev.one(ROLE_POLICY, f"feature-store-{who}-key").inputs["policy"])["Statement"]
    through = {each["Condition"]["StringEquals"]["kms:ViaService"] for each in statements}
    assert through == {f"{service}.eu-west-1.amazonaws.com" for service in services}


@pytest.mark.parametrize("tier", TIERS)
def test_pods_reach_the_data_subnets_at_the_ports_of_databases_and_caches(dev: Recorded, tier: str) -> None:
    data = {each.inputs["cidrBlock"] for each in dev.all("aws:ec2/subnet:Subnet") if "-data-" in each.name}
    spec = dev.one(POLICY, f"{tier}-allow-data").inputs["spec"]
    (rule,) = spec["egress"]
    assert spec["podSelector"] == {}
    assert {peer["ipBlock"]["cidr"] for peer in rule["to"]} == data
    assert [(port["protocol"], port["port"]) for port in rule["ports"]] == [("TCP", 3306), ("TCP", 6379)]


@pytest.mark.parametrize("tier", TIERS)
def test_only_pods_that_say_so_reach_aws(dev: Recorded, tier: str) -> None:
    spec = dev.one(POLICY, f"{tier}-allow-aws").inputs["spec"]
    assert spec["podSelector"] == {"matchLabels": {"ml-platform/reaches-aws": "true"}}
    assert [(rule["to"][0]["ipBlock"]["cidr"], rule["ports"][0]["port"]) for rule in spec["egress"]] == [
        ("169.254.170.23/32", 80),
        ("0.0.0.0/0", 443),
    ]


def test_projects_are_published_with_their_name_in_feast_and_their_database(dev: Recorded) -> None:
    (project,) = published(dev).projects.values()
    assert project.project == feast_projects.project("credit-decisions")
    assert project.database == databases.database("credit-decisions")


def test_what_the_contract_says_of_secrets_leads_to_them(dev: Recorded) -> None:
    store = published(dev)
    secrets = {each.inputs["name"] for each in dev.all("aws:secretsmanager/secret:Secret")}
    registry = {f"{store.registry_secret_prefix}{project.database}_{right}" for project in store.projects.values()
                for right in ("ddl", "dml", "ro")}  # fmt: skip
    mlflow = {f"{store.registry_secret_prefix}{store.mlflow_database}_{right}" for right in ("ddl", "dml")}
    online = {f"{store.online_store_secret_prefix}{project}-{right}" for project in store.projects for right in ("writer", "reader")}
    assert registry | mlflow | online == secrets


def test_roles_are_published_by_service_account(dev: Recorded) -> None:
    assert published(dev).role_arns == {
        who: f"arn:aws:iam::111111111111:role/dev-feature-store-{who}"
        for who in ("materializer", "registry-admin", "feature-reader", "event-writer")
    }


@pytest.mark.parametrize(
    ("tier", "sections"),
    [("feature-store", {"feature_store"}), ("serving", {"feature_store", "serving"}), ("training", {"feature_store", "training"})],
)
def test_pods_of_a_tier_are_told_what_concerns_them(dev: Recorded, tier: str, sections: set[str]) -> None:
    config_map = dev.one("kubernetes:core/v1:ConfigMap", f"{tier}-contract").inputs
    assert (config_map["metadata"]["name"], config_map["metadata"]["namespace"]) == ("ml-platform-contract", tier)
    assert config_map["data"] == {
        f"{section}.json": dev.one("aws:ssm/parameter:Parameter", section).inputs["insecureValue"] for section in sections
    }


def test_eight_projects_of_the_longest_names_are_published() -> None:
    projects = [f"{'p' * 15}{number}" for number in range(8)]
    given = {**stack_file("dev"), "feature_store": {"projects": projects}}
    recorded = record(lambda: assemble(platform("e" * 16, given)))
    assert list(published(recorded).projects) == projects


def test_what_needs_aws_to_answer_leaves_the_jobs_name_known_at_preview(dev_preview: Recorded) -> None:
    assert str(dev_preview.one("kubernetes:batch/v1:Job").inputs["metadata"]["name"]).startswith("databases-")
