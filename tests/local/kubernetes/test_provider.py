"""The Kubernetes provider against a real API server: what it refuses, adopts, keeps and waits for."""

import json
from typing import Any

import pytest

from localcloud.kubernetes import objects
from localcloud.kubernetes.api import Kind
from localcloud.kubernetes.provider import KubernetesProvider
from localcloud.provider.interface import InitFailed, Refused, Target
from localcloud.provider.values import Properties
from tests.local.kubernetes.conftest import Cluster

CONFIG_MAPS = Kind("v1", "ConfigMap", "configmaps", namespaced=True)
NODE_CLASSES = Kind("eks.amazonaws.com/v1", "NodeClass", "nodeclasses", namespaced=False)
QUOTA = Target.of("urn:pulumi:probe::probe::kubernetes:core/v1:ResourceQuota::quota")
NODE_CLASS: Properties = {
    "apiVersion": "eks.amazonaws.com/v1",
    "kind": "NodeClass",
    "metadata": {"name": "held", "finalizers": ["test/held"]},
    "spec": {"role": "r", "subnetSelectorTerms": [{"id": "subnet-1"}], "securityGroupSelectorTerms": [{"id": "sg-1"}]},
}


def config_map(name: str, **changed: Any) -> Properties:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}, "data": {"a": "1"}, **changed}


def target(name: str) -> Target:
    return Target.of(f"urn:pulumi:probe::probe::kubernetes:core/v1:ConfigMap::{name}")


@pytest.fixture(scope="module")
def provider(cluster: Cluster) -> KubernetesProvider:
    made = KubernetesProvider()
    made.configure({"kubeconfig": json.dumps(cluster.kubeconfig("admin"))})
    return made


def test_an_object_that_another_made_is_refused_with_the_way_to_import_it(cluster: Cluster, provider: KubernetesProvider) -> None:
    cluster.admin.apply(CONFIG_MAPS, config_map("theirs"), "somebody")
    with pytest.raises(Refused, match=r"`pulumi import kubernetes:core/v1:ConfigMap theirs default/theirs`"):
        provider.create(target("theirs"), config_map("theirs"), preview=False)


def test_an_import_leaves_out_what_the_server_writes(cluster: Cluster, provider: KubernetesProvider) -> None:
    cluster.admin.apply(CONFIG_MAPS, config_map("imported"), "somebody")
    found = provider.read(target("imported"), "default/imported", {}, {})
    assert found is not None
    assert found[1] == config_map("imported")


def test_an_interrupted_create_is_taken_up_by_the_next(provider: KubernetesProvider) -> None:
    provider.create(target("mine"), config_map("mine"), preview=False)
    id, state = provider.create(target("mine"), config_map("mine", data={"a": "2"}), preview=False)
    assert (id, state["data"]) == ("default/mine", {"a": "2"})


def test_a_preview_stores_nothing(cluster: Cluster, provider: KubernetesProvider) -> None:
    provider.create(target("planned"), config_map("planned"), preview=True)
    assert cluster.admin.get(CONFIG_MAPS, "default", "planned") is None


@pytest.mark.parametrize("changed", [{"dataa": {}}, {"data": {"a": 1}}, {"data": {"not a key": "1"}}])
@pytest.mark.parametrize("preview", [True, False])
def test_what_the_server_would_refuse_is_refused_at_preview_too(
    cluster: Cluster, provider: KubernetesProvider, changed: Properties, preview: bool
) -> None:
    with pytest.raises(Refused, match="kubernetes:core/v1:ConfigMap wrong"):
        provider.create(target("wrong"), config_map("wrong", **changed), preview=preview)
    assert cluster.admin.get(CONFIG_MAPS, "default", "wrong") is None


def test_a_namespace_that_is_not_there_yet_does_not_fail_a_preview(provider: KubernetesProvider, capfd: pytest.CaptureFixture[str]) -> None:
    inputs = config_map("early", metadata={"name": "early", "namespace": "later"})
    assert provider.create(target("early"), inputs, preview=True)[1] == inputs
    assert "was not checked by the API server" in capfd.readouterr().err


def test_a_caller_without_access_does_not_fail_a_preview_but_an_update(cluster: Cluster) -> None:
    stranger = KubernetesProvider()
    stranger.configure({"kubeconfig": json.dumps(cluster.kubeconfig("nobody"))})
    stranger.create(target("a"), config_map("a"), preview=True)
    with pytest.raises(Refused, match="access entry"):
        stranger.create(target("a"), config_map("a"), preview=False)


