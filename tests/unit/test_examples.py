"""The reference manifests name only what the platform makes, and run as its namespaces demand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from planning.egress import REACHES_AWS
from planning.node_pools import LABEL
from tests.unit.registrations import Recorded

EXAMPLES = Path(__file__).parents[2] / "examples" / "feast-on-kubernetes"


def manifests() -> list[dict[str, Any]]:
    return [body for file in sorted(EXAMPLES.glob("*.yaml")) for body in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for body in manifests():
        if body["kind"] == "Deployment":
            yield body["metadata"]["name"], body["spec"]["template"]
        elif body["kind"] == "CronJob":
            yield body["metadata"]["name"], body["spec"]["jobTemplate"]["spec"]["template"]


PODS = dict(pods())


def kind(name: str) -> list[dict[str, Any]]:
    found = [body for body in manifests() if body["kind"] == name]
    assert found
    return found


@pytest.mark.parametrize("name", PODS)
def test_service_accounts_are_those_of_the_namespace(dev: Recorded, name: str) -> None:
    made = {
        (each.inputs["metadata"]["namespace"], each.inputs["metadata"]["name"]) for each in dev.all("kubernetes:core/v1:ServiceAccount")
    }
    assert ("feature-store", PODS[name]["spec"]["serviceAccountName"]) in made


@pytest.mark.parametrize("name", PODS)
def test_priority_classes_are_the_platforms(dev: Recorded, name: str) -> None:
    made = {each.inputs["metadata"]["name"] for each in dev.all("kubernetes:scheduling.k8s.io/v1:PriorityClass")}
    assert PODS[name]["spec"]["priorityClassName"] in made


@pytest.mark.parametrize("name", PODS)
def test_pods_run_on_nodes_of_the_feature_store(dev: Recorded, name: str) -> None:
    made = {each.name for each in dev.all("kubernetes:karpenter.sh/v1:NodePool")}
    assert PODS[name]["spec"]["nodeSelector"][LABEL] in made


@pytest.mark.parametrize("name", PODS)
def test_images_are_of_our_registry_and_named_by_digest(dev: Recorded, name: str) -> None:
    repositories = {each.inputs["name"] for each in dev.all("aws:ecr/repository:Repository")}
    for container in PODS[name]["spec"]["containers"]:
        repository, _, digest = container["image"].partition("@")
        assert repository.partition("/")[2] in repositories
        assert digest.startswith("sha256:")


@pytest.mark.parametrize("name", PODS)
def test_pods_may_reach_aws(name: str) -> None:
    assert PODS[name]["metadata"]["labels"][REACHES_AWS] == "true"


@pytest.mark.parametrize("provider", kind("SecretProviderClass"), ids=lambda body: body["metadata"]["name"])
def test_each_pod_mounts_only_secrets_that_its_role_reads(dev: Recorded, provider: dict[str, Any]) -> None:
    account = PODS[provider["metadata"]["name"]]["spec"]["serviceAccountName"]
    granted = dev.one("aws:iam/rolePolicy:RolePolicy", f"feature-store-{account}-secrets").inputs["policy"]
    for each in yaml.safe_load(provider["spec"]["parameters"]["objects"]):
        assert f":secret:{each['objectName']}-??????" in granted


def test_the_feature_server_survives_a_node_and_a_zone() -> None:
    (server,) = kind("Deployment")
    (budget,) = kind("PodDisruptionBudget")
    assert server["spec"]["replicas"] >= 2
    spread = server["spec"]["template"]["spec"]["topologySpreadConstraints"]
    assert [each["topologyKey"] for each in spread] == ["topology.kubernetes.io/zone"]
    assert budget["spec"]["selector"]["matchLabels"].items() <= server["spec"]["template"]["metadata"]["labels"].items()
