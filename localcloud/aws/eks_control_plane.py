"""The process behind an EKS cluster: its real Kubernetes control plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.instance import Instance
from localcloud.provider.values import Properties

if TYPE_CHECKING:
    from localcloud.kubernetes.control_plane import ClusterKey


class _ControlPlane:
    def ensure(self, instance: Instance, account: str, state: Properties) -> Properties:
        """Replaces the emulator's invented endpoint and certificate by those of the control plane that answers there."""
        # Imported where it is used: a provider that makes no cluster starts in two thirds of the time.
        from localcloud.kubernetes import control_plane

        network = state["kubernetesNetworkConfig"]
        endpoint = control_plane.start(instance, _key(account, state), state["version"], service_cidr=network["serviceIpv4Cidr"])
        return {"endpoint": endpoint.url, "certificateAuthority": {"data": endpoint.ca_data}}

    def remove(self, instance: Instance, account: str, state: Properties) -> None:
        from localcloud.kubernetes import control_plane

        control_plane.delete(instance, _key(account, state))


def _key(account: str, state: Properties) -> ClusterKey:
    from localcloud.kubernetes.control_plane import ClusterKey

    return ClusterKey(account, state["region"], state["name"])


CONTROL_PLANE = _ControlPlane()
