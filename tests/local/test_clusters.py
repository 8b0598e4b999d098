"""The clusters tier under the real engine: who gets in and may do what, and what a change of one node pool plans."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import yaml

from localcloud.instance import Instance
from tests.local.callers import Caller, assumed
from tests.local.conftest import Stack, platform

CONFIG_MAP = ("create", "configmap", "made", "--dry-run=server")


@pytest.fixture(scope="module")
def stack(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """Development with a team and GPUs; the tests only look at it."""
    made = platform(cloud, tmp_path_factory.mktemp("clusters"), "dev", "access")
    made = made.with_settings(
        tmp_path_factory.mktemp("more"),
        access={"teams": {"risk": []}},
        training={"gpu_nodes": {"instance_types": ["g5.xlarge"], "gpu_limit": 4}},
    )
    made.up()
    yield made
    made.destroy()


@pytest.fixture(scope="module")
def cluster(stack: Stack) -> dict[str, Any]:
    return json.loads(stack.pulumi("stack", "output", "--json"))["clusters"]["clusters"]["main"]


@pytest.fixture(scope="module")
def callers(stack: Stack, cluster: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Caller]:
    def caller(role: str) -> Caller:
        credentials = assumed(stack, f"arn:aws:iam::{stack.account}:role/access-{role}")
        return Caller.of(stack, cluster, tmp_path_factory.mktemp(role), credentials)

    return {role: caller(role) for role in ("cluster-viewer", "cluster-deployer", "team-risk")}


@pytest.mark.parametrize("what", ["nodepools", "nodes", "deployments.apps", "rolebindings.rbac.authorization.k8s.io", "pods/log"])
def test_a_viewer_reads_everything(callers: dict[str, Caller], what: str) -> None:
    assert callers["cluster-viewer"].may("list", what)


@pytest.mark.parametrize(("verb", "what"), [("get", "secrets"), ("list", "secrets"), ("create", "configmaps"), ("delete", "nodepools")])
def test_a_viewer_neither_reads_secrets_nor_writes(callers: dict[str, Caller], verb: str, what: str) -> None:
    assert not callers["cluster-viewer"].may(verb, what, "serving")


def test_a_viewer_really_gets_what_it_asks_for(callers: dict[str, Caller]) -> None:
    assert "nodepool.karpenter.sh/training-cpu" in callers["cluster-viewer"].kubectl("get", "nodepools", "--output", "name")
    assert "is forbidden" in callers["cluster-viewer"].kubectl(*CONFIG_MAP, "--namespace", "serving")


@pytest.mark.parametrize("namespace", ["feature-store", "serving", "training"])
def test_a_deployer_deploys_to_the_tiers_namespaces(callers: dict[str, Caller], namespace: str) -> None:
    assert callers["cluster-deployer"].may("create", "deployments.apps", namespace)
    assert "configmap/made created" in callers["cluster-deployer"].kubectl(*CONFIG_MAP, "--namespace", namespace)


@pytest.mark.parametrize("namespace", ["default", "kube-system"])
def test_a_deployer_deploys_nowhere_else(callers: dict[str, Caller], namespace: str) -> None:
    assert not callers["cluster-deployer"].may("create", "deployments.apps", namespace)
    assert "is forbidden" in callers["cluster-deployer"].kubectl(*CONFIG_MAP, "--namespace", namespace)


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        ("get", "secrets"),
        ("create", "rolebindings.rbac.authorization.k8s.io"),
        ("create", "pods/exec"),
        ("create", "serviceaccounts/token"),
    ],
)
def test_a_deployer_gets_no_further_rights_and_no_secrets(callers: dict[str, Caller], verb: str, what: str) -> None:
    assert not callers["cluster-deployer"].may(verb, what, "serving")


@pytest.mark.parametrize("policy", ["default-deny", "allow-dns"])
@pytest.mark.parametrize("change", [("delete",), ("label", "a=b")], ids=["deleted", "changed"])
def test_a_deployer_cannot_take_down_the_fence_of_a_namespace(callers: dict[str, Caller], policy: str, change: tuple[str, ...]) -> None:
    verb, *rest = change
    said = callers["cluster-deployer"].kubectl(verb, "networkpolicy", policy, *rest, "--namespace", "serving", "--dry-run=server")
    assert "this network policy is the platform's" in said


@pytest.mark.parametrize("what", ["resourcequota/quota", "rolebinding/ml-platform:deployers", "serviceaccount/model-server"])
def test_a_deployer_deletes_nothing_else_of_the_platforms(callers: dict[str, Caller], what: str) -> None:
    assert "is forbidden" in callers["cluster-deployer"].kubectl("delete", what, "--namespace", "serving", "--dry-run=server")


def test_a_deployer_makes_changes_and_deletes_network_policies_of_its_own(callers: dict[str, Caller], tmp_path: Path) -> None:
    policy, own = tmp_path / "policy.json", ("networkpolicy", "own", "--namespace", "serving")
    named = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "own"}, "spec": {"podSelector": {}}}
    policy.write_text(json.dumps(named))
    kubectl = callers["cluster-deployer"].kubectl
    assert "created" in kubectl("create", "--filename", str(policy), "--namespace", "serving")
    assert "labeled" in kubectl("label", *own, "a=b")
    assert "deleted" in kubectl("delete", *own)


def test_an_administrator_may_change_the_fence(stack: Stack, tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(json.loads(stack.pulumi("stack", "output", "--json", "--show-secrets"))["kubeconfigs"]["main"])
    change = ("label", "networkpolicy", "default-deny", "a=b", "--namespace", "serving", "--dry-run=server")
    assert "labeled" in stack.kubectl(*change, "--kubeconfig", str(kubeconfig))


def test_an_ingress_that_names_no_class_gets_load_balancers_with_the_environments_tags(stack: Stack, tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(json.loads(stack.pulumi("stack", "output", "--json", "--show-secrets"))["kubeconfigs"]["main"])
    on = ("--kubeconfig", str(kubeconfig), "--output", "json")
    ingress = ("create", "ingress", "i", "--rule", "a.example/=s:80", "--namespace", "serving", "--dry-run=server")
    name = json.loads(stack.kubectl(*ingress, *on))["spec"]["ingressClassName"]
    parameters = json.loads(stack.kubectl("get", "ingressclass", name, *on))["spec"]["parameters"]["name"]
    tags = json.loads(stack.kubectl("get", "ingressclassparams", parameters, *on))["spec"]["tags"]
    assert {"key": "deployment", "value": "ml-platform/access"} in tags


def test_a_team_gets_in_and_can_do_nothing(callers: dict[str, Caller]) -> None:
    # Forbidden, not unauthorized: it is known, in its group.
    assert "is forbidden" in callers["team-risk"].kubectl("get", "configmaps", "--namespace", "serving")
    who = callers["team-risk"].kubectl("auth", "whoami", "--output", "jsonpath={.status.userInfo.groups}")
    assert json.loads(who) == ["ml-platform:team:risk", "system:authenticated"]


def test_the_kubeconfig_works_with_kubectl_and_holds_nothing_of_a_user(stack: Stack, tmp_path: Path) -> None:
    text = json.loads(stack.pulumi("stack", "output", "--json", "--show-secrets"))["kubeconfigs"]["main"]
    file = tmp_path / "kubeconfig"
    file.write_text(text)
    assert "namespace/serving" in stack.kubectl("get", "namespaces", "--output", "name", "--kubeconfig", str(file))
    (user,) = yaml.safe_load(text)["users"]
    assert user["user"].keys() == {"exec"}
    assert user["user"]["exec"].get("env") is None
    assert not {"--profile", "--region"} & set(user["user"]["exec"]["args"])


@pytest.mark.parametrize(
    ("changes", "planned"),
    [
        ({"serving": {"nodes": {"cpu_limit": 12}}}, {"update": {"serving"}}),
        ({"training": {"gpu_nodes": None}}, {"delete": {"gpu", "gpu-class"}, "update": {"training", "training-contract"}}),
        (
            {"serving": {"nodes": {"static_nodes_per_zone": 2}}},
            {"create": {"serving-eu-west-1a", "serving-eu-west-1b"}},
        ),
    ],
    ids=["resized", "removed", "added"],
)
def test_a_change_of_one_node_pool_changes_only_it(
    stack: Stack, tmp_path: Path, changes: dict[str, Any], planned: dict[str, set[str]]
) -> None:
    steps = json.loads(stack.with_settings(tmp_path, **changes).pulumi("preview", "--json"))["steps"]
    found: dict[str, set[str]] = {}
    for step in steps:
        if step["op"] != "same" and "ml-platform:" not in step["urn"].rpartition("$")[2].partition("::")[0]:
            found.setdefault(step["op"], set()).add(step["urn"].rpartition("::")[2])
    assert found == planned
