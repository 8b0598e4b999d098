"""Who may reach a service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class SecurityGroupArgs:
    name: str
    description: str
    """Cannot change later without replacing the group."""
    vpc_id: pulumi.Input[str]
    port: int
    clients: Mapping[str, pulumi.Input[str]]
    """Who may connect to the port: security group ids by a name for each."""
    client_cidrs: Sequence[str] = ()
    """From where else."""


class SecurityGroup(pulumi.ComponentResource):
    """A security group that answers its clients on one port, and from which nothing can be reached.

    Every rule is a resource of its own, so that one more client changes nothing for the others.
    """

    group_id: pulumi.Output[str]

    def __init__(self, name: str, args: SecurityGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:SecurityGroup", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(name, vpc_id=args.vpc_id, description=args.description, tags={"Name": args.name}, opts=child)
        for client, client_group_id in args.clients.items():
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-{client}",
                security_group_id=group.id,
                description=f"from {client}",
                referenced_security_group_id=client_group_id,
                ip_protocol="tcp",
                from_port=args.port,
                to_port=args.port,
                opts=child,
            )
        for cidr in args.client_cidrs:
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-{cidr}",
                security_group_id=group.id,
                description=f"from {cidr}",
                cidr_ipv4=cidr,
                ip_protocol="tcp",
                from_port=args.port,
                to_port=args.port,
                opts=child,
            )
        self.group_id = group.id
        self.register_outputs({"group_id": self.group_id})
