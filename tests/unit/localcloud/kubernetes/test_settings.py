"""The provider's configuration: honoured, or refused by name."""

import json
from typing import Any

import pytest

from localcloud.kubernetes.settings import cluster_of, settings
from localcloud.provider.interface import Refused
from localcloud.provider.values import UNKNOWN

KUBECONFIG: dict[str, Any] = {
    "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}, {"name": "d", "cluster": {"server": "https://127.0.0.1:2"}}],
    "contexts": [{"name": "c", "context": {"cluster": "c"}}, {"name": "d", "context": {"cluster": "d"}}],
    "current-context": "c",
}


def test_a_kubeconfig_is_json_or_yaml() -> None:
    assert settings({"kubeconfig": json.dumps(KUBECONFIG)}).kubeconfig == KUBECONFIG
    assert settings({"kubeconfig": "current-context: c"}).kubeconfig == {"current-context": "c"}


def test_an_unknown_kubeconfig_is_waited_for() -> None:
    assert settings({"kubeconfig": UNKNOWN}).kubeconfig is None


def test_what_is_honoured_is_read() -> None:
    found = settings({"kubeconfig": "a: b", "namespace": "serving", "enableConfigMapMutable": "true", "enableServerSideApply": "true"})
    assert (found.namespace, found.mutable_config_maps) == ("serving", True)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"kubeconfig": "~/.kube/config"},
        {"kubeconfig": "{"},
        {"kubeconfig": "a: b", "enableServerSideApply": "false"},
        {"kubeconfig": "a: b", "deleteUnreachable": "true"},
        {"kubeconfig": "a: b", "renderYamlToDirectory": "out"},
    ],
)
def test_what_is_not_honoured_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="Kubernetes provider"):
        settings(arguments)


def test_the_context_decides_on_the_cluster() -> None:
    assert cluster_of(KUBECONFIG, None) == {"server": "https://127.0.0.1:1"}
    assert cluster_of(KUBECONFIG, "d") == {"server": "https://127.0.0.1:2"}
