"""A place for pods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.order import known_after
from planning.cluster_access import ALLOW_DNS, DEFAULT_DENY, DEPLOYERS
from planning.egress import Egress

DNS_PORT = 53
RBAC = "rbac.authorization.k8s.io"


@dataclass(frozen=True, kw_only=True)
class ContainerLimits:
    """Resources as Kubernetes writes them: {"cpu": "100m"}."""

    requested: Mapping[str, str]
    """What a container asks for that does not say."""
    limited: Mapping[str, str]
    """What a container may use that does not say."""
    most: Mapping[str, str]
    """What one container may say at most."""


@dataclass(frozen=True, kw_only=True)
class NamespaceArgs:
    namespace: pulumi.Input[str]
    quota: Mapping[str, str]
    """What all pods together may ask for, as Kubernetes writes it: {"requests.cpu": "8"}."""
    dns_cidrs: Sequence[str]
    """Where DNS answers: the service address, and the nodes, on which Auto Mode runs it."""
    service_accounts: Sequence[str]
    deployer: pulumi.Input[str]
    """The name of the ClusterRole of whoever deploys here."""
    deployers: str = DEPLOYERS
    """The group of whoever deploys here."""
    limits: ContainerLimits | None = None
    """What containers are given that say nothing, and what one may ask for; None: nothing, and as much as the quota has."""
    egress: Sequence[Egress] = ()
    """What its pods may reach beside DNS."""


class Namespace(pulumi.ComponentResource):
    """A Kubernetes namespace whose pods are restricted, limited, and reach DNS and what is listed until a policy of theirs says more."""

    namespace: pulumi.Output[str]
    """Known only once the namespace is fenced in."""

    def __init__(self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Namespace", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        levels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}
        made = kubernetes.core.v1.Namespace(
            name, metadata=kubernetes.meta.v1.ObjectMetaArgs(name=args.namespace, labels=levels), opts=child
        )
        self._namespace = known_after(pulumi.Output.from_input(args.namespace), [made])
        quota = kubernetes.core.v1.ResourceQuota(
            name, metadata=self._metadata("quota"), spec=kubernetes.core.v1.ResourceQuotaSpecArgs(hard=args.quota), opts=child
        )
        fences: list[pulumi.Resource] = [quota]
        if args.limits is not None:
            fences.append(
                kubernetes.core.v1.LimitRange(name, metadata=self._metadata("limits"), spec=_container_limits(args.limits), opts=child)
            )
        default_deny = kubernetes.networking.v1.NetworkPolicy(
            f"{name}-{DEFAULT_DENY}",
            metadata=self._metadata(DEFAULT_DENY),
            spec=kubernetes.networking.v1.NetworkPolicySpecArgs(
                pod_selector=kubernetes.meta.v1.LabelSelectorArgs(), policy_types=["Ingress", "Egress"]
            ),
            opts=child,
        )
        allow_dns = kubernetes.networking.v1.NetworkPolicy(
            f"{name}-{ALLOW_DNS}", metadata=self._metadata(ALLOW_DNS), spec=_dns(args.dns_cidrs), opts=child
        )
        ways_out = [
            kubernetes.networking.v1.NetworkPolicy(
                f"{name}-{egress.name}", metadata=self._metadata(egress.name), spec=_egress(egress), opts=child
            )
            for egress in args.egress
        ]
        for account in args.service_accounts:
            kubernetes.core.v1.ServiceAccount(
                f"{name}-{account}",
                metadata=self._metadata(account),
                # Pod Identity brings a token of its own; the Kubernetes API is nothing to these pods.
                automount_service_account_token=False,
                opts=child,
            )
        self.namespace = known_after(self._namespace, [*fences, default_deny, allow_dns, *ways_out])
        self._let_deployers_in(name, args)
        self.register_outputs({"namespace": self.namespace})

    def _let_deployers_in(self, name: str, args: NamespaceArgs) -> None:
        kubernetes.rbac.v1.RoleBinding(
            f"{name}-deployers",
            # Only once the namespace is fenced in: what they deploy before that would not be.
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=DEPLOYERS, namespace=self.namespace),
            role_ref=kubernetes.rbac.v1.RoleRefArgs(api_group=RBAC, kind="ClusterRole", name=args.deployer),
            subjects=[kubernetes.rbac.v1.SubjectArgs(api_group=RBAC, kind="Group", name=args.deployers)],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _metadata(self, name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=self._namespace)


def _container_limits(limits: ContainerLimits) -> kubernetes.core.v1.LimitRangeSpecArgs:
    return kubernetes.core.v1.LimitRangeSpecArgs(
        limits=[
            kubernetes.core.v1.LimitRangeItemArgs(
                type="Container", default_request=limits.requested, default=limits.limited, max=limits.most
            )
        ]
    )


def _dns(cidrs: Sequence[str]) -> kubernetes.networking.v1.NetworkPolicySpecArgs:
    return kubernetes.networking.v1.NetworkPolicySpecArgs(
        pod_selector=kubernetes.meta.v1.LabelSelectorArgs(),
        policy_types=["Egress"],
        egress=[_rule(cidrs, [(protocol, DNS_PORT) for protocol in ("UDP", "TCP")])],
    )


def _egress(egress: Egress) -> kubernetes.networking.v1.NetworkPolicySpecArgs:
    return kubernetes.networking.v1.NetworkPolicySpecArgs(
        pod_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=dict(egress.labels) or None),
        policy_types=["Egress"],
        egress=[_rule(each.cidrs, [("TCP", port) for port in each.ports]) for each in egress.to],
    )


def _rule(cidrs: Sequence[str], ports: Sequence[tuple[str, int]]) -> kubernetes.networking.v1.NetworkPolicyEgressRuleArgs:
    return kubernetes.networking.v1.NetworkPolicyEgressRuleArgs(
        to=[kubernetes.networking.v1.NetworkPolicyPeerArgs(ip_block=kubernetes.networking.v1.IPBlockArgs(cidr=cidr)) for cidr in cidrs],
        ports=[kubernetes.networking.v1.NetworkPolicyPortArgs(protocol=protocol, port=port) for protocol, port in ports],
    )
