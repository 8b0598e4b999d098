"""The cluster as assembled: what it may do, who gets in, and in which order."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from planning import catalogue
from planning.add_ons import BUILT_IN
from stacks.models import Settings
from tests.unit.conftest import platform
from tests.unit.registrations import Recorded, record
from tests.unit.stacks.samples import DEV, changed
from tiers import cluster
from tiers.assembly import assemble

POOLS = ["main-platform", "feature-store", "serving", "training-cpu"]
ENTRY = "aws:eks/accessEntry:AccessEntry"
POOL = "kubernetes:karpenter.sh/v1:NodePool"
CLASS = "kubernetes:eks.amazonaws.com/v1:NodeClass"


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


@pytest.mark.parametrize("pool", POOLS)
def test_nodes_are_let_in_before_they_are_asked_for(dev: Recorded, pool: str) -> None:
    behind = dev.behind(dev.one("kubernetes:karpenter.sh/v1:NodePool", pool))
    assert "aws:eks/accessPolicyAssociation:AccessPolicyAssociation main-nodes" in behind


def test_the_role_of_every_node_class_is_let_in_as_nodes_are(dev: Recorded) -> None:
    entries = {each.inputs["principalArn"].rpartition("/")[2] for each in dev.all(ENTRY) if each.inputs["type"] == "EC2"}
    assert {each.inputs["spec"]["role"] for each in dev.all(CLASS)} == entries


def test_volumes_are_encrypted_with_a_key_that_grants_the_cluster_role(dev: Recorded) -> None:
    statements = {each["Sid"]: each for each in json.loads(dev.one("aws:kms/key:Key", "clusters").inputs["policy"])["Statement"]}
    role = {"AWS": ["arn:aws:iam::111111111111:role/dev-eks-cluster"]}
    assert statements["NodeVolumes"]["Principal"] == statements["NodeVolumeGrants"]["Principal"] == role
    assert "kms:CreateGrant" in statements["NodeVolumeGrants"]["Action"]


def test_a_cluster_has_the_add_ons_that_we_use_pinned_and_none_that_auto_mode_has_built_in(dev: Recorded) -> None:
    found = {each.inputs["addonName"]: each.inputs["addonVersion"] for each in dev.all("aws:eks/addon:Addon")}
    assert found == catalogue.EKS_ADD_ONS["1.36"]
    assert not found.keys() & BUILT_IN


def nodes_of_add_ons(recorded: Recorded) -> dict[str, set[str]]:
    """The pools that are there before each add-on, and take any pod: one that tolerates no taint, and cannot be told to, is among them
    (planning/add_ons.py)."""
    free = {f"{each.type} {each.name}" for each in recorded.all(POOL) if "taints" not in each.inputs["spec"]["template"]["spec"]}
    return {each.name: {name.rpartition(" ")[2] for name in free & recorded.behind(each)} for each in recorded.all("aws:eks/addon:Addon")}


def test_add_ons_wait_for_the_nodes_that_they_run_on_and_for_no_tier(dev: Recorded) -> None:
    found = nodes_of_add_ons(dev)
    assert set(map(frozenset, found.values())) == {frozenset({"main-platform"})}
    assert len(found) == len(catalogue.EKS_ADD_ONS["1.36"])


class Hasty(cluster.NodePool):
    """Says that its pools are there before they are."""

    def __init__(self, name: str, args: cluster.NodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self.kind = pulumi.Output.from_input(str(args.kind))


class Reserved(cluster.NodePool):
    """Its nodes take only pods that tolerate a taint."""

    def __init__(self, name: str, args: cluster.NodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        taints = ({"key": "own", "effect": "NoSchedule"},)
        super().__init__(name, replace(args, pools=[replace(pool, taints=taints) for pool in args.pools]), opts)


@pytest.mark.parametrize("fault", [Hasty, Reserved])
def test_an_add_on_that_comes_before_nodes_for_it_is_found(settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: Any) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(cluster, "NodePool", fault)
        recorded = record(lambda: assemble(settings))
    found = nodes_of_add_ons(recorded)
    assert found
    assert not any(found.values())


def test_the_logs_of_containers_are_there_first_encrypted_and_kept_as_long_as_the_clusters(dev: Recorded) -> None:
    groups = [each for each in dev.all("aws:cloudwatch/logGroup:LogGroup") if "containerinsights" in each.inputs["name"]]
    assert {each.inputs["name"] for each in groups} == {
        f"/aws/containerinsights/dev-main/{of}" for of in ("application", "dataplane", "host", "performance")
    }
    assert {each.inputs["retentionInDays"] for each in groups} == {30}
    assert all(each.inputs["kmsKeyId"] for each in groups)


def test_an_add_ons_role_is_named_after_its_service_account(dev: Recorded) -> None:
    assert "dev-main-cloudwatch-agent" in {each.inputs["name"] for each in dev.all("aws:iam/role:Role")}


def test_the_key_is_usable_for_the_logs_of_containers(dev: Recorded) -> None:
    statements = {each["Sid"]: each for each in json.loads(dev.one("aws:kms/key:Key", "logs").inputs["policy"])["Statement"]}
    arns = statements["LogGroups"]["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    assert "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/containerinsights/dev-*" in arns


@pytest.mark.parametrize(
    ("name", "role", "groups"),
    [
        ("main-deployer", "dev-cluster-deployer", ["ml-platform:deployers"]),
        ("main-viewer", "dev-cluster-viewer", ["ml-platform:viewers"]),
        ("main-team-risk", "dev-team-risk", ["ml-platform:team:risk"]),
        ("main-admin", "dev-cluster-admin", None),
    ],
)
def test_named_roles_get_in_and_no_other(name: str, role: str, groups: list[str] | None) -> None:
    risk = "arn:aws:iam::111111111111:role/risk"
    settings = platform("dev", changed(DEV, ("access.teams", {"risk": [risk]})))
    recorded = record(lambda: assemble(settings))
    entry = recorded.one(ENTRY, name).inputs
    assert entry["principalArn"] == f"arn:aws:iam::111111111111:role/{role}"
    assert entry.get("kubernetesGroups") == groups
    assert len(recorded.all(ENTRY)) == 5


def test_a_team_is_who_was_listed(dev: Recorded) -> None:
    risk = "arn:aws:iam::111111111111:role/risk"
    recorded = record(lambda: assemble(platform("dev", changed(DEV, ("access.teams", {"risk": [risk]})))))
    (statement,) = json.loads(recorded.one("aws:iam/role:Role", "team-risk").inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"AWS": ["arn:aws:iam::111111111111:root", risk]}
    assert [each.name for each in dev.all("aws:iam/role:Role") if each.name.startswith("team-")] == []


def test_every_tiers_namespace_lets_deployers_in_and_nothing_else_does(dev: Recorded) -> None:
    bindings = dev.all("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")
    assert {each.inputs["metadata"]["namespace"] for each in bindings} == {"feature-store", "serving", "training"}
    bound = {each.inputs["roleRef"]["name"] for each in dev.all("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")}
    assert bound == {"ml-platform:viewer"}


def test_load_balancers_of_ingresses_carry_the_environments_tags(prod: Recorded) -> None:
    params = prod.all("kubernetes:eks.amazonaws.com/v1:IngressClassParams")
    assert {each.provider.rpartition("::")[2] for each in params} == {"serving", "training"}
    for each in params:
        tags = {tag["key"]: tag["value"] for tag in each.inputs["spec"]["tags"]}
        assert (tags["deployment"], tags["environment"]) == ("ml-platform/prod", "prod")


def test_no_tiers_namespace_may_have_load_balancers_without_tags(prod: Recorded) -> None:
    quotas = prod.all("kubernetes:core/v1:ResourceQuota")
    assert {each.inputs["spec"]["hard"]["services.loadbalancers"] for each in quotas} == {"0"}
    assert len(quotas) == len(prod.all("kubernetes:core/v1:Namespace"))


def test_ranges_that_are_listed_reach_a_private_api() -> None:
    recorded = record(lambda: assemble(platform("dev", changed(DEV, ("clusters.main.private_access_cidrs", ["10.99.0.0/16"])))))
    rule = recorded.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "main-api-10.99.0.0/16").inputs
    assert (rule["securityGroupId"], rule["cidrIpv4"]) == ("main-api-id", "10.99.0.0/16")
