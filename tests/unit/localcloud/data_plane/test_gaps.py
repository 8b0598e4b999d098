"""What `python -m localcloud gaps` says of the servers."""

from pathlib import Path

import pytest

from localcloud import toolchain
from localcloud.data_plane import gaps, servers
from localcloud.instance import Instance
from localcloud.toolchain import DataPlane


def test_the_versions_that_stand_in_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "versions").write_text("mariadb-server-core 1:10.11.19\nredis-server 5:7.0.15\n")
    monkeypatch.setattr(toolchain, "data_plane", lambda: DataPlane(tmp_path))
    assert gaps.text().startswith("Behind databases and caches, MariaDB 1:10.11.19 and redis 5:7.0.15:\n")


def test_without_servers_gaps_and_status_say_that_nothing_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(toolchain, "data_plane", lambda: None)
    assert gaps.text() == servers.MISSING
    assert servers.lines(Instance(tmp_path)) == [servers.MISSING]


def test_a_cloud_without_databases_and_caches_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(toolchain, "data_plane", lambda: DataPlane(tmp_path))
    assert servers.lines(Instance(tmp_path)) == ["none"]
