"""The add-ons of a cluster."""

import json

import pytest

from planning import add_ons, catalogue
from planning.add_ons import BUILT_IN
from planning.refusal import Refused

SECTION = json.loads(catalogue.FILE.read_text(encoding="utf-8"))["eks_add_ons"]
USED = {
    "metrics-server",
    "aws-mountpoint-s3-csi-driver",
    "aws-secrets-store-csi-driver-provider",
    "amazon-cloudwatch-observability",
}


@pytest.mark.parametrize("kubernetes", catalogue.EKS_ADD_ONS)
def test_each_version_of_kubernetes_has_every_add_on_pinned_to_a_build(kubernetes: str) -> None:
    found = {each.name: each.version for each in add_ons.add_ons(kubernetes)}
    assert found.keys() == USED
    assert all("-eksbuild." in version for version in found.values())


def test_every_version_that_a_cluster_can_be_made_with_has_pins() -> None:
    supported = {version for version in catalogue.EKS if catalogue.support_ended("eks", version, catalogue.READ_ON) is None}
    assert supported <= catalogue.EKS_ADD_ONS.keys()


def test_pins_that_aws_was_not_asked_for_are_marked() -> None:
    asked = any(source.startswith("asked of AWS") for source in SECTION["sources"])
    assert {fact["second_hand"] for fact in SECTION["facts"].values()} == {not asked}


def test_a_version_without_pins_is_refused() -> None:
    with pytest.raises(Refused, match=r"got Kubernetes 1\.99; expected a version that add-ons are pinned for: 1\.34, 1\.35, 1\.36"):
        add_ons.pinned("1.99")


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_an_add_on_that_auto_mode_has_built_in_is_refused(name: str) -> None:
    with pytest.raises(Refused, match=name):
        add_ons.checked(["metrics-server", name])


def test_the_built_in_ones_are_those_of_auto_mode() -> None:
    assert {
        "vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", "eks-pod-identity-agent", "eks-node-monitoring-agent",
    } == BUILT_IN  # fmt: skip


def test_only_what_writes_to_aws_by_itself_has_a_role_of_its_own() -> None:
    assert [each.name for each in add_ons.add_ons("1.36") if each.identity] == ["amazon-cloudwatch-observability"]


def test_what_is_needed_on_every_node_tolerates_every_taint() -> None:
    values = {each.name: each.values for each in add_ons.add_ons("1.36")}
    everything = [{"operator": "Exists"}]
    assert values["aws-mountpoint-s3-csi-driver"]["node"]["tolerateAllTaints"] is True
    assert values["aws-secrets-store-csi-driver-provider"]["tolerations"] == everything
    assert values["aws-secrets-store-csi-driver-provider"]["secrets-store-csi-driver"]["linux"]["tolerations"] == everything
    assert values["amazon-cloudwatch-observability"]["tolerations"] == everything
