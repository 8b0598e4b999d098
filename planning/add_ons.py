"""The EKS add-ons of a cluster, each pinned, configured, and with the AWS rights that it needs: one table.

What Auto Mode has built in is none of them: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html#addon-consider-auto.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from planning import catalogue
from planning.node_pools import LABEL
from planning.refusal import Refused

Values: TypeAlias = Mapping[str, Any]

BUILT_IN = frozenset(
    {"vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", "eks-pod-identity-agent", "eks-node-monitoring-agent"}
)  # fmt: skip

_EVERY_NODE = [{"operator": "Exists"}]
"""Tolerates every taint: what mounts volumes or collects logs is wanted on each node, the reserved ones included."""


@dataclass(frozen=True)
class Identity:
    """What the pods of a service account of an add-on may do in AWS, by EKS Pod Identity."""

    namespace: str
    service_account: str
    policies: tuple[str, ...]
    """Names of policies that AWS maintains."""


@dataclass(frozen=True, kw_only=True)
class AddOn:
    name: str
    version: str
    values: Values
    """In the add-on's own schema: `aws eks describe-addon-configuration` shows it."""
    identity: Identity | None = None
    logs: tuple[str, ...] = ()
    """Ends of the names of the log groups that it writes to (planning/names.py)."""


@dataclass(frozen=True, kw_only=True)
class _Entry:
    values: Values
    identity: Identity | None = None
    logs: tuple[str, ...] = ()


_TABLE: Mapping[str, _Entry] = {
    # For the horizontal pod autoscaler; two, so that it answers while a node is replaced.
    "metrics-server": _Entry(
        values={
            "replicas": 2,
            "nodeSelector": {LABEL: "platform"},
            "resources": {"requests": {"cpu": "100m", "memory": "200Mi"}, "limits": {"memory": "400Mi"}},
        }
    ),
    # Datasets as files. Pods bring their own roles (authenticationSource: pod), so the driver has none. Its controller cannot be
    # given a toleration (https://github.com/aws/containers-roadmap/issues/2676): a pool without a taint has to be there for it.
    "aws-mountpoint-s3-csi-driver": _Entry(values={"node": {"tolerateAllTaints": True}}),
    # Secrets as files, by the role of the pod that mounts them (usePodIdentity), and new ones within two minutes of a rotation.
    "aws-secrets-store-csi-driver-provider": _Entry(
        values={
            "tolerations": _EVERY_NODE,
            "resources": {"requests": {"cpu": "50m", "memory": "100Mi"}, "limits": {"memory": "200Mi"}},
            "secrets-store-csi-driver": {
                "linux": {"tolerations": _EVERY_NODE},
                "enableSecretRotation": True,
                "rotationPollInterval": "2m",
            },
        }
    ),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html
    "amazon-cloudwatch-observability": _Entry(
        values={
            "tolerations": _EVERY_NODE,
            "agent": {"resources": {"requests": {"cpu": "250m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}}},
            "containerLogs": {
                "enabled": True,
                "fluentBit": {"resources": {"requests": {"cpu": "50m", "memory": "25Mi"}, "limits": {"memory": "250Mi"}}},
            },
        },
        identity=Identity("amazon-cloudwatch", "cloudwatch-agent", ("CloudWatchAgentServerPolicy",)),
        logs=("application", "dataplane", "host", "performance"),
    ),
}


def add_ons(kubernetes: str) -> tuple[AddOn, ...]:
    """The add-ons of a cluster of this Kubernetes version. Raises Refused for a version that none is pinned for."""
    versions = pinned(kubernetes)
    return tuple(
        AddOn(name=name, version=versions[name], values=entry.values, identity=entry.identity, logs=entry.logs)
        for name, entry in _TABLE.items()
    )


def pinned(kubernetes: str) -> Mapping[str, str]:
    """The version of each add-on for a Kubernetes version. Raises Refused for one that they are not pinned for."""
    if kubernetes not in catalogue.EKS_ADD_ONS:
        raise Refused(
            got=f"Kubernetes {kubernetes}",
            expected=f"a version that add-ons are pinned for: {', '.join(catalogue.EKS_ADD_ONS)}",
            remedy="use one of these, or pin them with scripts/refresh_catalogue.py",
        )
    return {name: catalogue.EKS_ADD_ONS[kubernetes][name] for name in checked(list(_TABLE))}


def checked(names: Sequence[str]) -> Sequence[str]:
    """The names of add-ons, if none of them is part of Auto Mode. Raises Refused: two of a kind fight over the nodes."""
    for name in names:
        if name in BUILT_IN:
            raise Refused(got=f"add-on `{name}`", expected="one that EKS Auto Mode has not built in", remedy="leave it out")
    return names
