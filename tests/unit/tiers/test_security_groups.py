"""Which security group is a cluster's."""

import pytest

from tests.unit.registrations import Recorded

CLUSTER_TAG = "kubernetes.io/cluster/"


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_only_eks_tags_a_security_group_for_a_cluster(stack: str, request: pytest.FixtureRequest) -> None:
    """It tags the one that it makes; with a second one the load balancers of the cluster do not know which is meant."""
    recorded: Recorded = request.getfixturevalue(stack)
    groups = recorded.all("aws:ec2/securityGroup:SecurityGroup")
    assert groups
    assert [each.name for each in groups if any(tag.startswith(CLUSTER_TAG) for tag in each.inputs.get("tags", {}))] == []


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_nodes_are_in_the_group_of_their_cluster_and_in_no_other(stack: str, request: pytest.FixtureRequest) -> None:
    recorded: Recorded = request.getfixturevalue(stack)
    for each in recorded.all("kubernetes:eks.amazonaws.com/v1:NodeClass"):
        assert each.inputs["spec"]["securityGroupSelectorTerms"] == [{"id": f"sg-cluster-{each.provider.rpartition('::')[2]}"}]
