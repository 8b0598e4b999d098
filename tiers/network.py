"""The network: a VPC with public, private and data subnets in each zone."""

from dataclasses import dataclass

import pulumi

from components.vpc import Vpc, VpcArgs
from planning import subnets
from stacks import models
from tiers.environment import Environment
from tiers.publication import Fields, publish


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    environment: Environment
    network: models.Network
    zones: tuple[str, ...]
    """Availability zones, in the order of their subnets."""


class Network(pulumi.ComponentResource):
    """The environment's VPC."""

    vpc_id: pulumi.Output[str]
    private_subnet_ids: list[pulumi.Output[str]]
    node_subnet_ids: list[pulumi.Output[str]]
    """The private subnets, for what needs their way out to be there first and to go last."""
    private_cidrs: list[str]
    data_subnet_ids: list[pulumi.Output[str]]
    published: Fields

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Network", name, None, opts)
        child, environment, network = pulumi.ResourceOptions(parent=self), args.environment.names.environment, args.network
        plan = subnets.plan(network.cidr, args.zones)
        vpc = Vpc("main", VpcArgs(name=environment, cidr=network.cidr, zones=plan, nat_gateways=network.nat_gateways), child)
        self.vpc_id = vpc.vpc_id
        self.private_subnet_ids, self.data_subnet_ids = vpc.private_subnet_ids, vpc.data_subnet_ids
        self.node_subnet_ids = vpc.node_subnet_ids
        self.private_cidrs = [zone.private for zone in plan]
        self.published = publish(
            "network",
            environment,
            {
                "vpc_id": vpc.vpc_id,
                "cidr": network.cidr,
                "zones": args.zones,
                "public_subnet_ids": vpc.public_subnet_ids,
                "private_subnet_ids": vpc.private_subnet_ids,
                "data_subnet_ids": vpc.data_subnet_ids,
            },
            child,
        )
        self.register_outputs(dict(self.published))
