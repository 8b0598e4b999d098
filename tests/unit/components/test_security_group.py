import pytest

from components.security_group import SecurityGroup, SecurityGroupArgs
from tests.unit.registrations import Recorded, record

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    args = SecurityGroupArgs(name="dev-registry", description="clients", vpc_id="vpc-1", port=3306, clients={"nodes": "sg-nodes"})
    return record(lambda: SecurityGroup("registry", args))


def test_only_its_clients_reach_it_and_only_on_its_port(recorded: Recorded) -> None:
    rule = recorded.one(INGRESS).inputs
    assert rule["referencedSecurityGroupId"] == "sg-nodes"
    assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 3306, 3306)
    assert not {"cidrIpv4", "cidrIpv6", "prefixListId"} & set(rule)


def test_a_range_that_is_listed_reaches_it_on_its_port_by_a_rule_of_its_own() -> None:
    args = SecurityGroupArgs(
        name="dev-main-api", description="clients", vpc_id="vpc-1", port=443, clients={}, client_cidrs=["10.99.0.0/16", "192.0.2.0/24"]
    )
    rules = [each.inputs for each in record(lambda: SecurityGroup("main-api", args)).all(INGRESS)]
    assert {rule["cidrIpv4"] for rule in rules} == {"10.99.0.0/16", "192.0.2.0/24"}
    assert {(rule["ipProtocol"], rule["fromPort"], rule["toPort"]) for rule in rules} == {("tcp", 443, 443)}


def test_it_reaches_nothing(recorded: Recorded) -> None:
    assert recorded.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []


def test_rules_are_resources_of_their_own(recorded: Recorded) -> None:
    assert not {"ingress", "egress"} & set(recorded.one("aws:ec2/securityGroup:SecurityGroup").inputs)
