"""Who else gets into a cluster, and what they may do there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.access_entry import AccessEntry, AccessEntryArgs
from components.order import known_after
from planning.cluster_access import (
    DEPLOYER,
    DEPLOYER_RULES,
    DEPLOYERS,
    FENCE_HOLDS_FOR,
    FENCE_STANDS,
    VIEWER_RULES,
    VIEWERS,
    Rule,
    team,
)

RBAC = "rbac.authorization.k8s.io"
FENCE = "ml-platform-fence"


@dataclass(frozen=True, kw_only=True)
class ClusterAccessArgs:
    cluster: pulumi.Input[str]
    deployer_role_arn: pulumi.Output[str]
    viewer_role_arn: pulumi.Output[str]
    team_role_arns: Mapping[str, pulumi.Output[str]]
    """By the team's name."""


class ClusterAccess(pulumi.ComponentResource):
    """Access entries of the roles beside the administrator's, in groups of their own, and what these groups may do.

    A viewer reads everything but secrets. A deployer may do nothing until a namespace binds it, nor a team until its tenant does. None
    of them changes or deletes the network policies that fence a namespace in.
    """

    deployer: pulumi.Output[str]
    """The ClusterRole that a namespace binds the group of deployers to, known only once it is there, and the fences hold."""

    def __init__(self, name: str, args: ClusterAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:ClusterAccess", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        entries = {
            "deployer": (args.deployer_role_arn, DEPLOYERS),
            "viewer": (args.viewer_role_arn, VIEWERS),
            **{f"team-{each}": (role_arn, team(each)) for each, role_arn in args.team_role_arns.items()},
        }
        for who, (role_arn, group) in entries.items():
            entry = AccessEntryArgs(cluster=args.cluster, principal_arn=role_arn, kind="STANDARD", groups=[group])
            AccessEntry(f"{name}-{who}", entry, child)
        self.deployer = known_after(_role(f"{name}-deployer", DEPLOYER, DEPLOYER_RULES, child), [_fence(name, child)])
        kubernetes.rbac.v1.ClusterRoleBinding(
            f"{name}-viewers",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=VIEWERS),
            role_ref=kubernetes.rbac.v1.RoleRefArgs(
                api_group=RBAC, kind="ClusterRole", name=_role(f"{name}-viewer", "ml-platform:viewer", VIEWER_RULES, child)
            ),
            subjects=[kubernetes.rbac.v1.SubjectArgs(api_group=RBAC, kind="Group", name=VIEWERS)],
            opts=child,
        )
        self.register_outputs({"deployer": self.deployer})


def _role(name: str, role: str, rules: Sequence[Rule], child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    made = kubernetes.rbac.v1.ClusterRole(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=role),
        rules=[
            kubernetes.rbac.v1.PolicyRuleArgs(
                api_groups=list(rule["apiGroups"]), resources=list(rule["resources"]), verbs=list(rule["verbs"])
            )
            for rule in rules
        ],
        opts=child,
    )
    return known_after(pulumi.Output.from_input(role), [made])


def _fence(name: str, child: pulumi.ResourceOptions) -> pulumi.Resource:
    """An admission policy, and the binding that puts it in force: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/."""
    admission = kubernetes.admissionregistration.v1
    policy = admission.ValidatingAdmissionPolicy(
        f"{name}-fence",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=FENCE),
        spec=admission.ValidatingAdmissionPolicySpecArgs(
            failure_policy="Fail",
            match_constraints=admission.MatchResourcesArgs(
                resource_rules=[
                    admission.NamedRuleWithOperationsArgs(
                        api_groups=["networking.k8s.io"],
                        api_versions=["*"],
                        operations=["UPDATE", "DELETE"],
                        resources=["networkpolicies"],
                    )
                ]
            ),
            match_conditions=[admission.MatchConditionArgs(name="no-administrator", expression=FENCE_HOLDS_FOR)],
            validations=[
                admission.ValidationArgs(
                    expression=FENCE_STANDS,
                    message="this network policy is the platform's; add one of your own beside it, or ask an administrator of the cluster",
                )
            ],
        ),
        opts=child,
    )
    return admission.ValidatingAdmissionPolicyBinding(
        f"{name}-fence",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=FENCE),
        spec=admission.ValidatingAdmissionPolicyBindingSpecArgs(
            policy_name=known_after(pulumi.Output.from_input(FENCE), [policy]), validation_actions=["Deny"]
        ),
        opts=child,
    )
