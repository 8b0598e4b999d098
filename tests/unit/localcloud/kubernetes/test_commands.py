"""How a control plane is started: on loopback only, side by side with others, and never in a version that is not there."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from localcloud.instance import Instance
from localcloud.kubernetes import commands, control_plane
from localcloud.kubernetes.layout import ClusterKey, Layout, Settings

SETTINGS = Settings("1.36", "10.100.0.0/16")


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    def fake(name: str) -> Path:
        return Path("/bin") / name

    monkeypatch.setattr(commands, "binary", fake)
    return Layout(Instance(tmp_path), ClusterKey("111111111111", "eu-west-1", "dev"))


ALL: list[Callable[[Layout], list[str]]] = [
    commands.etcd,
    lambda layout: commands.api_server(layout, SETTINGS),
    commands.controller_manager,
]


@pytest.mark.parametrize("command", ALL)
def test_every_address_is_loopback(layout: Layout, command: Callable[[Layout], list[str]]) -> None:
    flags = [flag for flag in command(layout) if re.search(r"bind-address|listen-|advertise-|-servers", flag)]
    assert flags
    assert all("127.0.0.1" in flag for flag in flags)


def test_two_clusters_share_no_port(layout: Layout) -> None:
    other = Layout(layout.instance, ClusterKey("111111111111", "eu-west-1", "other"))
    ports = [each.port(purpose) for each in (layout, other) for purpose in ("api", "controller-manager", "etcd", "etcd-peer")]
    assert len(set(ports)) == 8


def test_nobody_is_anonymous_but_for_health(layout: Layout) -> None:
    layout.store(SETTINGS)
    commands.write_configuration(layout)
    text = (layout.directory / "authentication.json").read_text()
    assert re.findall(r'"path": "([^"]+)"', text) == ["/healthz", "/livez", "/readyz"]


def test_the_service_address_is_the_first_of_its_range() -> None:
    assert commands.service_address("172.20.0.0/16") == "172.20.0.1"


def test_a_version_without_binaries_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(control_plane.VersionNotServed, match=r"1\.35 has no local control plane, only 1\.36"):
        control_plane.start(Instance(tmp_path), ClusterKey("111111111111", "eu-west-1", "dev"), "1.35")


@pytest.mark.parametrize("key", [("1", "eu-west-1", "dev"), ("111111111111", "../x", "dev"), ("111111111111", "eu-west-1", "dev/../x")])
def test_a_cluster_is_never_outside_its_directory(key: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="is not of the form"):
        ClusterKey(*key)


def test_a_cluster_that_was_never_started_has_no_endpoint(tmp_path: Path) -> None:
    instance, key = Instance(tmp_path), ClusterKey("111111111111", "eu-west-1", "dev")
    assert control_plane.endpoint(instance, key) is None
    assert control_plane.known(instance) == []
    control_plane.delete(instance, key)
