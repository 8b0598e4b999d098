"""Each tier's place in its cluster: nodes, namespace, service account."""

import pytest

from tests.unit.registrations import Recorded

TIERS = ["feature-store", "serving", "training"]


POOL = "kubernetes:karpenter.sh/v1:NodePool"


@pytest.mark.parametrize("pool", ["feature-store", "serving", "training-cpu"])
def test_every_tier_has_its_own_nodes(dev: Recorded, pool: str) -> None:
    template = dev.one(POOL, pool).inputs["spec"]["template"]
    assert template["spec"]["nodeClassRef"]["name"] == pool


@pytest.mark.parametrize(("pool", "reserved"), [("feature-store", False), ("serving", True), ("training-cpu", True)])
def test_of_the_tiers_only_the_feature_stores_nodes_take_other_pods(dev: Recorded, pool: str, reserved: bool) -> None:
    template = dev.one(POOL, pool).inputs["spec"]["template"]["spec"]
    assert ("taints" in template) is reserved


def test_every_namespace_has_a_quota_gpus_included(dev: Recorded) -> None:
    quotas = {each.inputs["metadata"]["namespace"]: each.inputs["spec"]["hard"] for each in dev.all("kubernetes:core/v1:ResourceQuota")}
    assert set(quotas) == {each.inputs["metadata"]["name"] for each in dev.all("kubernetes:core/v1:Namespace")}
    assert all(
        set(hard) == {"requests.cpu", "requests.memory", "requests.nvidia.com/gpu", "pods", "services.loadbalancers"}
        for hard in quotas.values()
    )


def test_every_namespace_denies_by_default(dev: Recorded) -> None:
    denying = {
        each.inputs["metadata"]["namespace"]
        for each in dev.all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        if each.inputs["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    }
    assert denying == {each.inputs["metadata"]["name"] for each in dev.all("kubernetes:core/v1:Namespace")}


def test_every_pod_identity_association_points_at_a_declared_service_account(dev: Recorded) -> None:
    declared = {
        (each.inputs["metadata"]["namespace"], each.inputs["metadata"]["name"]) for each in dev.all("kubernetes:core/v1:ServiceAccount")
    }
    associated = [
        (each.inputs["namespace"], each.inputs["serviceAccount"])
        for each in dev.all("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    ]
    assert len(associated) == len(set(associated))
    assert set(associated) == declared


def test_dns_answers_on_the_service_address_and_on_the_nodes(dev: Recorded) -> None:
    private = {each.inputs["cidrBlock"] for each in dev.all("aws:ec2/subnet:Subnet") if "-private-" in each.name}
    spec = dev.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", "serving-allow-dns").inputs["spec"]
    assert {peer["ipBlock"]["cidr"] for peer in spec["egress"][0]["to"]} == {"172.20.0.10/32", *private}
