"""Every modelled kind through the real engine: made, unchanged, repaired, replaced, refused, and gone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from localcloud.instance import Instance
from localcloud.kubernetes.api import ApiError
from tests.local.conftest import Stack
from tests.local.kubernetes.conftest import Cluster

PROGRAM = """
import json, os
import pulumi, pulumi_kubernetes as k8s

variant = json.loads(os.environ.get("VARIANT", "{}"))
known = k8s.Provider("known", kubeconfig=os.environ["TEST_KUBECONFIG"])
first = k8s.core.v1.Namespace("first", metadata={"name": "first", "labels": {"tier": "one"}}, opts=pulumi.ResourceOptions(provider=known))
# Its kubeconfig is unknown until the namespace is there, as it is while there is no cluster.
provider = k8s.Provider("late", kubeconfig=first.metadata.uid.apply(lambda _: os.environ["TEST_KUBECONFIG"]))
late = pulumi.ResourceOptions(provider=provider)
inside = {"namespace": first.metadata.name}
rules = [{"api_groups": [""], "resources": ["configmaps"], "verbs": ["get"]}]
role = lambda kind: {"api_group": "rbac.authorization.k8s.io", "kind": kind, "name": variant.get("role", "r")}
subjects = [{"api_group": "rbac.authorization.k8s.io", "kind": "Group", "name": "g"}]

k8s.core.v1.ConfigMap("generated", metadata=inside, data={"a": variant.get("data", "1")}, opts=late)
k8s.core.v1.ResourceQuota("q", metadata={"name": "q", **inside}, spec={"hard": {"requests.cpu": "1000m"}}, opts=late)
k8s.core.v1.LimitRange("l", metadata={"name": "l", **inside}, spec={"limits": [{"type": "Pod", "max": {"cpu": "2"}}]}, opts=late)
k8s.core.v1.ServiceAccount("s", metadata={"name": "s", **inside}, automount_service_account_token=False, opts=late)
k8s.networking.v1.NetworkPolicy("n", metadata={"name": "n", **inside}, spec={"pod_selector": {}, "policy_types": ["Ingress"]}, opts=late)
k8s.rbac.v1.Role("r", metadata={"name": "r", **inside}, rules=rules, opts=late)
k8s.rbac.v1.RoleBinding("rb", metadata={"name": "rb", **inside}, role_ref=role("Role"), subjects=subjects, opts=late)
k8s.rbac.v1.ClusterRole("cr", metadata={"name": "test"}, rules=rules, opts=late)
k8s.rbac.v1.ClusterRoleBinding("crb", metadata={"name": "test"}, role_ref=role("ClusterRole"), subjects=subjects, opts=late)
k8s.scheduling.v1.PriorityClass("p", metadata={"name": "test"}, value=1000, global_default=False, opts=late)
k8s.storage.v1.StorageClass("sc", metadata={"name": "test"}, provisioner="ebs.csi.eks.amazonaws.com", parameters={"type": "gp3"}, opts=late)
k8s.networking.v1.IngressClass("ic", metadata={"name": "test"}, spec={"controller": "eks.amazonaws.com/alb"}, opts=late)
k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
    "vap", metadata={"name": "test"}, opts=late, spec={
        "match_constraints": {"resource_rules": [
            {"api_groups": ["example"], "api_versions": ["*"], "operations": ["UPDATE"], "resources": ["examples"]}]},
        "validations": [{"expression": "true"}]})
k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
    "vapb", metadata={"name": "test"}, spec={"policy_name": "test", "validation_actions": ["Deny"]}, opts=late)
k8s.apiextensions.CustomResource(
    "icp", api_version="eks.amazonaws.com/v1", kind="IngressClassParams", metadata={"name": "test"},
    spec={"tags": [{"key": "a", "value": "b"}]}, opts=late)
node_class = k8s.apiextensions.CustomResource(
    "nc", api_version="eks.amazonaws.com/v1", kind="NodeClass", metadata={"name": "test"},
    spec={"role": "r", "subnetSelectorTerms": [{"id": "subnet-1"}], "securityGroupSelectorTerms": [{"id": "sg-1"}]}, opts=late)
