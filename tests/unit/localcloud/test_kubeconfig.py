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
    return roles


def _written(instance: Instance, account: str) -> dict[str, Any]:
    return yaml.safe_load(kubeconfig.path(instance, account).read_text())


def test_a_cluster_is_reached_as_its_administrating_role_of_its_own_account(tmp_path: Path, clusters: dict[ClusterKey, str | None]) -> None:
    clusters[_DEV] = "arn:aws:iam::111111111111:role/admin"
    assert kubeconfig.refresh(Instance(tmp_path), "111111111111") == ["main"]
    command = _written(Instance(tmp_path), "111111111111")["users"][0]["user"]["exec"]
    assert command["args"] == ["eks", "get-token", "--cluster-name", "main", "--role-arn", "arn:aws:iam::111111111111:role/admin"]
    assert {"name": "AWS_ACCESS_KEY_ID", "value": "111111111111"} in command["env"]


def test_clusters_of_other_accounts_are_out_of_reach(tmp_path: Path, clusters: dict[ClusterKey, str | None]) -> None:
    clusters.update({_DEV: "role-a", _PROD: "role-b", _OTHER: "role-c"})
    assert kubeconfig.refresh(Instance(tmp_path), "111111111111") == ["main"]
    assert kubeconfig.refresh(Instance(tmp_path), "333333333333") == ["main", "training"]


def test_clusters_of_one_name_get_contexts_that_tell_them_apart(tmp_path: Path, clusters: dict[ClusterKey, str | None]) -> None:
    clusters.update({_DEV: "role-a", ClusterKey("111111111111", "eu-central-1", "main"): "role-b"})
    assert kubeconfig.refresh(Instance(tmp_path), "111111111111") == ["111111111111-eu-west-1-main", "111111111111-eu-central-1-main"]


def test_a_cluster_without_an_administrator_has_no_context_yet(tmp_path: Path, clusters: dict[ClusterKey, str | None]) -> None:
    clusters[_DEV] = None
    assert kubeconfig.refresh(Instance(tmp_path), "111111111111") == []
    clusters[_DEV] = "role"
    assert kubeconfig.refresh(Instance(tmp_path), "111111111111") == ["main"]


def test_the_first_cluster_is_current_unless_the_user_chose_another(tmp_path: Path, clusters: dict[ClusterKey, str | None]) -> None:
    instance, account = Instance(tmp_path), "333333333333"
    clusters.update({_PROD: "role-a", _OTHER: "role-c"})
    kubeconfig.refresh(instance, account)
    assert _written(instance, account)["current-context"] == "main"
    file = kubeconfig.path(instance, account)
    file.write_text(file.read_text().replace("current-context: main", "current-context: training"))
    clusters[ClusterKey(account, "eu-west-1", "serving")] = "role-d"
    kubeconfig.refresh(instance, account)
    assert _written(instance, account)["current-context"] == "training"
