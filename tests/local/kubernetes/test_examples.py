"""The reference manifests of Feast are taken by a real API server: their fields, and their pods in a namespace that is restricted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from localcloud.kubernetes import equipment
from localcloud.kubernetes.api import ApiError
from tests.local.kubernetes.conftest import Cluster

EXAMPLES = Path(__file__).parents[3] / "examples" / "feast-on-kubernetes"
NAMESPACE = "feature-store"
RESTRICTED = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}
POLICY = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/localcloud-no-nodes"

MANIFESTS = [
    body
    for file in sorted(EXAMPLES.glob("*.yaml"))
    for body in yaml.safe_load_all(file.read_text(encoding="utf-8"))
    # Its definition comes with an add-on that is not here.
    if body["kind"] != "SecretProviderClass"
]


def dry_run(cluster: Cluster, body: dict[str, Any]) -> None:
    kind = cluster.admin.kind(body["apiVersion"], body["kind"])
    assert kind is not None
    cluster.admin.apply(kind, body, "test", dry_run=True)


def apply(cluster: Cluster, api_version: str, kind: str, **content: Any) -> None:
    found = cluster.admin.kind(api_version, kind)
    assert found is not None
    cluster.admin.apply(found, {"apiVersion": api_version, "kind": kind, **content}, "test")


@pytest.fixture(scope="module")
def namespace(cluster: Cluster) -> Iterator[None]:
    """A namespace as the platform makes it, in a cluster that takes workloads."""
    apply(cluster, "v1", "Namespace", metadata={"name": NAMESPACE, "labels": RESTRICTED})
    for account in ("feature-reader", "materializer"):
        apply(cluster, "v1", "ServiceAccount", metadata={"name": account, "namespace": NAMESPACE}, automountServiceAccountToken=False)
    for name in ("ml-platform-real-time", "ml-platform-batch"):
        apply(cluster, "scheduling.k8s.io/v1", "PriorityClass", metadata={"name": name}, value=1)
    cluster.admin.request("DELETE", POLICY)
    equipment._wait(lambda: not equipment._refuses_workloads(cluster.admin), "workloads are taken")  # pyright: ignore[reportPrivateUsage]
    yield
    equipment.install(cluster.admin)
    cluster.admin.request("DELETE", f"/api/v1/namespaces/{NAMESPACE}")
    for name in ("ml-platform-real-time", "ml-platform-batch"):
        cluster.admin.request("DELETE", f"/apis/scheduling.k8s.io/v1/priorityclasses/{name}")


@pytest.mark.parametrize("body", MANIFESTS, ids=lambda body: f"{body['kind']}-{body['metadata']['name']}")
def test_the_api_server_takes_each(cluster: Cluster, namespace: None, body: dict[str, Any]) -> None:
    dry_run(cluster, body)


def template(body: dict[str, Any]) -> dict[str, Any]:
    return body["spec"]["template"] if body["kind"] == "Deployment" else body["spec"]["jobTemplate"]["spec"]["template"]


PODS = [
    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": NAMESPACE}, "spec": template(body)["spec"]}
    for body in MANIFESTS
    if body["kind"] in ("Deployment", "CronJob")
]


@pytest.mark.parametrize("pod", PODS, ids=lambda pod: pod["spec"]["serviceAccountName"])
def test_their_pods_are_restricted_enough(cluster: Cluster, namespace: None, pod: dict[str, Any]) -> None:
    dry_run(cluster, pod)


@pytest.mark.parametrize("pod", PODS, ids=lambda pod: pod["spec"]["serviceAccountName"])
def test_a_pod_that_may_become_root_is_refused(cluster: Cluster, namespace: None, pod: dict[str, Any]) -> None:
    careless = {**pod, "spec": {**pod["spec"], "securityContext": {}}}
    with pytest.raises(ApiError, match="violates PodSecurity"):
        dry_run(cluster, careless)
