"""A redis cluster that is there: its files, how its nodes are reached, and what they say of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from localcloud import processes
from localcloud.data_plane import addresses, authority, redis_nodes
from localcloud.data_plane.layout import Key, Layout
from localcloud.data_plane.redis_nodes import OWN_USER, Node
from localcloud.data_plane.resp import Connection, ErrorReply
from localcloud.instance import Instance, write_atomically
from localcloud.processes import ProcessFailed
from localcloud.provider import cancellation

# It takes 2.5 s on an idle machine: a primary waits two seconds before it takes writes (CLUSTER_WRITABLE_DELAY of cluster.c).
_READY_SECONDS = 60.0


@dataclass(frozen=True)
class Settings:
    """What of a replication group its nodes are made from; `user_groups` names those whose users it has."""

    port: int
    shards: int
    replicas: int
    user_groups: list[str] = field(default_factory=list["str"])
    parameters: dict[str, str] = field(default_factory=dict["str", "str"])


@dataclass(frozen=True)
class Cluster:
    """A cluster that is there: its files, and how its nodes are reached."""

    layout: Layout
    settings: Settings

    @classmethod
    def stored(cls, instance: Instance, key: Key) -> Cluster | None:
        """None when there is none here."""
        layout = Layout(instance, key)
        stored = layout.stored()
        return None if stored is None else cls(layout, Settings(**stored))

    @property
    def nodes(self) -> list[Node]:
        return redis_nodes.nodes(self.layout.key, self.settings.shards, self.settings.replicas)

    def directory(self, node: Node) -> Path:
        return self.layout.directory / node.name

    def address(self, node: Node) -> str:
        ports = [self.settings.port, redis_nodes.bus(self.settings.port)]
        return addresses.claim(self.layout.instance, node.name, ports)

    @property
    def password(self) -> str:
        """Of the local cloud's own user."""
        path = self.layout.directory / "password"
        if not path.exists():
            write_atomically(path, secrets.token_hex(24))
        return path.read_text()

    def answers(self) -> bool:
        """Whether every node takes part in a whole cluster."""
        try:
            for node in self.nodes:
                with self.connect(node) as connection:
                    if not is_whole(connection, self):
                        return False
        except (OSError, ErrorReply):
            return False
        return True

    def connect(self, node: Node) -> Connection:
        return Connection(self.address(node), self.settings.port, authority.context(self.layout.instance), OWN_USER, self.password)


def await_node(cluster: Cluster, node: Node, condition: Callable[[Connection], bool]) -> None:
    """Returns when the node answers and is as `condition` wants it.

    Raises ProcessFailed (with the end of its log) when it ends or is not in time, cancellation.Interrupted.
    """
    instance, deadline, last = cluster.layout.instance, time.monotonic() + _READY_SECONDS, "its cluster is not whole"
    while True:
        try:
            with cluster.connect(node) as connection:
                if condition(connection):
                    return
        except (OSError, ErrorReply) as problem:
            last = str(problem)
        log = processes.log_tail(instance, node.name)
        if not processes.alive(instance, node.name):
            raise ProcessFailed(f"{node.name} ended while it was being started. The end of its log:\n{log}")
        if time.monotonic() > deadline:
            raise ProcessFailed(f"{node.name} is not ready after {_READY_SECONDS:.0f} s: {last}\nThe end of its log:\n{log}")
        cancellation.pause(0.05, node.name)


def is_whole(connection: Connection, cluster: Cluster) -> bool:
    """Whether the node sees all slots served, knows everybody with the part that they have, and follows its primary if it is a replica."""
    if "master_link_status:down" in str(connection.call("INFO", "replication")):
        return False
    roles = [line.split()[2] for line in str(connection.call("CLUSTER", "NODES")).splitlines()]
    replicas = [role for role in roles if "slave" in role]
    is_complete = len(roles) == len(cluster.nodes) and len(replicas) == cluster.settings.shards * cluster.settings.replicas
    return is_complete and "cluster_state:ok" in str(connection.call("CLUSTER", "INFO"))
