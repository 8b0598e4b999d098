"""The contexts that kubectl gets."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from localcloud import kubeconfig, toolchain
from localcloud.instance import Instance
from localcloud.kubernetes import control_plane
from localcloud.kubernetes.control_plane import ClusterKey, Endpoint

_DEV = ClusterKey("111111111111", "eu-west-1", "main")
_PROD = ClusterKey("333333333333", "eu-west-1", "main")
_OTHER = ClusterKey("333333333333", "eu-west-1", "training")


@pytest.fixture
def clusters(monkeypatch: pytest.MonkeyPatch) -> dict[ClusterKey, str | None]:
    """Cluster → administrating role, in place of real control planes and a real AWS."""
    roles: dict[ClusterKey, str | None] = {}
    monkeypatch.setattr(control_plane, "known", lambda instance: list(roles))  # pyright: ignore[reportUnknownLambdaType]
    monkeypatch.setattr(control_plane, "endpoint", lambda instance, key: Endpoint(f"https://{key.slug}", "Y2E="))  # pyright: ignore[reportUnknownLambdaType]
    monkeypatch.setattr(kubeconfig, "_admin_role", lambda instance, key: roles[key])  # pyright: ignore[reportUnknownLambdaType]
    monkeypatch.setattr(toolchain, "binary", lambda name: Path("/tools") / name)  # pyright: ignore[reportUnknownLambdaType]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "333333333333")
    return roles


def _written(instance: Instance) -> dict[str, Any]:
    return yaml.safe_load(instance.path("kubeconfig").read_text())


def test_a_cluster_is_reached_as_its_administrating_role_of_its_own_account(tmp_path: Path, clusters: dict[ClusterKey, str | None]) -> None:
    clusters[_DEV] = "arn:aws:iam::111111111111:role/admin"
    assert kubeconfig.refresh(Instance(tmp_path)) == ["main"]
    command = _written(Instance(tmp_path))["users"][0]["user"]["exec"]
    assert command["args"] == ["eks", "get-token", "--cluster-name", "main", "--role-arn", "arn:aws:iam::111111111111:role/admin"]
    assert {"name": "AWS_ACCESS_KEY_ID", "value": "111111111111"} in command["env"]


def test_clusters_of_one_name_get_contexts_that_tell_them_apart(tmp_path: Path, clusters: dict[ClusterKey, str | None]) -> None:
    clusters.update({_DEV: "role-a", _PROD: "role-b", _OTHER: "role-c"})
    assert kubeconfig.refresh(Instance(tmp_path)) == ["111111111111-eu-west-1-main", "333333333333-eu-west-1-main", "training"]


def test_a_cluster_without_an_administrator_has_no_context_yet(tmp_path: Path, clusters: dict[ClusterKey, str | None]) -> None:
    clusters[_DEV] = None
    assert kubeconfig.refresh(Instance(tmp_path)) == []
    clusters[_DEV] = "role"
    assert kubeconfig.refresh(Instance(tmp_path)) == ["main"]


def test_the_current_context_is_the_caller_s_unless_the_user_chose(tmp_path: Path, clusters: dict[ClusterKey, str | None]) -> None:
    instance = Instance(tmp_path)
    clusters.update({_DEV: "role-a", _OTHER: "role-c"})
    kubeconfig.refresh(instance)
    assert _written(instance)["current-context"] == "training"
    chosen = instance.path("kubeconfig").read_text().replace("current-context: training", "current-context: main")
    instance.path("kubeconfig").write_text(chosen)
    clusters[ClusterKey("333333333333", "eu-west-1", "serving")] = "role-d"
    kubeconfig.refresh(instance)
    assert _written(instance)["current-context"] == "main"
