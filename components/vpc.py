"""A network: public, private and data subnets in each zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.order import known_after
from planning.subnets import ZoneSubnets

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class VpcArgs:
    name: str
    """What the console shows: the start of every Name tag."""
    cidr: str
    zones: tuple[ZoneSubnets, ...]
    nat_gateways: Literal["none", "one", "per_zone"]


class Vpc(pulumi.ComponentResource):
    """A VPC whose private subnets reach the internet through NAT, if at all, and whose data subnets reach nothing outside.

    The subnet ids are in the order of the zones. The default security group is emptied: using it by mistake gives no access.
    A private subnet is known to others only once its prefixes are reserved: no single address gets among them first.
    """

    vpc_id: pulumi.Output[str]
    public_subnet_ids: list[pulumi.Output[str]]
    private_subnet_ids: list[pulumi.Output[str]]
    node_subnet_ids: list[pulumi.Output[str]]
    """The private subnets, known only once they are routed: nodes have their way out until the last of them is gone."""
    data_subnet_ids: list[pulumi.Output[str]]
    inner_route_table_ids: list[pulumi.Output[str]]
    """Of the private and the data subnets: what gateway endpoints are reached from."""

    def __init__(self, name: str, args: VpcArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Vpc", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self._routing: list[pulumi.Resource] = []

        vpc = aws.ec2.Vpc(
            name, cidr_block=args.cidr, enable_dns_support=True, enable_dns_hostnames=True, tags=self._tags("vpc"), opts=self._child
        )
        self.vpc_id = vpc.id
        aws.ec2.DefaultSecurityGroup(name, vpc_id=vpc.id, ingress=[], egress=[], tags=self._tags("default-unused"), opts=self._child)
        gateway = aws.ec2.InternetGateway(name, vpc_id=vpc.id, tags=self._tags("internet"), opts=self._child)

        public_table = self._route_table("public")
        self._default_route("public", public_table, gateway_id=gateway.id)
        data_table = self._route_table("data")

        public, private, data, inner_tables = [], [], [], [data_table]
        nat: aws.ec2.NatGateway | None = None
        for subnets in args.zones:
            # AWS makes load balancers find subnets by these tags: https://docs.aws.amazon.com/eks/latest/userguide/tag-subnets-auto.html
            public.append(self._subnet("public", subnets.zone, subnets.public, public_table, {"kubernetes.io/role/elb": "1"}))
            private_table = self._route_table(f"private-{subnets.zone}")
            inner_tables.append(private_table)
            private.append(self._private_subnet(subnets, private_table))
            data.append(self._subnet("data", subnets.zone, subnets.data, data_table, {}))
            if args.nat_gateways == "per_zone" or (args.nat_gateways == "one" and nat is None):
                nat = self._nat_gateway(subnets.zone, public[-1], gateway)
            if nat is not None:
                self._default_route(f"private-{subnets.zone}", private_table, nat_gateway_id=nat.id)

        self.public_subnet_ids = [subnet.id for subnet in public]
        self.private_subnet_ids = private
        self.node_subnet_ids = [known_after(subnet_id, self._routing) for subnet_id in private]
        self.data_subnet_ids = [subnet.id for subnet in data]
        self.inner_route_table_ids = [table.id for table in inner_tables]
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
                "data_subnet_ids": self.data_subnet_ids,
            }
        )

    def _private_subnet(self, subnets: ZoneSubnets, table: aws.ec2.RouteTable) -> pulumi.Output[str]:
        subnet = self._subnet("private", subnets.zone, subnets.private, table, {"kubernetes.io/role/internal-elb": "1"})
        reservations = [
            aws.ec2.SubnetCidrReservation(
                f"{self._name}-{subnets.zone}-{block.partition('/')[2]}",
                subnet_id=subnet.id,
                cidr_block=block,
                reservation_type="prefix",
                description="Prefixes of pods",
                opts=self._child,
            )
            for block in subnets.prefixes
        ]
        return known_after(subnet.id, reservations)

    def _subnet(self, kind: str, zone: str, cidr: str, table: aws.ec2.RouteTable, tags: Mapping[str, str]) -> aws.ec2.Subnet:
        name = f"{self._name}-{kind}-{zone}"
        subnet = aws.ec2.Subnet(
            name,
            vpc_id=self.vpc_id,
            cidr_block=cidr,
            availability_zone=zone,
            tags={**self._tags(f"{kind}-{zone}"), **tags},
            opts=self._child,
        )
        self._routing.append(aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id, opts=self._child))
        return subnet

    def _route_table(self, kind: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(f"{self._name}-{kind}", vpc_id=self.vpc_id, tags=self._tags(kind), opts=self._child)

    def _default_route(
        self,
        kind: str,
        table: aws.ec2.RouteTable,
        *,
        gateway_id: pulumi.Input[str] | None = None,
        nat_gateway_id: pulumi.Input[str] | None = None,
    ) -> None:
        route = aws.ec2.Route(
            f"{self._name}-{kind}",
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway_id,
            nat_gateway_id=nat_gateway_id,
            opts=self._child,
        )
        self._routing.append(route)

    def _nat_gateway(self, zone: str, subnet: aws.ec2.Subnet, gateway: aws.ec2.InternetGateway) -> aws.ec2.NatGateway:
        name, tags = f"{self._name}-{zone}", self._tags(f"nat-{zone}")
        address = aws.ec2.Eip(name, domain="vpc", tags=tags, opts=self._child)
        # A NAT gateway cannot be created before the VPC's internet gateway is attached, and does not mention it.
        after_internet = pulumi.ResourceOptions(parent=self, depends_on=[gateway])
        return aws.ec2.NatGateway(name, allocation_id=address.id, subnet_id=subnet.id, tags=tags, opts=after_internet)

    def _tags(self, suffix: str) -> dict[str, str]:
        return {"Name": f"{self._args.name}-{suffix}"}
