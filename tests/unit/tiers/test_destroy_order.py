"""What a destroy takes away first depends on what must outlive it: the engine deletes in the opposite order of dependencies.

Without this order a destroy hangs, or leaves nodes, volumes and network interfaces behind that no state knows.
"""

from collections.abc import Iterable

import pytest

from tests.unit.registrations import Recorded, Registration

CLUSTER, NODE_POOL, NODE_CLASS = (
    "aws:eks/cluster:Cluster",
    "kubernetes:karpenter.sh/v1:NodePool",
    "kubernetes:eks.amazonaws.com/v1:NodeClass",
)
PROVIDER, ENTRY = "pulumi:providers:kubernetes", "aws:eks/accessEntry:AccessEntry"
ASSOCIATION, ATTACHMENT = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
SUBNET, RULE = "aws:ec2/subnet:Subnet", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

# Endpoints too: nodes of a VPC without NAT have no other way to AWS.
WAYS_OUT = (
    "aws:ec2/route:Route",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
)


@pytest.fixture(params=["dev", "prod"])
def recorded(request: pytest.FixtureRequest) -> Recorded:
    """One cluster for all tiers, and one for each of two."""
    return request.getfixturevalue(request.param)


def in_clusters(recorded: Recorded, *types: str) -> list[tuple[Registration, str]]:
    """Objects in clusters, of these types or of all, each with the name of its cluster."""
    found = [each for each in recorded.registrations if each.type in types or (not types and each.type.startswith("kubernetes:"))]
    assert found, types
    return [(each, each.provider.rpartition("::")[2]) for each in found]


def named(registrations: Iterable[Registration]) -> set[str]:
    found = {f"{each.type} {each.name}" for each in registrations}
    assert found
    return found


def test_objects_go_before_their_clusters_provider(recorded: Recorded) -> None:
    for each, cluster in in_clusters(recorded):
        assert f"{PROVIDER} {cluster}" in recorded.behind(each), each.name


def test_objects_go_before_whoever_deletes_them_is_shut_out(recorded: Recorded) -> None:
    for each, cluster in in_clusters(recorded):
        assert {f"{ENTRY} {cluster}-admin", f"{ASSOCIATION} {cluster}-admin"} <= recorded.behind(each), each.name


def test_objects_go_before_their_cluster(recorded: Recorded) -> None:
    for each, cluster in in_clusters(recorded):
        assert f"{CLUSTER} {cluster}" in recorded.behind(each), each.name


def test_node_pools_go_before_their_node_class(recorded: Recorded) -> None:
    for pool, _ in in_clusters(recorded, NODE_POOL):
        wanted = pool.inputs["spec"]["template"]["spec"]["nodeClassRef"]["name"], pool.provider
        (node_class,) = [each for each in recorded.all(NODE_CLASS) if (each.inputs["metadata"]["name"], each.provider) == wanted]
        assert f"{NODE_CLASS} {node_class.name}" in recorded.behind(pool)


def test_load_balancers_go_with_their_namespaces_before_the_class_that_deletes_them(recorded: Recorded) -> None:
    for each, cluster in in_clusters(recorded, "kubernetes:core/v1:Namespace"):
        assert f"kubernetes:networking.k8s.io/v1:IngressClass {cluster}" in recorded.behind(each), each.name


def test_nodes_go_before_they_are_shut_out(recorded: Recorded) -> None:
    for each, cluster in in_clusters(recorded, NODE_POOL, NODE_CLASS):
        assert {f"{ENTRY} {cluster}-nodes", f"{ASSOCIATION} {cluster}-nodes"} <= recorded.behind(each), each.name


def test_nodes_go_before_what_their_role_may_do(recorded: Recorded) -> None:
    permissions = named(each for each in recorded.all(ATTACHMENT) if each.inputs["role"].endswith("-eks-nodes"))
    for each, _ in in_clusters(recorded, NODE_POOL, NODE_CLASS):
        assert permissions <= recorded.behind(each), each.name


def test_nodes_go_before_their_subnets(recorded: Recorded) -> None:
    """By themselves, not only because their cluster does: its subnets may be changed."""
    subnets = {each.urn for each in recorded.all(SUBNET) if "-private-" in each.name}
    assert subnets
    for each, _ in in_clusters(recorded, NODE_CLASS):
        assert subnets <= each.dependencies, each.name


def test_nodes_have_their_way_out_until_they_are_gone(recorded: Recorded) -> None:
    ways_out = named(each for type_ in WAYS_OUT for each in recorded.all(type_))
    for each, _ in in_clusters(recorded, NODE_POOL, NODE_CLASS):
        assert ways_out - recorded.behind(each) == set(), each.name


def test_a_cluster_goes_before_what_its_role_may_do(recorded: Recorded) -> None:
    permissions = named(each for each in recorded.all(ATTACHMENT) if each.inputs["role"].endswith("-eks-cluster"))
    for cluster in recorded.all(CLUSTER):
        assert {*permissions, "aws:iam/rolePolicy:RolePolicy clusters-custom-tags"} <= recorded.behind(cluster)


def test_a_cluster_goes_before_its_log_group(recorded: Recorded) -> None:
    for cluster in recorded.all(CLUSTER):
        assert f"aws:cloudwatch/logGroup:LogGroup {cluster.name}" in recorded.behind(cluster)


def test_a_cluster_goes_before_its_network(recorded: Recorded) -> None:
    network = named(each for each in recorded.all(SUBNET) if "-private-" in each.name) | {"aws:ec2/vpc:Vpc main"}
    for cluster in recorded.all(CLUSTER):
        assert network <= recorded.behind(cluster)


def test_a_cluster_does_not_wait_for_the_way_out_of_its_nodes(recorded: Recorded) -> None:
    """It would take two minutes longer to be made."""
    for cluster in recorded.all(CLUSTER):
        assert not [each for each in recorded.behind(cluster) if each.startswith(WAYS_OUT)]


def test_rules_that_name_a_clusters_group_go_before_the_cluster(recorded: Recorded) -> None:
    """EKS cannot delete a security group that a rule of another group names."""
    rules = [each for each in recorded.all(RULE) if each.inputs.get("referencedSecurityGroupId", "").startswith("sg-cluster-")]
    assert rules
    for rule in rules:
        assert f"{CLUSTER} {rule.inputs['referencedSecurityGroupId'].removeprefix('sg-cluster-')}" in recorded.behind(rule)
