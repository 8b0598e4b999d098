"""Which Kubernetes kinds the provider takes, and what the official provider (pulumi-kubernetes 4.34.2) replaces them for."""

from __future__ import annotations

from dataclasses import dataclass

from localcloud.provider.interface import Refused

_PACKAGE = "kubernetes"

# The groups that Kubernetes itself serves: a kind of theirs is taken only when it is listed below.
_OWN_GROUPS = frozenset({
    "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps", "authentication.k8s.io",
    "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io",
    "events.k8s.io", "extensions", "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io",
    "policy", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
})  # fmt: skip

# Resources of the SDK that are not objects of the API server.
_NOT_OBJECTS = ("helm.sh/", "kustomize/", "yaml/")


@dataclass(frozen=True)
class TypeName:
    """A kind as a manifest names it."""

    api_version: str
    kind: str

    def __str__(self) -> str:
        return f"{self.api_version} {self.kind}"


@dataclass(frozen=True)
class Modelled:
    """A kind that is taken. A change at or below one of `replaced_by` replaces the object."""

    namespaced: bool
    replaced_by: tuple[str, ...] = ()


_IDENTITY = ("apiVersion", "kind", "metadata.name", "metadata.namespace")

# `replaced_by` is `forceNew` of the official provider's provider/pkg/provider/diff.go. Other immutable fields (a priority class's
# value, a storage class's reclaim policy, an ingress class's controller) are updated in place there as well, and the API server
# refuses that.
MODELLED: dict[TypeName, Modelled] = {
    TypeName("v1", "ConfigMap"): Modelled(namespaced=True),
    TypeName("v1", "LimitRange"): Modelled(namespaced=True),
    TypeName("v1", "Namespace"): Modelled(namespaced=False),
    TypeName("v1", "ResourceQuota"): Modelled(namespaced=True, replaced_by=("spec.scopes",)),
    TypeName("v1", "ServiceAccount"): Modelled(namespaced=True),
    TypeName("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"): Modelled(namespaced=False),
    TypeName("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding"): Modelled(namespaced=False),
    TypeName("batch/v1", "Job"): Modelled(
        namespaced=True, replaced_by=("spec.completions", "spec.parallelism", "spec.selector", "spec.template")
    ),
    TypeName("networking.k8s.io/v1", "IngressClass"): Modelled(namespaced=False),
    TypeName("networking.k8s.io/v1", "NetworkPolicy"): Modelled(namespaced=True),
    TypeName("rbac.authorization.k8s.io/v1", "ClusterRole"): Modelled(namespaced=False),
    TypeName("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): Modelled(namespaced=False, replaced_by=("roleRef",)),
    TypeName("rbac.authorization.k8s.io/v1", "Role"): Modelled(namespaced=True),
    TypeName("rbac.authorization.k8s.io/v1", "RoleBinding"): Modelled(namespaced=True, replaced_by=("roleRef",)),
    TypeName("scheduling.k8s.io/v1", "PriorityClass"): Modelled(namespaced=False),
    TypeName("storage.k8s.io/v1", "StorageClass"): Modelled(namespaced=False, replaced_by=("parameters", "provisioner")),
}


def parse_type(token: str) -> TypeName:
    """The kind behind a resource type such as `kubernetes:core/v1:Namespace`. Raises Refused for one that is not taken.

    Kinds outside Kubernetes' own groups are custom resources: whether they exist is for the API server to say.
    """
    package, _, rest = token.partition(":")
    module, _, kind = rest.partition(":")
    if package != _PACKAGE or "/" not in module or not kind or module.startswith(_NOT_OBJECTS):
        raise Refused(f"{token} is not modelled by the local cloud; the kinds it takes are listed in localcloud/kubernetes/kinds.py")
    name = TypeName(module.removeprefix("core/") if module.startswith("core/") else module, kind)
    group = name.api_version.rpartition("/")[0]
    if group in _OWN_GROUPS and name not in MODELLED:
        raise Refused(f"{token} is not modelled by the local cloud; add it to localcloud/kubernetes/kinds.py")
    return name


def replaced_by(name: TypeName, inputs: dict[str, object], *, mutable_config_maps: bool) -> tuple[str, ...]:
    """The paths whose change replaces an object with these inputs."""
    modelled = MODELLED.get(name)
    paths = (*_IDENTITY, *(modelled.replaced_by if modelled else ()))
    if name == TypeName("v1", "ConfigMap") and (not mutable_config_maps or inputs.get("immutable") is True):
        # So that what mounts a config map is rolled when it changes.
        return (*paths, "data", "binaryData")
    return paths
