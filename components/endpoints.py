"""Ways from a VPC to AWS services that do not lead over the internet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.order import known_after

HTTPS = 443


@dataclass(frozen=True, kw_only=True)
class EndpointsArgs:
    name: str
    """What the console shows: the start of every Name tag."""
    region: str
    vpc_id: pulumi.Input[str]
    cidr: str
    """The VPC's range: who may use the interface endpoints."""
    subnet_ids: Sequence[pulumi.Input[str]]
    """Where interface endpoints have an address: one subnet per zone."""
    route_table_ids: Sequence[pulumi.Input[str]]
    """Which subnets reach the gateway endpoints."""
    interfaces: Mapping[str, str]
    gateways: Mapping[str, str]
    """The policy of each endpoint, by the last part of the service's name: planning.documents.endpoints."""


class Endpoints(pulumi.ComponentResource):
    """Gateway and interface endpoints. An interface endpoint answers to the service's usual name, over HTTPS, and to the VPC alone."""

    made: list[pulumi.Resource]
    """What is there before whoever relies on the endpoints, and goes after."""

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Endpoints", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        self.made = [
            aws.ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=args.vpc_id,
                service_name=self._service_name(service),
                vpc_endpoint_type="Gateway",
                route_table_ids=args.route_table_ids,
                policy=policy,
                tags=self._tags(service),
                opts=self._child,
            )
            for service, policy in args.gateways.items()
        ]
        if args.interfaces:
            self.made += self._interfaces(self._security_group())
        self.register_outputs({})

    def _interfaces(self, group: pulumi.Output[str]) -> list[pulumi.Resource]:
        return [
            aws.ec2.VpcEndpoint(
                f"{self._name}-{service}",
                vpc_id=self._args.vpc_id,
                service_name=self._service_name(service),
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=self._args.subnet_ids,
                security_group_ids=[group],
                policy=policy,
                tags=self._tags(service),
                opts=self._child,
            )
            for service, policy in self._args.interfaces.items()
        ]

    def _security_group(self) -> pulumi.Output[str]:
        """The group's id, known only once it lets the VPC in."""
        name, tags = f"{self._name}-endpoints", self._tags("endpoints")
        group = aws.ec2.SecurityGroup(
            name, vpc_id=self._args.vpc_id, description="Interface endpoints of AWS services", tags=tags, opts=self._child
        )
        rule = aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=group.id,
            description="HTTPS from the VPC",
            cidr_ipv4=self._args.cidr,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            opts=self._child,
        )
        return known_after(group.id, [rule])

    def _service_name(self, service: str) -> str:
        return f"com.amazonaws.{self._args.region}.{service}"

    def _tags(self, suffix: str) -> dict[str, str]:
        return {"Name": f"{self._args.name}-{suffix}"}
