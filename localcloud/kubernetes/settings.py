"""The Kubernetes provider's own configuration, as the SDK sends it: every value that is no string is JSON in a string."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

import yaml

from localcloud.provider.interface import Refused
from localcloud.provider.values import UNKNOWN, Properties

# The first two belong to the engine. The last two silence warnings that this provider never gives.
_WITHOUT_EFFECT = ("version", "pluginDownloadURL", "suppressDeprecationWarnings", "suppressHelmHookWarnings")
_HONOURED = ("kubeconfig", "context", "namespace", "enableServerSideApply", "enableConfigMapMutable")


@dataclass(frozen=True)
class Settings:
    """`kubeconfig` is None while it is not known (a preview before the cluster exists)."""

    kubeconfig: dict[str, Any] | None
    context: str | None = None
    namespace: str = "default"
    mutable_config_maps: bool = False


def settings(arguments: Properties) -> Settings:
    """Reads the provider's configuration. Raises Refused for a key that is not honoured, and for what is no kubeconfig."""
    given = {name: value for name, value in arguments.items() if value is not None and name not in _WITHOUT_EFFECT}
    unknown = sorted(name for name in given if name not in _HONOURED and not name.startswith("__"))
    if unknown:
        raise Refused(f"Kubernetes provider: {', '.join(unknown)} not honoured by the local cloud (localcloud/kubernetes/settings.py)")
    if not _flag(given, "enableServerSideApply", default=True):
        raise Refused("Kubernetes provider: enableServerSideApply is false; the local cloud only knows server-side apply: remove it")
    return Settings(
        kubeconfig=_kubeconfig(given.get("kubeconfig")),
        context=given.get("context"),
        namespace=given.get("namespace") or "default",
        mutable_config_maps=_flag(given, "enableConfigMapMutable", default=False),
    )


def cluster_of(kubeconfig: dict[str, Any], context: str | None) -> Any:
    """The server and authority that a kubeconfig leads to: what tells one cluster from another."""
    name = context or kubeconfig.get("current-context")
    contexts = {each["name"]: each["context"] for each in kubeconfig.get("contexts") or []}
    clusters = {each["name"]: each["cluster"] for each in kubeconfig.get("clusters") or []}
    return clusters.get((contexts.get(name) or {}).get("cluster"))


def _kubeconfig(value: Any) -> dict[str, Any] | None:
    if value is UNKNOWN:
        return None
    if not isinstance(value, str) or not value:
        raise Refused("Kubernetes provider: no kubeconfig; pass its content (the local cloud takes nothing from the environment)")
    try:
        parsed = cast("object", yaml.safe_load(value))
    except yaml.YAMLError as error:
        raise Refused(f"Kubernetes provider: the kubeconfig is neither JSON nor YAML: {error}") from error
    if not isinstance(parsed, dict):
        raise Refused("Kubernetes provider: the kubeconfig is no mapping; pass its content, not the path of a file")
    return cast("dict[str, Any]", parsed)


def _flag(given: Properties, name: str, *, default: bool) -> bool:
    value = given.get(name, default)
    return bool(json.loads(value)) if isinstance(value, str) else bool(value)
