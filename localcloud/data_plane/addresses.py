"""Loopback addresses: each server has one of its own, so that all of them can have the ports that AWS's have."""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import Iterable
from pathlib import Path

from localcloud.instance import Instance, write_atomically

_FILE = "addresses.json"
# 127.0.0.0/8 but for its first and last sixteenth, where a machine's own services are (systemd-resolved has 127.0.0.53).
_BLOCKS = range(16 * 256, 240 * 256)
_HOSTS = range(1, 255)


class NoAddress(RuntimeError):
    """No loopback address is free for a server's ports."""


def claim(instance: Instance, name: str, ports: Iterable[int]) -> str:
    """The address of `name`: chosen free at the first call, the same until it is released, never given to another name.

    Addresses are stored in Pulumi state, so one must survive restarts.
    """
    with instance.locked("addresses"):
        claimed = _read(instance)
        if name not in claimed:
            claimed[name] = _free(instance.directory, set(claimed.values()), [*ports])
            write_atomically(instance.path(_FILE), json.dumps(claimed, indent=2, sort_keys=True))
        return claimed[name]


def release(instance: Instance, name: str) -> None:
    """Lets another have the address. Idempotent."""
    with instance.locked("addresses"):
        claimed = _read(instance)
        if claimed.pop(name, None) is not None:
            write_atomically(instance.path(_FILE), json.dumps(claimed, indent=2, sort_keys=True))


def _read(instance: Instance) -> dict[str, str]:
    path = instance.path(_FILE)
    return json.loads(path.read_text()) if path.exists() else {}


def _free(directory: Path, taken: set[str], ports: list[int]) -> str:
    # Instances have blocks of their own: what another one holds while it is stopped can't be seen by binding.
    block = _BLOCKS[zlib.crc32(str(directory).encode()) % len(_BLOCKS)]
    for host in _HOSTS:
        address = f"127.{block // 256}.{block % 256}.{host}"
        if address not in taken and all(_can_bind(address, port) for port in ports):
            return address
    block_text = f"127.{block // 256}.{block % 256}.0/24"
    raise NoAddress(f"No address of {block_text} is free for ports {ports}; `ss -ltn` shows what holds them.")


def _can_bind(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # A port of a connection that has just ended counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
