import pulumi_aws as aws
import pytest

from components.vpc import Vpc, VpcArgs
from planning.subnets import plan
from tests.unit.registrations import Recorded, Registration, record

ZONES = ("eu-west-1a", "eu-west-1b")
SUBNET, TABLE, ROUTE = "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable", "aws:ec2/route:Route"
NAT = "aws:ec2/natGateway:NatGateway"
RESERVATION = "aws:ec2/subnetCidrReservation:SubnetCidrReservation"


def vpc(nat_gateways: str = "one") -> Recorded:
    args = VpcArgs(name="dev", cidr="10.0.0.0/16", zones=plan("10.0.0.0/16", ZONES), nat_gateways=nat_gateways)  # pyright: ignore[reportArgumentType]
    return record(lambda: Vpc("main", args))


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return vpc()


def routes(recorded: Recorded, subnet: Registration) -> list[Registration]:
    """The routes that a subnet has besides the VPC's own."""
    (association,) = [
        each
        for each in recorded.all("aws:ec2/routeTableAssociation:RouteTableAssociation")
        if each.inputs["subnetId"] == f"{subnet.name}-id"
    ]
    return [each for each in recorded.all(ROUTE) if each.inputs["routeTableId"] == association.inputs["routeTableId"]]


def subnets(recorded: Recorded, kind: str) -> list[Registration]:
    found = [each for each in recorded.all(SUBNET) if f"-{kind}-" in each.name]
    assert len(found) == len(ZONES)
    return found


def test_private_subnets_have_no_public_route(recorded: Recorded) -> None:
    for subnet in subnets(recorded, "private"):
        assert all("gatewayId" not in route.inputs for route in routes(recorded, subnet))


def test_private_subnets_reach_the_internet_through_nat(recorded: Recorded) -> None:
    for subnet in subnets(recorded, "private"):
        (route,) = routes(recorded, subnet)
        assert route.inputs["destinationCidrBlock"] == "0.0.0.0/0"
        assert route.inputs["natGatewayId"]


def test_data_subnets_have_no_route_to_the_internet(recorded: Recorded) -> None:
    for subnet in subnets(recorded, "data"):
        assert routes(recorded, subnet) == []


def test_public_subnets_reach_the_internet_directly(recorded: Recorded) -> None:
    for subnet in subnets(recorded, "public"):
        assert [route.inputs["gatewayId"] for route in routes(recorded, subnet)] == ["main-id"]


def test_no_subnet_gives_out_public_addresses(recorded: Recorded) -> None:
    assert all(not subnet.inputs.get("mapPublicIpOnLaunch") for subnet in recorded.all(SUBNET))


def test_nat_gateways_are_in_public_subnets(recorded: Recorded) -> None:
    assert recorded.one(NAT).inputs["subnetId"] == "main-public-eu-west-1a-id"


def test_one_nat_gateway_serves_all_zones_when_asked(recorded: Recorded) -> None:
    used = {routes(recorded, subnet)[0].inputs["natGatewayId"] for subnet in subnets(recorded, "private")}
    assert len(recorded.all(NAT)) == 1
    assert len(used) == 1


def test_each_zone_has_its_own_nat_gateway_when_asked() -> None:
    recorded = vpc("per_zone")
    for subnet in subnets(recorded, "private"):
        (route,) = routes(recorded, subnet)
        nat = recorded.one(NAT, route.inputs["natGatewayId"].removesuffix("-id"))
        assert nat.inputs["subnetId"].removesuffix("-id").endswith(subnet.inputs["availabilityZone"])


def test_without_nat_nothing_leads_from_private_subnets_to_the_internet() -> None:
    recorded = vpc("none")
    assert recorded.all(NAT) == recorded.all("aws:ec2/eip:Eip") == []
    for subnet in subnets(recorded, "private"):
        assert routes(recorded, subnet) == []


def test_nat_gateways_wait_for_the_internet_gateway(recorded: Recorded) -> None:
    assert recorded.one("aws:ec2/internetGateway:InternetGateway").urn in recorded.one(NAT).dependencies


def test_the_default_security_group_is_empty(recorded: Recorded) -> None:
    group = recorded.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert group.inputs["ingress"] == []
    assert group.inputs["egress"] == []


@pytest.mark.parametrize(("kind", "tag"), [("public", "kubernetes.io/role/elb"), ("private", "kubernetes.io/role/internal-elb")])
def test_load_balancers_find_their_subnets(recorded: Recorded, kind: str, tag: str) -> None:
    assert all(subnet.inputs["tags"][tag] == "1" for subnet in subnets(recorded, kind))


def test_load_balancers_stay_out_of_data_subnets(recorded: Recorded) -> None:
    assert all(list(subnet.inputs["tags"]) == ["Name"] for subnet in subnets(recorded, "data"))


def test_prefixes_are_reserved_in_private_subnets_and_nowhere_else(recorded: Recorded) -> None:
    made = {(each.inputs["subnetId"], each.inputs["cidrBlock"], each.inputs["reservationType"]) for each in recorded.all(RESERVATION)}
    planned = plan("10.0.0.0/16", ZONES)
    assert made == {(f"main-private-{zone.zone}-id", block, "prefix") for zone in planned for block in zone.prefixes}


def test_nothing_is_put_into_a_private_subnet_before_its_prefixes_are_reserved() -> None:
    def program() -> None:
        args = VpcArgs(name="dev", cidr="10.0.0.0/16", zones=plan("10.0.0.0/16", ZONES), nat_gateways="none")
        aws.ec2.NetworkInterface("first", subnet_id=Vpc("main", args).private_subnet_ids[0])

    recorded = record(program)
    behind = recorded.behind(recorded.one("aws:ec2/networkInterface:NetworkInterface"))
    reservations = {f"{RESERVATION} {each.name}" for each in recorded.all(RESERVATION) if ZONES[0] in each.name}
    assert len(reservations) == 4
    assert reservations <= behind


def test_the_inner_route_tables_are_those_of_private_and_data_subnets() -> None:
    def program() -> None:
        args = VpcArgs(name="dev", cidr="10.0.0.0/16", zones=plan("10.0.0.0/16", ZONES), nat_gateways="none")
        aws.ec2.VpcEndpoint("s3", vpc_id="vpc-1", service_name="s3", route_table_ids=Vpc("main", args).inner_route_table_ids)

    tables = record(program).one("aws:ec2/vpcEndpoint:VpcEndpoint").inputs["routeTableIds"]
    assert sorted(tables) == ["main-data-id", *(f"main-private-{zone}-id" for zone in ZONES)]


def test_names_resolve_inside(recorded: Recorded) -> None:
    inputs = recorded.one("aws:ec2/vpc:Vpc").inputs
    assert inputs["enableDnsSupport"] is True
    assert inputs["enableDnsHostnames"] is True
