import pytest

from components.endpoints import Endpoints, EndpointsArgs
from tests.unit.registrations import Recorded, Registration, record

ENDPOINT, INGRESS = "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"


def endpoints(*interfaces: str) -> Recorded:
    args = EndpointsArgs(
        name="dev",
        region="eu-west-1",
        vpc_id="vpc-1",
        cidr="10.0.0.0/16",
        subnet_ids=["subnet-a", "subnet-b"],
        route_table_ids=["rtb-private", "rtb-data"],
        interfaces={service: f"of {service}" for service in interfaces},
        gateways={"s3": "of s3"},
    )
    return record(lambda: Endpoints("main", args))


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return endpoints("sts", "ecr.api")


@pytest.fixture
def interface(recorded: Recorded) -> Registration:
    return recorded.one(ENDPOINT, "main-ecr.api")


def test_gateway_endpoints_are_on_the_route_tables_that_were_given(recorded: Recorded) -> None:
    gateway = recorded.one(ENDPOINT, "main-s3").inputs
    assert (gateway["vpcEndpointType"], gateway["serviceName"]) == ("Gateway", "com.amazonaws.eu-west-1.s3")
    assert gateway["routeTableIds"] == ["rtb-private", "rtb-data"]


def test_interface_endpoints_have_an_address_in_every_subnet(interface: Registration) -> None:
    assert (interface.inputs["vpcEndpointType"], interface.inputs["serviceName"]) == ("Interface", "com.amazonaws.eu-west-1.ecr.api")
    assert interface.inputs["subnetIds"] == ["subnet-a", "subnet-b"]


def test_interface_endpoints_answer_to_the_services_usual_name(interface: Registration) -> None:
    assert interface.inputs["privateDnsEnabled"] is True


@pytest.mark.parametrize("service", ["s3", "sts", "ecr.api"])
def test_every_endpoint_has_its_own_policy(recorded: Recorded, service: str) -> None:
    assert recorded.one(ENDPOINT, f"main-{service}").inputs["policy"] == f"of {service}"


def test_interface_endpoints_share_one_security_group(recorded: Recorded) -> None:
    interfaces = [each for each in recorded.all(ENDPOINT) if each.inputs["vpcEndpointType"] == "Interface"]
    assert [each.inputs["securityGroupIds"] for each in interfaces] == [[f"{recorded.one(GROUP).name}-id"]] * 2


def test_only_https_from_the_vpc_is_let_in(recorded: Recorded) -> None:
    rule = recorded.one(INGRESS).inputs
    assert (rule["cidrIpv4"], rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("10.0.0.0/16", "tcp", 443, 443)


def test_without_interface_endpoints_there_is_no_security_group() -> None:
    assert endpoints().all(GROUP) == []
