"""An instance's directory and ports."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from localcloud.instance import CHECKOUT, Instance


def test_a_port_is_the_same_at_every_call(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    assert instance.port("aws") == instance.port("aws") == Instance(tmp_path).port("aws")


def test_no_port_has_two_names_even_when_asked_for_at_once(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    names = [f"name-{number}" for number in range(40)]
    with ThreadPoolExecutor(16) as pool:
        ports = list(pool.map(instance.port, names))
    assert len(set(ports)) == len(names)
    assert json.loads((tmp_path / "ports.json").read_text()) == dict(zip(names, ports, strict=True))


def test_a_port_that_is_in_use_is_not_given(tmp_path: Path) -> None:
    first = Instance(tmp_path).port("aws")
    (tmp_path / "ports.json").unlink()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        assert Instance(tmp_path).port("aws") != first


def test_the_checkout_has_its_own_instance_and_the_environment_may_name_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LOCALCLOUD_DIR", raising=False)
    assert Instance.here().directory == CHECKOUT / ".localcloud"
    monkeypatch.setenv("LOCALCLOUD_DIR", str(tmp_path / "other"))
    assert Instance.here().directory == tmp_path / "other"


def test_others_cannot_look_into_an_instance(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "new")
    instance.path("state", "file")
    assert instance.directory.stat().st_mode & 0o077 == 0
