"""The loopback addresses of servers."""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from localcloud.data_plane import addresses
from localcloud.instance import Instance


def test_an_address_is_the_same_until_it_is_released(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    first = addresses.claim(instance, "one", [3306])
    assert addresses.claim(Instance(tmp_path), "one", [3306]) == first
    addresses.release(instance, "one")
    addresses.release(instance, "one")
    assert addresses.claim(instance, "two", [3306]) == first


def test_no_address_has_two_names_even_when_asked_for_at_once(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    with ThreadPoolExecutor(16) as pool:
        claimed = list(pool.map(lambda number: addresses.claim(instance, f"name-{number}", [6379]), range(40)))
    assert len(set(claimed)) == len(claimed)


def test_an_address_with_a_port_in_use_is_not_given(tmp_path: Path) -> None:
    free = addresses.claim(Instance(tmp_path), "one", [3306, 13306])
    (tmp_path / "addresses.json").unlink()
    with socket.socket() as taken:
        taken.bind((free, 13306))
        assert addresses.claim(Instance(tmp_path), "one", [3306, 13306]) != free


def test_instances_have_blocks_of_their_own_away_from_where_a_machines_services_are(tmp_path: Path) -> None:
    claimed = [addresses.claim(Instance(tmp_path / str(number)), "one", [3306]) for number in range(20)]
    assert len({address.rsplit(".", 1)[0] for address in claimed}) == len(claimed)
    assert all(16 <= int(address.split(".")[1]) < 240 for address in claimed)


def test_a_block_without_a_free_address_is_refused_with_what_to_look_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(addresses, "_HOSTS", range(1, 2))
    addresses.claim(Instance(tmp_path), "one", [3306])
    with pytest.raises(addresses.NoAddress, match=r"No address of 127\.\d+\.\d+\.0/24 is free for ports \[3306\]; `ss -ltn` shows"):
        addresses.claim(Instance(tmp_path), "two", [3306])
