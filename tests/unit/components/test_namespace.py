from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.namespace import Namespace, NamespaceArgs
from tests.unit.registrations import Recorded, record

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    def program() -> None:
        args = NamespaceArgs(
            namespace="serving",
            quota={"pods": "50"},
            dns_cidrs=["172.20.0.10/32", "10.0.0.0/19"],
            service_accounts=["model-server"],
            deployer="ml-platform:deployer",
        )
        namespace = Namespace("serving", args)
        aws.ssm.Parameter("user", type="String", value=namespace.namespace, opts=pulumi.ResourceOptions())

    return record(program)


def policy(recorded: Recorded, name: str) -> dict[str, Any]:
    return recorded.one(POLICY, f"serving-{name}").inputs["spec"]


@pytest.mark.parametrize("mode", ["enforce", "audit", "warn"])
def test_pods_are_restricted(recorded: Recorded, mode: str) -> None:
    labels = recorded.one("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels[f"pod-security.kubernetes.io/{mode}"] == "restricted"


def test_pods_have_a_quota(recorded: Recorded) -> None:
    assert recorded.one("kubernetes:core/v1:ResourceQuota").inputs["spec"] == {"hard": {"pods": "50"}}


def test_every_pod_is_cut_off_both_ways_by_default(recorded: Recorded) -> None:
    assert policy(recorded, "default-deny") == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_every_pod_may_ask_dns_and_only_dns(recorded: Recorded) -> None:
    allowed = policy(recorded, "allow-dns")
    assert allowed["podSelector"] == {}
    assert allowed["policyTypes"] == ["Egress"]
    (rule,) = allowed["egress"]
    assert rule["ports"] == [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]


def test_dns_is_where_auto_mode_runs_it(recorded: Recorded) -> None:
    (rule,) = policy(recorded, "allow-dns")["egress"]
    assert rule["to"] == [{"ipBlock": {"cidr": "172.20.0.10/32"}}, {"ipBlock": {"cidr": "10.0.0.0/19"}}]


def test_service_accounts_bring_no_token_for_the_kubernetes_api(recorded: Recorded) -> None:
    account = recorded.one("kubernetes:core/v1:ServiceAccount").inputs
    assert account["metadata"] == {"name": "model-server", "namespace": "serving"}
    assert account["automountServiceAccountToken"] is False


def test_what_is_in_the_namespace_waits_for_it(recorded: Recorded) -> None:
    namespace = recorded.one("kubernetes:core/v1:Namespace").urn
    inside = [*recorded.all(POLICY), recorded.one("kubernetes:core/v1:ResourceQuota"), recorded.one("kubernetes:core/v1:ServiceAccount")]
    assert all(namespace in each.dependencies for each in inside)


def test_nobody_uses_the_namespace_before_it_is_fenced_in(recorded: Recorded) -> None:
    fences = {*(each.urn for each in recorded.all(POLICY)), recorded.one("kubernetes:core/v1:ResourceQuota").urn}
    assert fences <= recorded.one("aws:ssm/parameter:Parameter").dependencies


def test_deployers_may_deploy_here_once_the_namespace_is_fenced_in(recorded: Recorded) -> None:
    binding = recorded.one("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")
    assert binding.inputs["metadata"] == {"name": "ml-platform:deployers", "namespace": "serving"}
    assert binding.inputs["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "ml-platform:deployer"}
    assert [(each["kind"], each["name"]) for each in binding.inputs["subjects"]] == [("Group", "ml-platform:deployers")]
    assert "kubernetes:networking.k8s.io/v1:NetworkPolicy serving-default-deny" in recorded.behind(binding)
