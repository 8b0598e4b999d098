"""A redis cluster behind a replication group: it speaks the protocol of Valkey, and it is not Valkey."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from localcloud import processes
from localcloud.data_plane import addresses, authority, redis_nodes, redis_users
from localcloud.data_plane.layout import Key, Layout
from localcloud.data_plane.redis_nodes import OWN_USER, Node
from localcloud.data_plane.redis_users import User
from localcloud.data_plane.resp import Connection, ErrorReply
from localcloud.instance import Instance, write_atomically
from localcloud.processes import ProcessFailed
from localcloud.provider import cancellation
from localcloud.toolchain import DataPlane

# It takes 2.5 s on an idle machine: a primary waits two seconds before it takes writes (CLUSTER_WRITABLE_DELAY of cluster.c).
_READY_SECONDS = 60.0
_STOP_SECONDS = 15.0


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
                    if not _is_whole(connection, self):
                        return False
        except (OSError, ErrorReply):
            return False
        return True

    def connect(self, node: Node) -> Connection:
        return Connection(self.address(node), self.settings.port, authority.context(self.layout.instance), OWN_USER, self.password)


def start(instance: Instance, key: Key, settings: Settings, programs: DataPlane, users: Sequence[User] | None = None) -> str:
    """Starts the nodes and returns the first one's address when the whole cluster is one. Idempotent; data survive a clean stop.

    `users` become its users; None keeps those that it has. Replicas are added and removed as `settings` say. Raises ProcessFailed (with
    the end of a log) when a node ends or is not ready in time, addresses.NoAddress, cancellation.Interrupted, Refused for users that
    redis can't have.
    """
    cluster = Cluster(Layout(instance, key), settings)
    cancellation.pause(0, key.name)
    with instance.locked(cluster.layout.lock):
        before, formed = Cluster.stored(instance, key), cluster.layout.directory / "formed"
        if before is not None and (before.settings.parameters != settings.parameters or not formed.exists()):
            _stop_processes(instance, key)
        # Stored first: whatever is made by a start that is cut short, stop and delete know of it.
        cluster.layout.store(asdict(settings))
        for node in cluster.nodes:
            _prepare(cluster, node, is_new=not formed.exists())
        environment = {"PATH": os.defpath, "HOME": str(cluster.layout.directory), **programs.environment}
        for node in cluster.nodes:
            argv = [str(programs.redis_server), str(cluster.directory(node) / "redis.conf")]
            processes.start(instance, node.name, argv, env=environment)
        for node in cluster.nodes:
            _await(cluster, node, lambda connection: True)
        _join(cluster)
        _remove_others(cluster)
        for node in cluster.nodes:
            _await(cluster, node, lambda connection: _is_whole(connection, cluster))
        formed.touch()
        if users is not None:
            _apply_users(cluster, users)
        return cluster.address(cluster.nodes[0])


def apply_users(cluster: Cluster, users: Sequence[User]) -> None:
    """Makes them the users of every node. Raises Refused for users that redis can't have, OSError when a node does not answer."""
    with cluster.layout.instance.locked(cluster.layout.lock):
        _apply_users(cluster, users)


def stop(instance: Instance, key: Key) -> None:
    """Ends the nodes; their data are saved. Idempotent."""
    with instance.locked(Layout(instance, key).lock):
        _stop_processes(instance, key)


def delete(instance: Instance, key: Key) -> None:
    """Ends the nodes and removes everything that they held. Idempotent."""
    layout = Layout(instance, key)
    with instance.locked(layout.lock):
        _stop_processes(instance, key)
        for directory in layout.directory.glob(f"{key.slug}-*"):
            addresses.release(instance, directory.name)
        if layout.directory.exists():
            shutil.rmtree(layout.directory)


def resume(instance: Instance, key: Key, programs: DataPlane) -> None:
    """Starts the nodes again as they were asked for last."""
    cluster = Cluster.stored(instance, key)
    if cluster is not None:
        start(instance, key, cluster.settings, programs)


def _stop_processes(instance: Instance, key: Key) -> None:
    cluster = Cluster.stored(instance, key)
    # Replicas first: a primary that ends waits for those that lag behind it.
    for node in sorted(cluster.nodes if cluster else [], key=lambda each: each.index, reverse=True):
        processes.stop(instance, node.name, _STOP_SECONDS)


