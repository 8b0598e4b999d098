"""The runner of CI: jobs run inside the VPC, from where the clusters' private endpoints are reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.cluster import API_PORT
from components.role import ManagedRole, ManagedRoleArgs
from components.runner import Runner, RunnerArgs
from planning.documents import runner, trust
from tiers.clusters import Host
from tiers.environment import Environment

PURPOSE = "runner"


@dataclass(frozen=True, kw_only=True)
class CiArgs:
    environment: Environment
    repository: str
    """OWNER/NAME on GitHub."""
    boundary_arn: pulumi.Input[str]
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    hosts: Mapping[str, Host]
    """The clusters whose API jobs reach, by their names in the stack file."""
    log_key_arn: pulumi.Input[str]
    log_retention_days: int


class Ci(pulumi.ComponentResource):
    """A CodeBuild-hosted runner whose role only runs it: a job that deploys assumes the deploy role, by its own token."""

    def __init__(self, name: str, args: CiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Ci", name, None, opts)
        child, names = pulumi.ResourceOptions(parent=self), args.environment.names
        made = Runner(
            PURPOSE,
            RunnerArgs(
                project=names.build_project(PURPOSE),
                repository=args.repository,
                role=_role(args, child),
                vpc_id=args.vpc_id,
                subnet_ids=args.subnet_ids,
                log_group=names.build_log_group(PURPOSE),
                log_retention_days=args.log_retention_days,
                log_key_arn=args.log_key_arn,
            ),
            child,
        )
        for key, host in args.hosts.items():
            aws.vpc.SecurityGroupIngressRule(
                f"{key}-{PURPOSE}",
                security_group_id=host.api_group_id,
                description="from the runner of CI",
                referenced_security_group_id=made.security_group_id,
                ip_protocol="tcp",
                from_port=API_PORT,
                to_port=API_PORT,
                opts=child,
            )
        self.register_outputs({})


def _role(args: CiArgs, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    environment, names = args.environment, args.environment.names
    region, account = environment.region, environment.account
    subnets = pulumi.Output.all(*args.subnet_ids)
    return ManagedRole(
        PURPOSE,
        ManagedRoleArgs(
            role=names.role(PURPOSE),
            boundary_arn=args.boundary_arn,
            description="What CodeBuild acts as when it runs jobs of CI",
            trust=trust.build_project(region, account, names.build_project(PURPOSE)),
            managed_policies=(),
            inline_policies=(
                ("logs", runner.logs(region, account, names.build_log_group(PURPOSE))),
                ("network", runner.network()),
                # By itself, because subnet ids are unknown at first preview: the rest stays readable there.
                ("interfaces", subnets.apply(lambda ids: runner.interfaces(region, account, ids))),
            ),
        ),
        child,
    ).arn
