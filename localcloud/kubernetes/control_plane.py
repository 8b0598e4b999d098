"""A real control plane per EKS cluster: etcd, kube-apiserver and kube-controller-manager on loopback."""

from __future__ import annotations

import base64
import os
import shutil
import ssl
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import yaml

from localcloud import processes
from localcloud.instance import CHECKOUT, Instance
from localcloud.kubernetes import certificates, commands, equipment
from localcloud.kubernetes.api import Api
from localcloud.kubernetes.layout import DEFAULT_SERVICE_CIDR, ClusterKey, Layout, Settings, stored_keys
from localcloud.processes import ProcessFailed
from localcloud.provider import cancellation
from localcloud.toolchain.catalogue import KUBERNETES_VERSION

__all__ = ["ClusterKey", "Endpoint", "VersionNotServed", "admin_kubeconfig", "delete", "endpoint", "known", "start", "stop"]

# It takes 4 s on an idle two-core machine; builds and tests may be running beside it.
_READY_SECONDS = 120.0
WEBHOOK_PROCESS = "kubernetes-webhook"


class VersionNotServed(ValueError):
    """The cluster asks for a Kubernetes minor version that there is no binary for."""


@dataclass(frozen=True)
class Endpoint:
    """How a cluster is reached: `url` is https on loopback, `ca_data` the base64 of its authority's PEM certificate."""

    url: str
    ca_data: str


def start(instance: Instance, key: ClusterKey, version: str, *, service_cidr: str = DEFAULT_SERVICE_CIDR) -> Endpoint:
    """Starts the cluster's control plane and returns when it answers and is equipped. Idempotent; data survive a stop.

    Raises VersionNotServed for another minor than the local binaries', ProcessFailed (with the end of the log) when a part
    ends or is not ready in time, cancellation.Interrupted; the processes that were started by then go on.
    """
    served = KUBERNETES_VERSION.rsplit(".", 1)[0]
    if version != served:
        raise VersionNotServed(
            f"cluster {key.name}: Kubernetes {version} has no local control plane, only {served} (from {KUBERNETES_VERSION});"
            f" use {served}, or build another in localcloud/toolchain/catalogue.py"
        )
    layout = Layout(instance, key)
    # After an interrupt nothing is begun, a second look for an error message included.
    cancellation.pause(0, key.name)
    with instance.locked(f"kubernetes-{key.slug}"):
        _prepare(layout, Settings(version, service_cidr))
        _start_processes(layout)
    return _endpoint(layout)


def stop(instance: Instance, key: ClusterKey) -> None:
    """Ends the cluster's processes and keeps its data. Idempotent."""
    layout = Layout(instance, key)
    with instance.locked(f"kubernetes-{key.slug}"):
        _stop_processes(layout)


def delete(instance: Instance, key: ClusterKey) -> None:
    """Ends the cluster's processes and removes everything it held; the last cluster takes the token webhook along. Idempotent."""
    layout = Layout(instance, key)
    with instance.locked(f"kubernetes-{key.slug}"):
        _stop_processes(layout)
        if layout.directory.exists():
            shutil.rmtree(layout.directory)
    with instance.locked(WEBHOOK_PROCESS):
        if not stored_keys(instance):
            processes.stop(instance, WEBHOOK_PROCESS)


def endpoint(instance: Instance, key: ClusterKey) -> Endpoint | None:
    """Where the cluster answers while it runs; None when it has no control plane here."""
    layout = Layout(instance, key)
    return None if layout.settings() is None else _endpoint(layout)


def known(instance: Instance) -> list[ClusterKey]:
    """The clusters that have a control plane in this instance, running or stopped."""
    return stored_keys(instance)


def admin_kubeconfig(instance: Instance, key: ClusterKey) -> Path:
    """The local cloud's own key to the cluster (system:masters), for its tests and summaries; never given to a program."""
    return Layout(instance, key).admin_kubeconfig


def _prepare(layout: Layout, settings: Settings) -> None:
    existing = layout.settings()
    if existing is not None and existing != settings:
        raise VersionNotServed(f"cluster {layout.key.name} was made with {existing} and cannot become {settings}: replace the cluster")
    layout.store(settings)
    certificates.ensure(layout.certificates, commands.service_address(settings.service_cidr))
    commands.write_configuration(layout)


def _start_processes(layout: Layout) -> None:
    instance = layout.instance
    settings = layout.settings()
    assert settings is not None  # _prepare has just stored them
    # Nothing of the caller's: etcd takes every ETCD_* variable for an option, and boto3 every AWS_* one.
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(instance.directory)}
    _start_webhook(layout, environment)
    etcd, api_server, controller_manager = layout.processes
    processes.start(instance, etcd, commands.etcd(layout), env=environment)
    processes.start(instance, api_server, commands.api_server(layout, settings), env=environment)
    _wait_until_ready(layout, api_server, f"{layout.url}/readyz", (etcd, api_server))
    api = Api.connect(yaml.safe_load(layout.admin_kubeconfig.read_text()))
    equipment.install(api)
    # It gives up when no API server answers within 10 s, so it comes last.
    processes.start(instance, controller_manager, commands.controller_manager(layout), env=environment)
    health = f"https://127.0.0.1:{layout.port('controller-manager')}/healthz"
    _wait_until_ready(layout, controller_manager, health, (controller_manager,))
    equipment.await_controllers(api)


def _start_webhook(layout: Layout, environment: dict[str, str]) -> None:
    instance = layout.instance
    own = {**environment, "LOCALCLOUD_DIR": str(instance.directory), "PYTHONPATH": str(CHECKOUT)}
    # Its cluster is stored by now: a deletion of another one that comes in between sees that the webhook is needed.
    with instance.locked(WEBHOOK_PROCESS):
        processes.start(instance, WEBHOOK_PROCESS, [sys.executable, "-m", "localcloud.kubernetes.webhook"], env=own)
    _wait_until_ready(layout, WEBHOOK_PROCESS, f"http://127.0.0.1:{instance.port('webhook')}/healthz", (WEBHOOK_PROCESS,))


def _stop_processes(layout: Layout) -> None:
    for name in reversed(layout.processes):
        processes.stop(layout.instance, name)


def _wait_until_ready(layout: Layout, name: str, url: str, needed: tuple[str, ...]) -> None:
    context = ssl.create_default_context(cafile=layout.certificate("ca.crt"))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    deadline, last = time.monotonic() + _READY_SECONDS, ""
    while True:
        for each in needed:
            if not processes.alive(layout.instance, each):
                log = processes.log_tail(layout.instance, each)
                raise ProcessFailed(f"{each} ended while it was being started. The end of its log:\n{log}")
        try:
            with opener.open(url, timeout=2):
                return
        except urllib.error.HTTPError as error:
            last = error.read().decode(errors="replace")
        except OSError as error:
            last = str(error)
        if time.monotonic() > deadline:
            log = processes.log_tail(layout.instance, name)
            raise ProcessFailed(f"{name} is not ready after {_READY_SECONDS:.0f} s: {last}\nThe end of its log:\n{log}")
        cancellation.pause(0.05, name)


def _endpoint(layout: Layout) -> Endpoint:
    authority = (layout.certificates / "ca.crt").read_bytes()
    return Endpoint(layout.url, base64.b64encode(authority).decode())