reference = {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": node_class.metadata["name"]}
k8s.apiextensions.CustomResource(
    "np", api_version="karpenter.sh/v1", kind="NodePool", metadata={"name": "test"},
    spec={"template": {"spec": {"nodeClassRef": reference, "requirements": []}}, **variant.get("pool", {})}, opts=late)
if variant.get("secret"):
    k8s.core.v1.Secret("s", metadata={"name": "s"}, string_data={"a": "b"}, opts=late)
"""

MADE = (
    "/api/v1/namespaces/first",
    "/api/v1/namespaces/first/resourcequotas/q",
    "/api/v1/namespaces/first/limitranges/l",
    "/api/v1/namespaces/first/serviceaccounts/s",
    "/apis/networking.k8s.io/v1/namespaces/first/networkpolicies/n",
    "/apis/rbac.authorization.k8s.io/v1/namespaces/first/roles/r",
    "/apis/rbac.authorization.k8s.io/v1/namespaces/first/rolebindings/rb",
    "/apis/rbac.authorization.k8s.io/v1/clusterroles/test",
    "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/test",
    "/apis/scheduling.k8s.io/v1/priorityclasses/test",
    "/apis/storage.k8s.io/v1/storageclasses/test",
    "/apis/networking.k8s.io/v1/ingressclasses/test",
    "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/test",
    "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/test",
    "/apis/eks.amazonaws.com/v1/ingressclassparams/test",
    "/apis/eks.amazonaws.com/v1/nodeclasses/test",
    "/apis/karpenter.sh/v1/nodepools/test",
)


@pytest.fixture(scope="module")
def stack(cloud: Instance, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    project = tmp_path_factory.mktemp("kubernetes")
    (project / "Pulumi.yaml").write_text("name: kubernetes\nruntime: python\n")
    (project / "__main__.py").write_text(PROGRAM)
    made = Stack.init(cloud, project, "kubernetes", "222222222222")
    made.variables["TEST_KUBECONFIG"] = json.dumps(cluster.kubeconfig("admin"))
    preview = made.pulumi("preview", "--diff")
    assert "21 to create" in preview, "the stack; a provider and a namespace; and, kubeconfig unknown, a provider and 17 objects"
    made.up()
    yield made
    if made.resources():
        made.destroy()


def as_variant(stack: Stack, variant: dict[str, Any], *command: str, succeeds: bool = True) -> str:
    stack.variables["VARIANT"] = json.dumps(variant)
    try:
        return stack.pulumi(*command, succeeds=succeeds)
    finally:
        stack.variables.pop("VARIANT")


def found(cluster: Cluster, path: str) -> bool:
    try:
        cluster.admin.request("GET", path)
    except ApiError as error:
        if error.status != 404:
            raise
        return False
    return True


def test_every_kind_is_really_there(cluster: Cluster, stack: Stack) -> None:
    assert [path for path in MADE if not found(cluster, path)] == []
    assert found(cluster, f"/api/v1/namespaces/first/configmaps/{stack.resource('kubernetes:core/v1:ConfigMap')['id'].split('/')[1]}")


def test_a_second_up_and_a_refresh_find_nothing_to_change(stack: Stack) -> None:
    stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    stack.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")


def test_what_was_changed_or_deleted_behind_pulumi_is_found_and_repaired(cluster: Cluster, stack: Stack) -> None:
    label = {"metadata": {"labels": {"tier": "other"}}}
    as_kubectl = {"fieldManager": "kubectl-label"}
    cluster.admin.request("PATCH", "/api/v1/namespaces/first", as_kubectl, label, "application/merge-patch+json")
    cluster.admin.request("DELETE", "/api/v1/namespaces/first/serviceaccounts/s")
    assert "1 deleted" in stack.pulumi("refresh", "--yes", "--skip-preview", "--diff")
    stack.up()
    assert cluster.admin.request("GET", "/api/v1/namespaces/first")["metadata"]["labels"]["tier"] == "one"
    assert found(cluster, "/api/v1/namespaces/first/serviceaccounts/s")
    stack.pulumi("preview", "--expect-no-changes")


def test_what_cannot_change_is_previewed_as_replacement(stack: Stack) -> None:
    preview = as_variant(stack, {"role": "other", "data": "2", "pool": {"weight": 7}}, "preview", "--diff")
    assert "3 to replace" in preview, "two bindings and, as the official provider does, the config map"
    assert "1 to update" in preview


def test_a_replacement_under_the_same_name_deletes_first(cluster: Cluster, stack: Stack) -> None:
    as_variant(stack, {"role": "other"}, "up", "--yes", "--skip-preview")
    binding = cluster.admin.request("GET", "/apis/rbac.authorization.k8s.io/v1/namespaces/first/rolebindings/rb")
    assert binding["roleRef"]["name"] == "other"
    stack.up()


def test_an_unknown_field_fails_the_preview(stack: Stack) -> None:
    assert "limitz" in as_variant(stack, {"pool": {"limitz": {}}}, "preview", succeeds=False)


def test_a_kind_that_is_not_modelled_fails_the_preview_by_name(stack: Stack) -> None:
    assert "kubernetes:core/v1:Secret is not modelled" in as_variant(stack, {"secret": True}, "preview", succeeds=False)


def test_destroy_leaves_nothing(cluster: Cluster, stack: Stack) -> None:
    stack.destroy()
    assert [path for path in MADE if found(cluster, path)] == []
