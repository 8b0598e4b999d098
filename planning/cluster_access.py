"""What the groups of a cluster's access entries may do in it. No rule has a wildcard, reads a secret or lends a right on.

Whoever deploys can run anything as any service account of the namespaces it deploys to, and so read the secrets there: RBAC knows
no narrower right. It cannot read them through the API, nor reach other namespaces. Network policies of its own add to what the
platform's let through; the platform's stay (FENCE_STANDS).
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Rule: TypeAlias = Mapping[str, Sequence[str]]

# EKS takes no group that begins with system:, eks:, aws:, amazon: or iam:
# (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html).
DEPLOYERS = "ml-platform:deployers"
VIEWERS = "ml-platform:viewers"
DEPLOYER = "ml-platform:deployer"
"""The ClusterRole that a namespace binds whoever deploys to it to: a group of the platform's, or a team."""
_TEAM = "ml-platform:team:"

# Network policies that every namespace of the platform has.
DEFAULT_DENY = "default-deny"
ALLOW_DNS = "allow-dns"

_READ = ("get", "list", "watch")
_CHANGE = (*_READ, "create", "update", "patch", "delete")

_WORKLOADS: Mapping[str, tuple[str, ...]] = {
    "apps": ("deployments", "statefulsets"),
    "batch": ("cronjobs", "jobs"),
    "autoscaling": ("horizontalpodautoscalers",),
    "policy": ("poddisruptionbudgets",),
    "networking.k8s.io": ("networkpolicies",),
    "eks.amazonaws.com": ("targetgroupbindings",),
    "secrets-store.csi.x-k8s.io": ("secretproviderclasses",),
    "": ("configmaps", "persistentvolumeclaims", "services"),
}
_REST: Mapping[str, tuple[str, ...]] = {
    "": (
        "endpoints", "events", "limitranges", "namespaces", "nodes", "persistentvolumes", "pods", "pods/log", "replicationcontrollers",
        "resourcequotas", "serviceaccounts",
    ),
    "admissionregistration.k8s.io": ("validatingadmissionpolicies", "validatingadmissionpolicybindings"),
    "apiextensions.k8s.io": ("customresourcedefinitions",),
    "apps": ("controllerrevisions", "daemonsets", "replicasets"),
    "discovery.k8s.io": ("endpointslices",),
    "eks.amazonaws.com": ("ingressclassparams", "nodeclasses", "nodediagnostics"),
    "events.k8s.io": ("events",),
    "karpenter.sh": ("nodeclaims", "nodepools"),
    "metrics.k8s.io": ("nodes", "pods"),
    "networking.k8s.io": ("ingressclasses", "ingresses"),
    "rbac.authorization.k8s.io": ("clusterrolebindings", "clusterroles", "rolebindings", "roles"),
    "scheduling.k8s.io": ("priorityclasses",),
    "storage.k8s.io": ("csidrivers", "csinodes", "storageclasses", "volumeattachments"),
}  # fmt: skip

VIEWER_RULES: tuple[Rule, ...] = tuple(
    {"apiGroups": [group], "resources": [*resources], "verbs": [*_READ]}
    for kinds in (_WORKLOADS, _REST)
    for group, resources in kinds.items()
)
"""Reads everything but secrets, nodes and node pools included."""

DEPLOYER_RULES: tuple[Rule, ...] = (
    *({"apiGroups": [group], "resources": [*resources], "verbs": [*_CHANGE]} for group, resources in _WORKLOADS.items()),
    {"apiGroups": ["apps"], "resources": ["deployments/scale", "statefulsets/scale"], "verbs": ["get", "update", "patch"]},
    # A pod is made by what it belongs to; one that hangs may be deleted.
    {"apiGroups": [""], "resources": ["pods"], "verbs": [*_READ, "delete"]},
    {"apiGroups": [""], "resources": ["events", "pods/log", "resourcequotas", "serviceaccounts"], "verbs": [*_READ]},
    {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": [*_READ]},
)
"""Deploys workloads to the namespaces where it is bound. Bindings are the platform's: it makes neither roles nor service accounts."""


def team(name: str) -> str:
    """The group of a team's members. Its tenant binds it to a role; until then they get in, and can do nothing."""
    return f"{_TEAM}{name}"


FENCE_HOLDS_FOR = (
    f"has(request.userInfo.groups) && request.userInfo.groups.exists(group, group in ['{DEPLOYERS}', '{VIEWERS}'] || "
    f"group.startsWith('{_TEAM}'))"
)
"""CEL: whether a request comes from one of the groups that are no administrator's. Controllers are in none of them: that of Auto Mode
keeps finalizers on network policies, and those of Kubernetes delete them with their namespace."""

FENCE_STANDS = f"!(oldObject.metadata.name in ['{DEFAULT_DENY}', '{ALLOW_DNS}'])"
"""CEL: whether what is to be changed or deleted is no network policy of the platform's. RBAC cannot say it: it has names of what may be
touched, and not of what may not."""
