"""The process behind an EKS cluster: its real Kubernetes control plane."""

from __future__ import annotations

from localcloud.instance import Instance
from localcloud.kubernetes import control_plane
from localcloud.provider.values import Properties


class _ControlPlane:
    def ensure(self, instance: Instance, account: str, state: Properties) -> Properties:
        """Replaces the emulator's invented endpoint and certificate by those of the control plane that answers there."""
        network = state["kubernetesNetworkConfig"]
        endpoint = control_plane.start(instance, _key(account, state), state["version"], service_cidr=network["serviceIpv4Cidr"])
        return {"endpoint": endpoint.url, "certificateAuthority": {"data": endpoint.ca_data}}

    def remove(self, instance: Instance, account: str, state: Properties) -> None:
        control_plane.delete(instance, _key(account, state))


def _key(account: str, state: Properties) -> control_plane.ClusterKey:
    return control_plane.ClusterKey(account, state["region"], state["name"])


CONTROL_PLANE = _ControlPlane()