def test_a_credential_command_that_fails_is_named(cluster: Cluster) -> None:
    kubeconfig = cluster.kubeconfig("admin")
    kubeconfig["users"][0]["user"]["exec"]["command"] = "/bin/false"
    broken = KubernetesProvider()
    broken.configure({"kubeconfig": json.dumps(kubeconfig)})
    with pytest.raises(Refused, match=r"gave no token: run `/bin/false eks get-token"):
        broken.create(target("a"), config_map("a"), preview=False)


def test_a_custom_resource_of_no_known_kind_is_refused(provider: KubernetesProvider) -> None:
    unknown = Target.of("urn:pulumi:probe::probe::kubernetes:karpenter.sh/v1:NodePuddle::a")
    with pytest.raises(Refused, match=r"does not serve karpenter\.sh/v1 NodePuddle"):
        provider.create(unknown, {"apiVersion": "karpenter.sh/v1", "kind": "NodePuddle", "metadata": {"name": "a"}}, preview=False)


def test_what_a_controller_owns_is_not_taken_from_it(cluster: Cluster, provider: KubernetesProvider) -> None:
    _, state = provider.create(target("shared"), config_map("shared"), preview=False)
    cluster.admin.apply(CONFIG_MAPS, config_map("shared", data={"a": "theirs"}), "a-controller", force=True)
    with pytest.raises(Refused, match="a-controller owns fields"):
        provider.update(target("shared"), "default/shared", state, config_map("shared"), config_map("shared"), preview=False)


def test_what_kubectl_changed_is_taken_back(cluster: Cluster, provider: KubernetesProvider) -> None:
    id, state = provider.create(target("edited"), config_map("edited"), preview=False)
    cluster.admin.apply(CONFIG_MAPS, config_map("edited", data={"a": "theirs"}), "kubectl", force=True)
    found = provider.read(target("edited"), id, state, config_map("edited"))
    assert found is not None
    assert found[1] == config_map("edited", data={"a": "theirs"})
    assert provider.update(target("edited"), id, found[0], found[1], config_map("edited"), preview=False)["data"] == {"a": "1"}


def test_a_quota_counts_only_once_it_is_in_force(provider: KubernetesProvider) -> None:
    hard = {"requests.cpu": "1000m", "requests.memory": "1024Mi"}
    inputs = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": "default"}, "spec": {"hard": hard}}
    id, state = provider.create(QUOTA, inputs, preview=False)
    assert state["status"]["hard"] == {"requests.cpu": "1", "requests.memory": "1Gi"}
    found = provider.read(QUOTA, id, state, inputs)
    assert found is not None
    assert found[1] == inputs, "quantities that the server writes in another way are no drift"
    provider.delete(QUOTA, id, state)
    assert provider.read(QUOTA, id, state, inputs) is None


def test_a_failure_after_the_object_is_there_keeps_it(
    cluster: Cluster, provider: KubernetesProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(self: objects.Objects, live: Properties) -> Properties:
        raise TimeoutError(f"{self.kind.kind} {live['metadata']['name']} is not taken up")

    monkeypatch.setattr(objects.Objects, "wait_until_ready", late)
    with pytest.raises(InitFailed, match="not taken up") as failure:
        provider.create(target("half"), config_map("half"), preview=False)
    assert failure.value.id == "default/half"
    assert failure.value.state["metadata"]["uid"]
    assert cluster.admin.get(CONFIG_MAPS, "default", "half") is not None


def test_a_deletion_that_is_held_back_says_by_what(cluster: Cluster, provider: KubernetesProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Target.of("urn:pulumi:probe::probe::kubernetes:eks.amazonaws.com/v1:NodeClass::held")
    id, state = provider.create(held, NODE_CLASS, preview=False)
    monkeypatch.setattr(objects, "DELETE_DEADLINE_SECONDS", 0.5)
    with pytest.raises(Refused, match="test/held"):
        provider.delete(held, id, state)
    released: Properties = {"metadata": {"finalizers": None}}
    cluster.admin.request("PATCH", NODE_CLASSES.path(None, "held"), body=released, content_type="application/merge-patch+json")
    provider.delete(held, id, state)
    assert cluster.admin.get(NODE_CLASSES, None, "held") is None


def test_a_deletion_of_what_is_gone_is_done(provider: KubernetesProvider) -> None:
    provider.delete(target("gone"), "default/gone", {})
    provider.delete(target("gone"), "no-namespace/gone", {})
    provider.delete(Target.of("urn:pulumi:probe::probe::kubernetes:karpenter.sh/v1:NodePuddle::a"), "a", {})
