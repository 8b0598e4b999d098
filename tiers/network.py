"""The network: a VPC with public, private and data subnets in each zone, ways to AWS that avoid the internet, and a flow log."""

from dataclasses import dataclass

import pulumi

from components.endpoints import Endpoints, EndpointsArgs
from components.flow_log import FlowLog, FlowLogArgs
from components.order import known_after
from components.vpc import Vpc, VpcArgs
from planning import subnets
from planning.documents import endpoints
from stacks import models
from tiers.environment import Environment
from tiers.publication import Fields, publish


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    environment: Environment
    network: models.Network
    zones: tuple[str, ...]
    """Availability zones, in the order of their subnets."""
    audit_bucket_arn: pulumi.Input[str]
    """Where the flow log goes."""


class Network(pulumi.ComponentResource):
    """The environment's VPC."""

    vpc_id: pulumi.Output[str]
    private_subnet_ids: list[pulumi.Output[str]]
    node_subnet_ids: list[pulumi.Output[str]]
    """The private subnets, for what needs their way out to be there first and to go last."""
    private_cidrs: list[str]
    data_subnet_ids: list[pulumi.Output[str]]
    data_cidrs: list[str]
    published: Fields

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Network", name, None, opts)
        child, environment, network = pulumi.ResourceOptions(parent=self), args.environment.names.environment, args.network
        plan = subnets.plan(network.cidr, args.zones)
        vpc = Vpc("main", VpcArgs(name=environment, cidr=network.cidr, zones=plan, nat_gateways=network.nat_gateways), child)
        services = Endpoints("main", _endpoints(args, vpc), child)
        FlowLog("main", FlowLogArgs(name=f"{environment}-flows", vpc_id=vpc.vpc_id, bucket_arn=args.audit_bucket_arn), child)
        self.vpc_id = vpc.vpc_id
        self.private_subnet_ids, self.data_subnet_ids = vpc.private_subnet_ids, vpc.data_subnet_ids
        self.node_subnet_ids = [known_after(subnet_id, services.made) for subnet_id in vpc.node_subnet_ids]
        self.private_cidrs = [zone.private for zone in plan]
        self.data_cidrs = [zone.data for zone in plan]
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
                "private_cidrs": self.private_cidrs,
                "data_cidrs": self.data_cidrs,
            },
            child,
        )
        self.register_outputs(dict(self.published))


def _endpoints(args: NetworkArgs, vpc: Vpc) -> EndpointsArgs:
    account, region = args.environment.account, args.environment.region
    return EndpointsArgs(
        name=args.environment.names.environment,
        region=region,
        vpc_id=vpc.vpc_id,
        cidr=args.network.cidr,
        subnet_ids=vpc.private_subnet_ids,
        route_table_ids=vpc.inner_route_table_ids,
        interfaces={service: endpoints.interface(service, account) for service in args.network.endpoints},
        # These two cost nothing.
        gateways={"s3": endpoints.s3(account, region), "dynamodb": endpoints.account_only(account)},
    )
