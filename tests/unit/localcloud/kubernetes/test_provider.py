"""The provider where there is no cluster to ask: a first preview, and the decisions that need none."""

import json
from typing import Any

import pytest

from localcloud.kubernetes.provider import KubernetesProvider
from localcloud.provider.interface import Refused, Target
from localcloud.provider.values import UNKNOWN

NODE_POOL = Target("urn:pulumi:dev::ml-platform::kubernetes:karpenter.sh/v1:NodePool::pool", "kubernetes:karpenter.sh/v1:NodePool", "pool")
ROLE_BINDING = Target("urn:x", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "binding")
BINDING: dict[str, Any] = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "RoleBinding",
    "metadata": {"name": "a", "namespace": "n"},
    "roleRef": {"name": "r"},
}


NOBODY = {"apiVersion": "client.authentication.k8s.io/v1", "command": "false", "args": [], "interactiveMode": "Never"}


def kubeconfig(server: str, **user: Any) -> str:
    cluster = {"name": "c", "cluster": {"server": server}}
    context = {"name": "c", "context": {"cluster": "c", "user": "c"}}
    return json.dumps({"clusters": [cluster], "contexts": [context], "users": [{"name": "c", "user": user}], "current-context": "c"})


@pytest.fixture
def provider() -> KubernetesProvider:
    made = KubernetesProvider()
    made.configure({"kubeconfig": UNKNOWN})
    return made


def test_a_preview_without_a_cluster_promises_the_inputs_and_no_id(provider: KubernetesProvider) -> None:
    inputs = {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "pool"}, "spec": {}}
    checked = provider.check(NODE_POOL, {}, inputs, b"seed")
    assert not checked.failures
    assert provider.create(NODE_POOL, checked.inputs, preview=True) == ("", inputs)


def test_a_preview_without_a_cluster_keeps_the_namespace_it_knew(provider: KubernetesProvider) -> None:
    old = {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "pool", "namespace": "n"}}
    new = {**old, "metadata": {"name": "pool"}}
    assert provider.check(NODE_POOL, old, new, b"").inputs["metadata"]["namespace"] == "n"


@pytest.fixture
def locked_out() -> KubernetesProvider:
    """A provider whose caller may not become the role that enters the cluster."""
    made = KubernetesProvider()
    made.configure({"kubeconfig": kubeconfig("https://127.0.0.1:1", exec=NOBODY)})
    return made


POOL: dict[str, Any] = {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "pool"}, "spec": {"weight": 1}}
HEAVIER = {**POOL, "spec": {"weight": 2}}


@pytest.mark.parametrize("old", [{}, POOL], ids=["new", "changed"])
def test_a_custom_resource_is_taken_to_have_a_namespace_by_who_may_not_enter_the_cluster(
    locked_out: KubernetesProvider, old: dict[str, Any]
) -> None:
    """As the official provider does."""
    assert locked_out.check(NODE_POOL, old, HEAVIER, b"seed").inputs == {**HEAVIER, "metadata": {"name": "pool", "namespace": "default"}}


def test_a_custom_resource_that_stays_as_it_is_asks_no_cluster(locked_out: KubernetesProvider) -> None:
    assert locked_out.check(NODE_POOL, POOL, POOL, b"").inputs == POOL


def test_a_namespace_that_was_only_taken_for_one_is_no_change(locked_out: KubernetesProvider) -> None:
    new = locked_out.check(NODE_POOL, POOL, HEAVIER, b"").inputs
    assert [(each.path, each.replaces) for each in locked_out.diff(NODE_POOL, "pool", {}, POOL, new).changes] == [("spec.weight", False)]


def test_nothing_is_made_without_a_cluster(provider: KubernetesProvider) -> None:
    with pytest.raises(Refused, match="kubeconfig is not known"):
        provider.create(ROLE_BINDING, BINDING, preview=False)


@pytest.mark.parametrize(
    ("changed", "replaces", "delete_first"),
    [
        ({"subjects": []}, False, False),
        ({"roleRef": {"name": "other"}}, True, True),
        ({"metadata": {"name": "b", "namespace": "n"}}, True, False),
        ({"metadata": {"name": "a", "namespace": "m"}}, True, False),
    ],
)
def test_an_object_is_deleted_first_when_its_successor_has_its_name(
    provider: KubernetesProvider, changed: dict[str, Any], replaces: bool, delete_first: bool
) -> None:
    found = provider.diff(ROLE_BINDING, "n/a", {}, BINDING, {**BINDING, **changed})
    assert any(change.replaces for change in found.changes) is replaces
    assert found.delete_before_replace is delete_first


def test_an_object_with_a_generated_name_is_replaced_without_a_gap(provider: KubernetesProvider) -> None:
    generated = {"name": "a-12345678", "namespace": "n", "annotations": {"pulumi.com/autonamed": "true"}}
    old = {**BINDING, "metadata": generated}
    found = provider.diff(ROLE_BINDING, "n/a-12345678", {}, old, {**old, "roleRef": {"name": "other"}})
    assert found.changes[0].replaces
    assert not found.delete_before_replace


@pytest.mark.parametrize(
    ("new", "replaces"),
    [
        ({"kubeconfig": kubeconfig("https://127.0.0.1:1"), "namespace": "n"}, False),
        ({"kubeconfig": kubeconfig("https://127.0.0.1:2")}, True),
        ({"kubeconfig": UNKNOWN}, True),
    ],
)
def test_another_cluster_replaces_everything_in_it(provider: KubernetesProvider, new: dict[str, Any], replaces: bool) -> None:
    found = provider.diff_config({"kubeconfig": kubeconfig("https://127.0.0.1:1")}, new)
    assert any(change.replaces for change in found.changes) is replaces
