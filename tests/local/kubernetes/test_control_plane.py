"""Control planes: real, on loopback, equipped as EKS Auto Mode, and gone when they are deleted."""

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from localcloud import processes
from localcloud.kubernetes import control_plane
from localcloud.kubernetes.api import Api, ApiError, Kind
from localcloud.kubernetes.layout import ClusterKey, Layout
from tests.local.kubernetes.conftest import ACCOUNT, REGION, Cluster, connect_as_admin

POD: dict[str, Any] = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a", "image": "a"}]}}
TASK: dict[str, Any] = {**POD, "spec": {**POD["spec"], "restartPolicy": "Never"}}
SELECTOR = {"matchLabels": {"a": "b"}}
WORKLOADS: dict[str, tuple[str, dict[str, Any]]] = {
    "Pod": ("v1", POD["spec"]),
    "ReplicationController": ("v1", {"selector": {"a": "b"}, "template": POD}),
    "Deployment": ("apps/v1", {"selector": SELECTOR, "template": POD}),
    "StatefulSet": ("apps/v1", {"selector": SELECTOR, "serviceName": "a", "template": POD}),
    "DaemonSet": ("apps/v1", {"selector": SELECTOR, "template": POD}),
    "ReplicaSet": ("apps/v1", {"selector": SELECTOR, "template": POD}),
    "Job": ("batch/v1", {"template": TASK}),
    "CronJob": ("batch/v1", {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": TASK}}}),
}
NODE_CLASS = {
    "role": "nodes",
    "subnetSelectorTerms": [{"id": "subnet-1"}],
    "securityGroupSelectorTerms": [{"id": "sg-1"}],
    "ephemeralStorage": {"size": "80Gi", "iops": 3000, "throughput": 125, "kmsKeyID": "arn:aws:kms:eu-west-1:111111111111:key/1"},
    "tags": {"team": "a"},
}


def apply(api: Api, api_version: str, kind: str, spec: dict[str, Any], namespace: str | None = None) -> dict[str, Any]:
    served = api.kind(api_version, kind)
    assert served is not None
    metadata = {"name": "test", **({"namespace": namespace} if namespace else {})}
    return api.apply(served, {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}, "test", dry_run=True)


def listening(pids: set[int]) -> set[str]:
    """The addresses on which these processes accept connections, as /proc writes them."""
    inodes = {link.readlink().name for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                found.add(fields[1].split(":")[0])
    return found


def test_every_process_listens_on_loopback_only(cluster: Cluster) -> None:
    names = [*Layout(cluster.instance, cluster.key).processes, control_plane.WEBHOOK_PROCESS]
    pids = {int(json.loads(cluster.instance.path("run", f"{name}.json").read_text())["pid"]) for name in names}
    assert len(pids) == 4
    assert listening(pids) == {"0100007F"}


@pytest.mark.parametrize("kind", WORKLOADS)
def test_workloads_are_refused_by_kind_until_there_are_nodes(cluster: Cluster, kind: str) -> None:
    api_version, spec = WORKLOADS[kind]
    with pytest.raises(ApiError, match=rf"{kind} is refused.*no nodes"):
        apply(cluster.admin, api_version, kind, spec, "default")


def test_a_node_class_as_aws_documents_it_is_taken(cluster: Cluster) -> None:
    assert apply(cluster.admin, "eks.amazonaws.com/v1", "NodeClass", NODE_CLASS)["spec"]["networkPolicy"] == "DefaultAllow"


@pytest.mark.parametrize(
    "changed",
    [
        {"subnetSelectorTermz": []},
        {"subnetSelectorTerms": []},
        {"subnetSelectorTerms": [{"id": "subnet-1", "tags": {"a": "b"}}]},
        {"securityGroupSelectorTerms": [{}]},
        {"instanceProfile": "p"},
        {"ephemeralStorage": {"size": "80Gi", "iops": 2999}},
        {"ephemeralStorage": {"size": "lots"}},
        {"networkPolicy": "Deny"},
        {"advancedNetworking": {}},
    ],
)
def test_a_wrong_node_class_is_refused(cluster: Cluster, changed: dict[str, Any]) -> None:
    with pytest.raises(ApiError):
        apply(cluster.admin, "eks.amazonaws.com/v1", "NodeClass", {**NODE_CLASS, **changed})


@pytest.mark.parametrize("wrong", [{"tags": {"a": "b"}}, {"tags": [{"key": "a"}]}, {"scheme": "public"}, {"certificateARNs": []}])
def test_wrong_ingress_class_parameters_are_refused(cluster: Cluster, wrong: dict[str, Any]) -> None:
    with pytest.raises(ApiError):
        apply(cluster.admin, "eks.amazonaws.com/v1", "IngressClassParams", wrong)


def test_a_node_pool_is_checked_by_karpenters_own_definition(cluster: Cluster) -> None:
    reference = {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "a"}
    wrong = {"key": "a", "operator": "Sometimes", "values": ["b"]}
    with pytest.raises(ApiError, match="Sometimes"):
        apply(cluster.admin, "karpenter.sh/v1", "NodePool", {"template": {"spec": {"nodeClassRef": reference, "requirements": [wrong]}}})


def test_a_deleted_namespace_is_gone_with_what_it_held(cluster: Cluster) -> None:
    namespaces, config_maps = (
        Kind("v1", "Namespace", "namespaces", namespaced=False),
        Kind("v1", "ConfigMap", "configmaps", namespaced=True),
    )
    cluster.admin.apply(namespaces, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "gone"}}, "test")
    held = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "held", "namespace": "gone"}}
    cluster.admin.apply(config_maps, held, "test")
    cluster.admin.delete(namespaces, None, "gone")
    deadline = time.monotonic() + 30
    while cluster.admin.get(namespaces, None, "gone") is not None:
        assert time.monotonic() < deadline, "the namespace never went"
        time.sleep(0.2)
    assert cluster.admin.get(config_maps, "gone", "held") is None


def test_a_second_cluster_stands_beside_the_first_and_leaves_nothing(cluster: Cluster) -> None:
    instance, key = cluster.instance, ClusterKey(ACCOUNT, REGION, "second")
    endpoint = control_plane.start(instance, key, "1.36", service_cidr="172.20.0.0/16")
    try:
        assert {cluster.key, key} <= set(control_plane.known(instance))
        apply(connect_as_admin(instance, key), "eks.amazonaws.com/v1", "NodeClass", NODE_CLASS)
        control_plane.stop(instance, key)
        assert control_plane.start(instance, key, "1.36", service_cidr="172.20.0.0/16") == endpoint
        with pytest.raises(control_plane.VersionNotServed, match="replace the cluster"):
            control_plane.start(instance, key, "1.36")
    finally:
        control_plane.delete(instance, key)
    assert key not in control_plane.known(instance)
    assert not Layout(instance, key).directory.exists()
    assert not any(processes.alive(instance, name) for name in Layout(instance, key).processes)


def test_a_part_that_ends_is_reported_with_its_log(cluster: Cluster) -> None:
    instance, key = cluster.instance, ClusterKey(ACCOUNT, REGION, "broken")
    with socket.create_server(("127.0.0.1", Layout(instance, key).port("api"))):
        try:
            with pytest.raises(processes.ProcessFailed, match=r"kube-apiserver.*ended(.|\n)*address already in use"):
                control_plane.start(instance, key, "1.36")
        finally:
            control_plane.delete(instance, key)