def _prepare(cluster: Cluster, node: Node, *, is_new: bool) -> None:
    directory, settings, address = cluster.directory(node), cluster.settings, cluster.address(node)
    directory.mkdir(mode=0o700, exist_ok=True)
    authority.issue_once(cluster.layout.instance, directory, address)
    trusted = authority.file(cluster.layout.instance)
    text = redis_nodes.configuration(directory, trusted, address, settings.port, cluster.password, settings.parameters)
    write_atomically(directory / "redis.conf", text)
    if not (directory / "users.acl").exists():
        write_atomically(directory / "users.acl", redis_users.first_file(cluster.password))
    # Nodes of a new cluster are told of each other; one that joins later has to meet them.
    if is_new:
        everybody = [(each, cluster.address(each)) for each in cluster.nodes]
        write_atomically(directory / "nodes.conf", redis_nodes.first_view(node, everybody, settings.shards, settings.port))
    elif not (directory / "nodes.conf").exists():
        write_atomically(directory / "nodes.conf", redis_nodes.alone(node, address, settings.port))


def _apply_users(cluster: Cluster, users: Sequence[User]) -> None:
    for node in cluster.nodes:
        with cluster.connect(node) as connection:
            redis_users.apply(connection, users)


def _await(cluster: Cluster, node: Node, condition: Callable[[Connection], bool]) -> None:
    """Returns when the node answers and is as `condition` wants it."""
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


def _is_whole(connection: Connection, cluster: Cluster) -> bool:
    """Whether the node sees all slots served, knows everybody with the part that they have, and follows its primary if it is a replica."""
    if "master_link_status:down" in str(connection.call("INFO", "replication")):
        return False
    roles = [line.split()[2] for line in str(connection.call("CLUSTER", "NODES")).splitlines()]
    replicas = [role for role in roles if "slave" in role]
    is_complete = len(roles) == len(cluster.nodes) and len(replicas) == cluster.settings.shards * cluster.settings.replicas
    return is_complete and "cluster_state:ok" in str(connection.call("CLUSTER", "INFO"))


def _join(cluster: Cluster) -> None:
    """Makes replicas of the nodes that belong to no primary yet."""
    primaries: dict[int, Node] = {}
    lonely: list[Node] = []
    for node in cluster.nodes:
        with cluster.connect(node) as connection:
            flags, has_slots = _own_line(connection)
        if "master" in flags and has_slots:
            primaries[node.shard] = node
        elif "master" in flags:
            lonely.append(node)
    for node in lonely:
        primary = primaries[node.shard]
        with cluster.connect(node) as connection:
            connection.call("CLUSTER", "MEET", cluster.address(primary), cluster.settings.port, redis_nodes.bus(cluster.settings.port))
        _await(cluster, node, partial(_knows, primary))
        with cluster.connect(node) as connection:
            connection.call("CLUSTER", "REPLICATE", primary.id)


def _remove_others(cluster: Cluster) -> None:
    """Ends and forgets the nodes that are there and not wanted; a primary hands over first."""
    layout, wanted = cluster.layout, {node.name for node in cluster.nodes}
    for directory in sorted(layout.directory.glob(f"{layout.key.slug}-*")):
        if directory.name in wanted:
            continue
        shard, index = directory.name.rsplit("-", 2)[1:]
        unwanted = Node(layout.key, int(shard), int(index))
        if processes.alive(layout.instance, unwanted.name):
            _hand_over(cluster, unwanted)
            processes.stop(layout.instance, unwanted.name, _STOP_SECONDS)
        for node in cluster.nodes:
            with cluster.connect(node) as connection, suppress(ErrorReply):
                connection.call("CLUSTER", "FORGET", unwanted.id)
        addresses.release(layout.instance, unwanted.name)
        shutil.rmtree(directory)


def _hand_over(cluster: Cluster, unwanted: Node) -> None:
    with cluster.connect(unwanted) as connection:
        if "master" not in _own_line(connection)[0]:
            return
    with cluster.connect(Node(unwanted.key, unwanted.shard, 1)) as successor:
        successor.call("CLUSTER", "FAILOVER")
    _await(cluster, unwanted, lambda connection: "master" not in _own_line(connection)[0])


def _own_line(connection: Connection) -> tuple[str, bool]:
    """A node's own flags, and whether it has slots."""
    lines = [line.split() for line in str(connection.call("CLUSTER", "NODES")).splitlines()]
    own = next(line for line in lines if "myself" in line[2])
    return own[2], len(own) > 8


def _knows(other: Node, connection: Connection) -> bool:
    return any(line.startswith(other.id) and "handshake" not in line for line in str(connection.call("CLUSTER", "NODES")).splitlines())
