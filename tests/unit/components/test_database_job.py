"""The Job that sets a database server up: what runs, as whom, and when it is another one."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components.database_job import STATEMENTS, DatabaseJob, DatabaseJobArgs
from planning.egress import REACHES_AWS
from planning.node_pools import LABEL
from tests.unit.registrations import Recorded, record

JOB, CONFIG_MAP = "kubernetes:batch/v1:Job", "kubernetes:core/v1:ConfigMap"


def made(**changed: Any) -> Recorded:
    given: Mapping[str, Any] = {
        "namespace": "feature-store",
        "service_account": "registry-admin",
        "node_pool": "feature-store",
        "priority_class": "batch",
        "image": "registry.example/database-admin:1",
        "ca_bundle": "/ca.pem",
        "script": "print()",
        "statements": [{"sql": "CREATE DATABASE IF NOT EXISTS `a`"}],
        "users": {"a_ro": {"authentication": "password", "secret": pulumi.Output.from_input("dev-registry-a_ro"), "generation": 1}},
        "clauses": {"password": "IDENTIFIED BY {secret}"},
        "host": "registry.example",
        "port": 3306,
        "master_secret": "arn:secret",
        **changed,
    }
    return record(lambda: DatabaseJob("databases", DatabaseJobArgs(**given)))


def pod(recorded: Recorded) -> dict[str, Any]:
    return recorded.one(JOB).inputs["spec"]["template"]["spec"]


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return made()


def test_the_config_map_has_the_program_and_its_statements(recorded: Recorded) -> None:
    data = recorded.one(CONFIG_MAP).inputs["data"]
    assert data["run.py"] == "print()"
    assert json.loads(data["statements.json"]) == [{"sql": "CREATE DATABASE IF NOT EXISTS `a`"}]
    assert json.loads(data["users.json"])["a_ro"]["secret"] == "dev-registry-a_ro"
    assert json.loads(data["clauses.json"]) == {"password": "IDENTIFIED BY {secret}"}


def test_what_a_job_has_mounted_does_not_change(recorded: Recorded) -> None:
    assert recorded.one(CONFIG_MAP).inputs["immutable"] is True


def test_nothing_waits_for_a_pod_whose_image_may_not_be_there_yet(recorded: Recorded) -> None:
    assert recorded.one(JOB).inputs["metadata"]["annotations"]["pulumi.com/skipAwait"] == "true"


def test_the_job_names_the_config_map_that_it_mounts(recorded: Recorded) -> None:
    name = recorded.one(CONFIG_MAP).inputs["metadata"]["name"]
    assert recorded.one(JOB).inputs["metadata"]["annotations"][STATEMENTS] == name
    assert [volume["configMap"]["name"] for volume in pod(recorded)["volumes"]] == [name]


@pytest.mark.parametrize(
    "changed",
    [
        {"script": "print(1)"},
        {"image": "registry.example/database-admin:2"},
        {"statements": [{"sql": "SELECT 1"}]},
        {"users": {"a_ro": {"authentication": "password", "secret": "dev-registry-a_ro", "generation": 2}}},
        {"clauses": {"password": "IDENTIFIED WITH x BY {secret}"}},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_job_that_does_something_else_is_another_one(recorded: Recorded, changed: dict[str, Any]) -> None:
    assert made(**changed).one(JOB).inputs["metadata"]["name"] != recorded.one(JOB).inputs["metadata"]["name"]


def test_a_job_that_does_the_same_is_the_same(recorded: Recorded) -> None:
    assert made().one(JOB).inputs["metadata"]["name"] == recorded.one(JOB).inputs["metadata"]["name"]


def test_pods_are_restricted(recorded: Recorded) -> None:
    spec = pod(recorded)
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_pod_is_the_service_accounts_and_reaches_aws(recorded: Recorded) -> None:
    assert pod(recorded)["serviceAccountName"] == "registry-admin"
    assert recorded.one(JOB).inputs["spec"]["template"]["metadata"]["labels"][REACHES_AWS] == "true"


def test_the_pod_has_no_token_of_kubernetes(recorded: Recorded) -> None:
    assert pod(recorded)["automountServiceAccountToken"] is False


def test_a_server_that_is_not_reached_yet_is_tried_again(recorded: Recorded) -> None:
    assert (pod(recorded)["restartPolicy"], recorded.one(JOB).inputs["spec"]["backoffLimit"]) == ("OnFailure", 6)


def test_the_pod_runs_on_its_own_nodes_and_in_its_turn(recorded: Recorded) -> None:
    assert (pod(recorded)["nodeSelector"], pod(recorded)["priorityClassName"]) == ({LABEL: "feature-store"}, "batch")


def test_the_pod_asks_for_what_it_needs_and_takes_no_more_memory(recorded: Recorded) -> None:
    (container,) = pod(recorded)["containers"]
    assert container["resources"] == {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}


def test_a_job_that_ended_is_kept_to_be_looked_at(recorded: Recorded) -> None:
    assert "ttlSecondsAfterFinished" not in recorded.one(JOB).inputs["spec"]


def test_the_pod_is_told_where_the_server_is_and_whose_secret_opens_it(recorded: Recorded) -> None:
    (container,) = pod(recorded)["containers"]
    assert {each["name"]: each["value"] for each in container["env"]} == {
        "DATABASE_HOST": "registry.example",
        "DATABASE_PORT": "3306",
        "DATABASE_CA": "/ca.pem",
        "MASTER_SECRET": "arn:secret",
    }
