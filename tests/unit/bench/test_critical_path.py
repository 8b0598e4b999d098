"""The longest path of hand-made states."""

from typing import Any

import pytest

from bench.critical_path import Route, forced, longest, seconds, text

VPC, SUBNET, CLUSTER = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:eks/cluster:Cluster"
DATABASE, NAT, PARAMETER = "aws:rds/instance:Instance", "aws:ec2/natGateway:NatGateway", "aws:ssm/parameter:Parameter"
POOL, ADD_ON, PROVIDER = "kubernetes:karpenter.sh/v1:NodePool", "aws:eks/addon:Addon", "pulumi:providers:kubernetes"


def urn(type_: str, name: str = "main") -> str:
    return f"urn:pulumi:dev::ml-platform::{type_}::{name}"


def resource(type_: str, name: str = "main", **more: Any) -> dict[str, Any]:
    return {"urn": urn(type_, name), "type": type_, "custom": not type_.startswith("ml-platform:"), **more}


def names(route: Route) -> list[str]:
    return [step.type for step in route.steps]


def test_the_path_that_takes_longest_counts_not_the_one_with_most_steps() -> None:
    state = [resource(VPC), resource(SUBNET, dependencies=[urn(VPC)])]
    state += [resource(PARAMETER, "1", dependencies=[urn(SUBNET)]), resource(PARAMETER, "2", dependencies=[urn(PARAMETER, "1")])]
    state += [resource(DATABASE, dependencies=[urn(SUBNET)]), resource(PARAMETER, "3", dependencies=[urn(PARAMETER, "2"), urn(DATABASE)])]
    found = longest([*state, resource(PARAMETER, "alone")])
    assert (names(found), found.seconds) == ([VPC, SUBNET, DATABASE, PARAMETER], 12 + 2 + 360 + 2)


@pytest.mark.parametrize(
    "waits",
    [
        {"dependencies": [urn(NAT)]},
        {"propertyDependencies": {"subnetId": [urn(NAT)], "tags": None}},
        {"parent": urn(NAT)},
        {"provider": f"{urn(NAT)}::6ad4a5c2"},
    ],
)
def test_everything_that_is_waited_for_is_on_the_path(waits: dict[str, Any]) -> None:
    assert longest([resource(NAT), resource(VPC, **waits)]).seconds == 105 + 12


def test_users_join_a_group_one_by_one_whatever_a_program_does() -> None:
    user, group, cache = (
        "aws:elasticache/user:User",
        "aws:elasticache/userGroup:UserGroup",
        "aws:elasticache/replicationGroup:ReplicationGroup",
    )
    member = "aws:elasticache/userGroupAssociation:UserGroupAssociation"
    state = [resource(user), resource(group), resource(member, "one"), resource(member, "two"), resource(cache)]
    assert forced(state).seconds == 10 + 40 + 2 * 40 + 600


def test_what_something_is_deleted_with_is_not_waited_for() -> None:
    assert longest([resource(NAT), resource(VPC, deletedWith=urn(NAT))]).seconds == 105


def test_the_order_of_the_state_does_not_matter() -> None:
    assert longest([resource(SUBNET, dependencies=[urn(VPC)]), resource(VPC)]).seconds == 14


def test_what_is_on_its_way_out_does_not_count() -> None:
    assert longest([resource(VPC), resource(DATABASE, delete=True)]).seconds == 12


def test_a_state_that_is_not_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="the state lacks urn:pulumi:dev::ml-platform::aws:ec2/vpc:Vpc::main"):
        longest([resource(SUBNET, dependencies=[urn(VPC)])])


def test_only_what_no_property_explains_is_an_explicit_wait() -> None:
    waits: dict[str, Any] = {"dependencies": [urn(VPC)]}
    by_property = resource(SUBNET, **waits, propertyDependencies={"vpcId": [urn(VPC)]})
    assert [step.waits_explicitly for step in longest([resource(VPC), by_property]).steps] == [False, False]
    found = longest([resource(VPC), resource(SUBNET, **waits)])
    assert [step.waits_explicitly for step in found.steps] == [False, True]
    assert text(found).splitlines()[1].endswith("aws:ec2/subnet:Subnet  main  (depends_on alone)")


def test_the_text_says_that_an_order_folded_into_a_property_counts_as_data() -> None:
    folded = resource(SUBNET, dependencies=[urn(VPC)], propertyDependencies={"tags": [urn(VPC)]})
    found = longest([resource(VPC), folded])
    assert "(depends_on alone)" not in text(found)
    assert "folded into a property (known_after) counts as data" in text(found)


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (resource(DATABASE), 360),
        (resource(DATABASE, inputs={"multiAz": True}), 660),
        (resource("aws:ec2/vpcEndpoint:VpcEndpoint"), 7),
        (resource("aws:ec2/vpcEndpoint:VpcEndpoint", inputs={"vpcEndpointType": "Interface"}), 90),
        (resource("kubernetes:helm.sh/v3:Release", inputs={"skipAwait": True}), 8),
        (resource(PARAMETER), 2),
        (resource(POOL), 1),
        (resource(PROVIDER), 0),
        (resource("ml-platform:tiers:Network"), 0),
        (resource(VPC, external=True), 0),
    ],
)
def test_each_type_takes_what_the_table_says(each: dict[str, Any], expected: float) -> None:
    assert seconds(each) == expected


def test_what_aws_forces_is_the_longest_of_the_chains_that_are_there() -> None:
    cluster = [resource(VPC), resource(SUBNET), resource(CLUSTER), resource(POOL)]
    assert forced(cluster).seconds == 12 + 2 + 540 + 1
    assert forced([*cluster, resource(ADD_ON)]).seconds == 12 + 2 + 540 + 1 + 60
    assert forced([*cluster, resource(DATABASE)]).seconds == 12 + 2 + 540 + 1
    assert forced([*cluster, resource(DATABASE), resource(DATABASE, "other", inputs={"multiAz": True})]).seconds == 12 + 2 + 660


def test_a_state_on_which_aws_forces_no_order_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing that AWS forces"):
        forced([resource(PARAMETER)])
