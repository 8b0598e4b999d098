"""All servers of a local cloud together."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from localcloud import toolchain
from localcloud.data_plane import addresses, mariadb, redis_cluster, redis_view
from localcloud.data_plane.layout import Key, stored_keys
from localcloud.instance import Instance
from localcloud.toolchain import DataPlane

MISSING = (
    "MariaDB and redis are not in the tool cache, so nothing answers behind databases and caches:"
    " `make tools` fetches them, or says why not; `pulumi refresh` starts them then"
)


@dataclass(frozen=True)
class Server:
    """A database or a cache, where it is reached, and whether it answers there just now."""

    key: Key
    endpoint: str
    answers: bool

    def __str__(self) -> str:
        what = "MariaDB for DB instance" if self.key.kind == "mysql" else "a redis cluster for replication group"
        return f"{self.endpoint} {'answers' if self.answers else 'DOES NOT ANSWER'}: {what} {self.key.name} of account {self.key.account}"


def start(instance: Instance) -> None:
    """Starts those that there are, as they were asked for last. Idempotent.

    Without the programs nothing is started. Raises processes.ProcessFailed and whatever else a server's own start does.
    """
    programs = toolchain.data_plane()
    if programs is not None:
        _together(stored_keys(instance), lambda key: _resume(instance, key, programs))


def stop(instance: Instance) -> None:
    """Ends all and keeps what they hold. Idempotent."""
    _together(stored_keys(instance), lambda key: _stop(instance, key))


def discard(instance: Instance) -> None:
    """Ends all and forgets everything that they held, the certificate authority too."""
    _together(stored_keys(instance), lambda key: delete(instance, key))
    shutil.rmtree(instance.path("data-plane"), ignore_errors=True)


def found(instance: Instance) -> list[Server]:
    """Every server that there is, running or not."""
    return [_server(instance, key) for key in stored_keys(instance)]


def lines(instance: Instance) -> list[str]:
    """Every server, for people; and that there can be none, where that is so."""
    missing = [MISSING] if toolchain.data_plane() is None else []
    return [*(str(each) for each in found(instance)), *missing] or ["none"]


def _server(instance: Instance, key: Key) -> Server:
    if key.kind == "mysql":
        settings = mariadb.stored(instance, key)
        assert settings is not None  # its key has just been read
        address = addresses.claim(instance, key.slug, [settings.port])
        return Server(key, f"{address}:{settings.port}", mariadb.greets(address, settings.port))
    cluster = redis_view.Cluster.stored(instance, key)
    assert cluster is not None  # the same
    return Server(key, f"{cluster.address(cluster.nodes[0])}:{cluster.settings.port}", cluster.answers())


def _resume(instance: Instance, key: Key, programs: DataPlane) -> None:
    (mariadb.resume if key.kind == "mysql" else redis_cluster.resume)(instance, key, programs)


def _stop(instance: Instance, key: Key) -> None:
    (mariadb.stop if key.kind == "mysql" else redis_cluster.stop)(instance, key)


def delete(instance: Instance, key: Key) -> None:
    """Ends one and removes everything that it held. Idempotent."""
    if key.kind == "mysql":
        mariadb.delete(instance, key)
    else:
        redis_cluster.delete(instance, key)


def _together(keys: list[Key], act: Callable[[Key], None]) -> None:
    if keys:
        with ThreadPoolExecutor(max_workers=len(keys)) as pool:
            list(pool.map(act, keys))
