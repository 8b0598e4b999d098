"""Nodes that join a redis cluster, and nodes that leave it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import partial

from localcloud import processes
from localcloud.data_plane import addresses, redis_nodes
from localcloud.data_plane.redis_nodes import Node
from localcloud.data_plane.redis_view import Cluster, await_node
from localcloud.data_plane.resp import Connection, ErrorReply

_STOP_SECONDS = 15.0


def join(cluster: Cluster) -> None:
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
            # Each in person: what they forgot a minute ago they don't believe each other (CLUSTER FORGET).
            for other in primaries.values():
                connection.call("CLUSTER", "MEET", cluster.address(other), cluster.settings.port, redis_nodes.bus(cluster.settings.port))
        await_node(cluster, node, partial(_knows, primary))
        with cluster.connect(node) as connection:
            connection.call("CLUSTER", "REPLICATE", primary.id)


def remove_others(cluster: Cluster) -> None:
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
    await_node(cluster, unwanted, lambda connection: "master" not in _own_line(connection)[0])


def _own_line(connection: Connection) -> tuple[str, bool]:
    """A node's own flags, and whether it has slots."""
    lines = [line.split() for line in str(connection.call("CLUSTER", "NODES")).splitlines()]
    own = next(line for line in lines if "myself" in line[2])
    return own[2], len(own) > 8


def _knows(other: Node, connection: Connection) -> bool:
    return any(line.startswith(other.id) and "handshake" not in line for line in str(connection.call("CLUSTER", "NODES")).splitlines())
