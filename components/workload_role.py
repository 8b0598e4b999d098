"""What the pods of one service account may do in AWS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.order import known_after
from planning.documents import buckets, keys, trust, workloads


@dataclass(frozen=True, kw_only=True)
class WorkloadRoleArgs:
    role: str
    """The physical name, which begins with the environment's."""
    boundary_arn: pulumi.Input[str]
    account: str
    region: str
    cluster: pulumi.Output[str]
    namespace: str
    service_account: str
    access: Sequence[buckets.Access] = ()
    secrets: Sequence[str] = ()
    """Names of the secrets that it reads."""
    streams: Sequence[str] = ()
    """Names of the streams that it puts records into."""
    inline_policies: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """Documents by name, of rights on what AWS names itself."""
    key_arn: pulumi.Output[str]
    """What those buckets, secrets and streams are encrypted with."""
    key_services: Sequence[keys.Service] = ()
    """Through which services the `inline_policies` use it besides."""


class WorkloadRole(pulumi.ComponentResource):
    """An IAM role for one service account of one namespace of one cluster, bound to it by EKS Pod Identity."""

    arn: pulumi.Output[str]
    service_account: pulumi.Output[str]
    """Its name, known once pods of it that start get all that the role may do."""

    def __init__(self, name: str, args: WorkloadRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:WorkloadRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        def trusted(cluster: str) -> str:
            return trust.pods(account=args.account, cluster=cluster, namespace=args.namespace, service_account=args.service_account)

        role = aws.iam.Role(
            name,
            name=args.role,
            description=f"Pods of {args.namespace}/{args.service_account}",
            assume_role_policy=args.cluster.apply(trusted),
            permissions_boundary=args.boundary_arn,
            opts=child,
        )
        policies = [
            aws.iam.RolePolicy(f"{name}-{policy}", name=policy, role=role.name, policy=text, opts=child)
            for policy, text in _policies(args).items()
        ]
        association = aws.eks.PodIdentityAssociation(
            name,
            cluster_name=args.cluster,
            namespace=args.namespace,
            service_account=args.service_account,
            role_arn=role.arn,
            opts=child,
        )
        self.arn = role.arn
        # A pod gets credentials only if the association is there when it starts:
        # https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
        self.service_account = known_after(pulumi.Output.from_input(args.service_account), [*policies, association])
        self.register_outputs({"arn": self.arn, "service_account": self.service_account})


def _policies(args: WorkloadRoleArgs) -> Mapping[str, pulumi.Input[str]]:
    found: dict[str, pulumi.Input[str]] = {}
    services: list[keys.Service] = []
    if args.access:
        found["buckets"] = buckets.role_access(args.access)
        services.append("s3")
    if args.secrets:
        found["secrets"] = workloads.secrets(args.region, args.account, args.secrets)
        services.append("secretsmanager")
    if args.streams:
        found["streams"] = workloads.streams(args.region, args.account, args.streams)
        services.append("kinesis")
    services.extend(args.key_services)
    # By itself, because the key's ARN is unknown at first preview: the rest stays readable there.
    found["key"] = args.key_arn.apply(lambda key_arn: keys.use_through(args.region, key_arn, services))
    return {**found, **args.inline_policies}
