"""Networks that let anybody in, or keep no record of who came, are found."""

from dataclasses import replace
from typing import Any

import pytest

from policies.rule import UNKNOWN, Resource, StackRule, Unverified, Violation
from policies.rules import default_security_group_empty, no_world_ingress, vpc_flow_logs
from tests.policies.cases import DEFAULT_GROUP, FLOW_LOG, GROUP, GROUP_RULE, INGRESS, VPC, resource, unverified, violations

OPEN_TO_ITSELF = [{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}]

WAY_OUT = {"type": "egress", "protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}


def found(rule: StackRule, *stack: Resource) -> list[str]:
    return [each.urn for each in rule.check(stack) if isinstance(each, Violation)]


@pytest.mark.parametrize(("rule", "type"), [(vpc_flow_logs.RULE, FLOW_LOG), (default_security_group_empty.RULE, DEFAULT_GROUP)])
class TestWhatEveryVpcHas:
    def test_vpc_without_it_is_found(self, rule: StackRule, type: str) -> None:
        assert found(rule, resource(VPC)) == [resource(VPC).urn]

    def test_that_of_another_vpc_does_not_count(self, rule: StackRule, type: str) -> None:
        assert found(rule, resource(VPC), resource(type, vpcId="vpc-2")) == [resource(VPC).urn]

    def test_it_is_joined_by_what_it_depends_on_while_the_vpc_has_no_id(self, rule: StackRule, type: str) -> None:
        vpc, its = resource(VPC, id=UNKNOWN), resource(type, vpcId=UNKNOWN)
        assert found(rule, vpc, replace(its, sources={"vpcId": frozenset({vpc.urn})})) == []
        assert found(rule, vpc, its) == [vpc.urn]


def test_flow_log_of_what_was_let_through_alone_does_not_count() -> None:
    assert found(vpc_flow_logs.RULE, resource(VPC), resource(FLOW_LOG, trafficType="ACCEPT")) == [resource(VPC).urn]


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_default_security_group_with_rules_is_found(direction: str) -> None:
    group = resource(DEFAULT_GROUP, **{direction: OPEN_TO_ITSELF})
    assert found(default_security_group_empty.RULE, resource(VPC), group) == [group.urn]


def test_rules_that_are_not_known_yet_are_said_to_be_so() -> None:
    findings = list(default_security_group_empty.RULE.check([resource(VPC), resource(DEFAULT_GROUP, ingress=UNKNOWN)]))
    assert [type(each) for each in findings] == [Unverified]


@pytest.mark.parametrize(
    ("type", "change"),
    [
        (INGRESS, {"cidrIpv4": "0.0.0.0/0"}),
        (INGRESS, {"cidrIpv4": None, "cidrIpv6": "::/0"}),
        (INGRESS, {"cidrIpv4": "0.0.0.0/0", "fromPort": 443, "toPort": 443}),
        (GROUP_RULE, {"cidrBlocks": ["10.0.0.0/8", "0.0.0.0/0"]}),
        (GROUP_RULE, {"cidrBlocks": None, "ipv6CidrBlocks": ["::/0"]}),
        (GROUP, {"ingress": [{"cidrBlocks": ["10.0.0.0/8"]}, {"cidrBlocks": ["0.0.0.0/0"]}]}),
        (DEFAULT_GROUP, {"ingress": [{"ipv6CidrBlocks": ["::/0"]}]}),
    ],
)
def test_service_that_the_whole_internet_may_reach_is_found(type: str, change: dict[str, Any]) -> None:
    (said,) = violations(no_world_ingress.RULE, resource(type, **change))
    assert "0.0.0.0/0" in said or "::/0" in said


def test_way_out_to_the_whole_internet_is_fine() -> None:
    assert violations(no_world_ingress.RULE, replace(resource(GROUP_RULE), properties=WAY_OUT)) == []


def test_range_that_is_not_known_yet_does_not_hide_one_that_is_open() -> None:
    asked = resource(GROUP, ingress=[UNKNOWN, {"cidrBlocks": [UNKNOWN]}, {"cidrBlocks": ["0.0.0.0/0"]}])
    assert len(violations(no_world_ingress.RULE, asked)) == 1
    assert len(unverified(no_world_ingress.RULE, asked)) == 2
