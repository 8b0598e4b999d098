"""A redis cluster behind a replication group: it speaks the protocol of Valkey, and it is not Valkey."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict

from localcloud import processes
from localcloud.data_plane import addresses, authority, redis_members, redis_nodes, redis_users
from localcloud.data_plane.layout import Key, Layout
from localcloud.data_plane.redis_nodes import Node
from localcloud.data_plane.redis_users import User
from localcloud.data_plane.redis_view import Cluster, Settings, await_node, is_whole
from localcloud.instance import Instance, write_atomically
from localcloud.provider import cancellation
from localcloud.toolchain import DataPlane

_STOP_SECONDS = 15.0


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
            await_node(cluster, node, lambda connection: True)
        redis_members.join(cluster)
        redis_members.remove_others(cluster)
        for node in cluster.nodes:
            await_node(cluster, node, lambda connection: is_whole(connection, cluster))
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
    # By their directories, not by the settings: a change that was cut short may have left a node that is not wanted any more. Replicas
    # first: a primary that ends waits for those that lag behind it.
    names = [directory.name for directory in Layout(instance, key).directory.glob(f"{key.slug}-*")]
    for name in sorted(names, key=lambda each: each.rpartition("-")[2], reverse=True):
        processes.stop(instance, name, _STOP_SECONDS)


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
