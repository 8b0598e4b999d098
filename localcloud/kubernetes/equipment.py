"""What a new cluster holds before anybody uses it: EKS Auto Mode's CRDs, the access policies' meaning, and no workloads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import yaml

from localcloud.kubernetes.api import Api, ApiError, Kind
from localcloud.provider import cancellation
from localcloud.toolchain import karpenter_crd_directory

_HERE = Path(__file__).resolve().parent
_MANAGER = "localcloud"
_DEADLINE_SECONDS = 30.0

_OF_AUTO_MODE = (("karpenter.sh/v1", "NodePool"), ("eks.amazonaws.com/v1", "NodeClass"), ("eks.amazonaws.com/v1", "IngressClassParams"))

_PROBE = {
    "apiVersion": "v1",
    "kind": "ReplicationController",
    "metadata": {"name": "localcloud-probe", "namespace": "default"},
    "spec": {
        "selector": {"app": "probe"},
        "template": {"metadata": {"labels": {"app": "probe"}}, "spec": {"containers": [{"name": "probe", "image": "probe"}]}},
    },
}


def install(api: Api) -> None:
    """Brings a ready API server to what EKS hands over. Idempotent. Raises TimeoutError when it does not take effect,
    cancellation.Interrupted."""
    for body in _manifests():
        kind = api.kind(body["apiVersion"], body["kind"])
        if kind is None:
            raise RuntimeError(f"the API server does not serve {body['apiVersion']} {body['kind']}")
        api.apply(kind, body, _MANAGER, force=True)
        cancellation.pause(0, "the cluster's equipment")
    for api_version, name in _OF_AUTO_MODE:
        _wait(lambda version=api_version, name=name: api.kind(version, name) is not None, f"the API server serves {api_version} {name}")
    # An admission policy counts only once the server has noticed it: proven by asking for what it must refuse.
    _wait(lambda: _refuses_workloads(api), "the API server refuses workloads")


def await_controllers(api: Api) -> None:
    """Returns once the controllers have given the default namespace its service account. Raises TimeoutError,
    cancellation.Interrupted."""
    kind = Kind("v1", "ServiceAccount", "serviceaccounts", namespaced=True)
    _wait(lambda: api.get(kind, "default", "default") is not None, "the controllers have made the default service account")


def _manifests() -> Iterator[dict[str, Any]]:
    files = [karpenter_crd_directory() / "karpenter.sh_nodepools.yaml", *sorted((_HERE / "crds").glob("*.yaml"))]
    for file in [*files, *sorted((_HERE / "manifests").glob("*.yaml"))]:
        for body in yaml.safe_load_all(file.read_text()):
            yield cast("dict[str, Any]", body)


def _refuses_workloads(api: Api) -> bool:
    kind = Kind("v1", "ReplicationController", "replicationcontrollers", namespaced=True)
    try:
        api.apply(kind, _PROBE, _MANAGER, dry_run=True)
    except ApiError as error:
        return "localcloud-no-nodes" in error.message
    return False


def _wait(condition: Callable[[], bool], promise: str) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {_DEADLINE_SECONDS:.0f} s it is still not so that {promise}")
        cancellation.pause(0.05, promise)
