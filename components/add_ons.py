"""What EKS installs into a cluster and keeps there."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.order import known_after
from components.role import ManagedRole, ManagedRoleArgs
from planning.add_ons import AddOn, Identity
from planning.documents import trust


@dataclass(frozen=True, kw_only=True)
class AddOnsArgs:
    account: str
    cluster: str
    ready: pulumi.Output[str]
    """The cluster's name again, known only once there are nodes for any pod: without, an add-on never becomes active."""
    add_ons: Sequence[AddOn]
    log_groups: Mapping[str, Sequence[str]]
    """The log groups that an add-on writes to, by its name; the add-on dictates theirs."""
    log_retention_days: int
    log_key_arn: pulumi.Input[str]
    roles: Mapping[str, str]
    """What the role of an add-on that acts in AWS is called, by the add-on's name."""
    boundary_arn: pulumi.Input[str]


class AddOns(pulumi.ComponentResource):
    """A cluster's EKS add-ons at pinned versions, none after another. What was changed by hand in them is overwritten."""

    def __init__(self, name: str, args: AddOnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:AddOns", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for each in args.add_ons:
            # The add-on would make a missing log group itself: unencrypted, for ever, and in the way of the next cluster of this name.
            log_groups = [
                aws.cloudwatch.LogGroup(
                    f"{name}-{log_group.rpartition('/')[2]}",
                    name=log_group,
                    retention_in_days=args.log_retention_days,
                    kms_key_id=args.log_key_arn,
                    opts=child,
                )
                for log_group in args.log_groups.get(each.name, ())
            ]
            aws.eks.Addon(
                f"{name}-{each.name}",
                cluster_name=known_after(args.ready, log_groups),
                addon_name=each.name,
                addon_version=each.version,
                configuration_values=json.dumps(each.values),
                resolve_conflicts_on_create="OVERWRITE",
                resolve_conflicts_on_update="OVERWRITE",
                pod_identity_associations=[
                    aws.eks.AddonPodIdentityAssociationArgs(
                        role_arn=_role(f"{name}-{each.name}", args.roles[each.name], args, identity, child),
                        service_account=identity.service_account,
                    )
                    for identity in ([each.identity] if each.identity else [])
                ]
                or None,
                opts=child,
            )
        self.register_outputs({})


def _role(name: str, role: str, args: AddOnsArgs, identity: Identity, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    managed = ManagedRoleArgs(
        role=role,
        boundary_arn=args.boundary_arn,
        description=f"Pods of {identity.namespace}/{identity.service_account}",
        trust=trust.pods(
            account=args.account, cluster=args.cluster, namespace=identity.namespace, service_account=identity.service_account
        ),
        managed_policies=identity.policies,
    )
    return ManagedRole(name, managed, child).arn
