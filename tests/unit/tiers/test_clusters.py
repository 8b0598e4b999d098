"""The cluster as assembled: what it may do, who gets in, and in which order."""

import json

import pytest

from tests.unit.registrations import Recorded

TIERS = ["feature-store", "serving", "training"]


def role(recorded: Recorded, name: str) -> set[str]:
    """The names of the AWS managed policies that a role has."""
    attachments = recorded.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    return {each.inputs["policyArn"].rpartition("/")[2] for each in attachments if each.name.startswith(f"{name}-")}


def test_the_cluster_role_has_what_auto_mode_needs(dev: Recorded) -> None:
    assert role(dev, "clusters") == {
        "AmazonEKSClusterPolicy",
        "AmazonEKSComputePolicy",
        "AmazonEKSBlockStoragePolicy",
        "AmazonEKSLoadBalancingPolicy",
        "AmazonEKSNetworkingPolicy",
    }


def test_the_cluster_role_may_put_our_tags_on_nodes(dev: Recorded) -> None:
    statements = json.loads(dev.one("aws:iam/rolePolicy:RolePolicy", "clusters-custom-tags").inputs["policy"])["Statement"]
    assert any("ec2:RunInstances" in statement["Action"] for statement in statements)


def test_the_cluster_role_is_trusted_to_tag_its_sessions(dev: Recorded) -> None:
    (statement,) = json.loads(dev.one("aws:iam/role:Role", "clusters").inputs["assumeRolePolicy"])["Statement"]
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]


def test_the_node_role_has_no_rights_of_applications(dev: Recorded) -> None:
    assert role(dev, "nodes") == {"AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"}
    assert [each.name for each in dev.all("aws:iam/rolePolicy:RolePolicy") if each.inputs["role"] == "nodes"] == []


def test_the_cluster_has_its_permissions_before_it_is_made(dev: Recorded) -> None:
    behind = dev.behind(dev.one("aws:eks/cluster:Cluster"))
    assert {name for name in behind if "rolePolicyAttachment" in name and "clusters-" in name} == {
        f"aws:iam/rolePolicyAttachment:RolePolicyAttachment clusters-{policy}" for policy in role(dev, "clusters")
    }


def test_the_key_is_made_after_the_role_that_its_policy_names(dev: Recorded) -> None:
    key = dev.one("aws:kms/key:Key", "clusters")
    assert dev.one("aws:iam/role:Role", "clusters").inputs["name"] in key.inputs["policy"]
    assert "aws:iam/role:Role clusters" in dev.behind(key)


def test_nothing_is_in_the_cluster_before_its_administrator(dev: Recorded) -> None:
    for each in (each for each in dev.registrations if each.type.startswith("kubernetes:")):
        assert "aws:eks/accessPolicyAssociation:AccessPolicyAssociation main-admin" in dev.behind(each), each.name


@pytest.mark.parametrize("tier", TIERS)
def test_nodes_are_let_in_before_they_are_asked_for(dev: Recorded, tier: str) -> None:
    behind = dev.behind(dev.one("kubernetes:karpenter.sh/v1:NodePool", tier))
    assert "aws:eks/accessPolicyAssociation:AccessPolicyAssociation main-nodes" in behind
