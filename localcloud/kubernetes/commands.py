"""How etcd, kube-apiserver and kube-controller-manager are started: their arguments and the files these point to."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from localcloud.instance import write_atomically
from localcloud.kubernetes.layout import Layout, Settings
from localcloud.toolchain import binary

# Beyond the upstream defaults EKS switches these on (the list is in its platform-version notes).
_ADMISSION = "NodeRestriction,ExtendedResourceToleration"

# Short, so that a removed access entry is felt within seconds; on EKS it takes about as long.
_CALLER_CACHE_TTL = "5s"

# As EKS does since 1.32: nobody is anonymous except for these.
_ANONYMOUS_PATHS = ("/healthz", "/livez", "/readyz")


def service_address(service_cidr: str) -> str:
    """The in-cluster address of the API server: the first of the service range."""
    return str(ipaddress.ip_network(service_cidr)[1])


def write_configuration(layout: Layout) -> None:
    """Writes the kubeconfigs and configuration files that the arguments below name."""
    webhook = f"http://127.0.0.1:{layout.instance.port('webhook')}/{layout.key.account}/{layout.key.region}/{layout.key.name}"
    _write(layout, "webhook.kubeconfig", _kubeconfig({"server": webhook}, {}))
    authentication = {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AuthenticationConfiguration",
        "anonymous": {"enabled": True, "conditions": [{"path": path} for path in _ANONYMOUS_PATHS]},
    }
    _write(layout, "authentication.json", authentication)
    server = {"server": layout.url, "certificate-authority": layout.certificate("ca.crt")}
    for user, file in (("admin", "admin.kubeconfig"), ("controller-manager", "controller-manager.kubeconfig")):
        credentials = {"client-certificate": layout.certificate(f"{user}.crt"), "client-key": layout.certificate(f"{user}.key")}
        _write(layout, file, _kubeconfig(server, credentials))


def etcd(layout: Layout) -> list[str]:
    client, peer = (f"https://127.0.0.1:{layout.port(purpose)}" for purpose in ("etcd", "etcd-peer"))
    return [
        str(binary("etcd")),
        "--name=default",
        f"--data-dir={layout.file('etcd')}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--client-cert-auth",
        "--peer-client-cert-auth",
        *(f"--{prefix}trusted-ca-file={layout.certificate('etcd-ca.crt')}" for prefix in ("", "peer-")),
        *(f"--{prefix}cert-file={layout.certificate('etcd.crt')}" for prefix in ("", "peer-")),
        *(f"--{prefix}key-file={layout.certificate('etcd.key')}" for prefix in ("", "peer-")),
        # A machine that loses power loses this cluster; the instance is discarded then anyway, and slow disks stay quick.
        "--unsafe-no-fsync",
        "--log-level=warn",
    ]


def api_server(layout: Layout, settings: Settings) -> list[str]:
    return [
        str(binary("kube-apiserver")),
        "--bind-address=127.0.0.1",
        # Without it the server looks for another interface than loopback, and fails where there is none.
        "--advertise-address=127.0.0.1",
        f"--secure-port={layout.port('api')}",
        # The `kubernetes` Service has no endpoints: nothing runs in the cluster, and a loopback address is not allowed there.
        "--endpoint-reconciler-type=none",
        f"--etcd-servers=https://127.0.0.1:{layout.port('etcd')}",
        f"--etcd-cafile={layout.certificate('etcd-ca.crt')}",
        f"--etcd-certfile={layout.certificate('etcd-client.crt')}",
        f"--etcd-keyfile={layout.certificate('etcd-client.key')}",
        f"--tls-cert-file={layout.certificate('server.crt')}",
        f"--tls-private-key-file={layout.certificate('server.key')}",
        f"--client-ca-file={layout.certificate('ca.crt')}",
        "--authorization-mode=Node,RBAC",
        f"--enable-admission-plugins={_ADMISSION}",
        f"--authentication-config={layout.file('authentication.json')}",
        f"--authentication-token-webhook-config-file={layout.file('webhook.kubeconfig')}",
        "--authentication-token-webhook-version=v1",
        f"--authentication-token-webhook-cache-ttl={_CALLER_CACHE_TTL}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={layout.certificate('service-account.pub')}",
        f"--service-account-signing-key-file={layout.certificate('service-account.key')}",
        f"--service-cluster-ip-range={settings.service_cidr}",
        "--profiling=false",
    ]


def controller_manager(layout: Layout) -> list[str]:
    kubeconfig = layout.file("controller-manager.kubeconfig")
    return [
        str(binary("kube-controller-manager")),
        "--bind-address=127.0.0.1",
        f"--secure-port={layout.port('controller-manager')}",
        f"--tls-cert-file={layout.certificate('server.crt')}",
        f"--tls-private-key-file={layout.certificate('server.key')}",
        *(f"--{purpose}kubeconfig={kubeconfig}" for purpose in ("", "authentication-", "authorization-")),
        f"--root-ca-file={layout.certificate('ca.crt')}",
        f"--service-account-private-key-file={layout.certificate('service-account.key')}",
        "--use-service-account-credentials",
        # At the default 20 requests a second, getting some thirty controllers their credentials takes 4 s.
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
        "--leader-elect=false",
        "--profiling=false",
    ]


def _kubeconfig(cluster: dict[str, str], user: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "local", "cluster": cluster}],
        "users": [{"name": "local", "user": user}],
        "contexts": [{"name": "local", "context": {"cluster": "local", "user": "local"}}],
        "current-context": "local",
    }


def _write(layout: Layout, name: str, content: dict[str, Any]) -> None:
    # JSON is YAML, and needs no care with quoting.
    write_atomically(layout.directory / name, json.dumps(content, indent=2))
