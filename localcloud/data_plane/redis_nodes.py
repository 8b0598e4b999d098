"""The nodes of a redis cluster: their names, their configuration, and what the cluster looks like when it is first started."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from localcloud.data_plane.layout import Key

_SLOTS = 16384
# https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/: the cluster bus, unless it is configured.
_BUS_OFFSET = 10000

# How the local cloud itself logs in, and how nodes do at each other.
OWN_USER = "localcloud"

# Parameters that mean the same to redis 7.0 as to Valkey. What a parameter group sets beside them is not heeded, and listed as a gap.
HEEDED = frozenset(
    {
        *("maxmemory-policy", "maxmemory-samples", "lfu-decay-time", "lfu-log-factor"),
        *("timeout", "tcp-keepalive", "notify-keyspace-events", "slowlog-log-slower-than", "slowlog-max-len"),
    }
)


@dataclass(frozen=True)
class Node:
    """One process. `shard` and `index` count from 1; the first of a shard begins as its primary."""

    key: Key
    shard: int
    index: int

    @property
    def name(self) -> str:
        """As ElastiCache names it in cluster mode, such as NAME-0001-002."""
        return f"{self.key.slug}-{self.shard:04d}-{self.index:03d}"

    @property
    def id(self) -> str:
        """40 hexadecimal digits; known before it is started, so that all nodes can be told of all."""
        return hashlib.sha1(self.name.encode(), usedforsecurity=False).hexdigest()


def nodes(key: Key, shards: int, replicas: int) -> list[Node]:
    """All of a cluster, shard by shard."""
    return [Node(key, shard, index) for shard in range(1, shards + 1) for index in range(1, replicas + 2)]


def bus(port: int) -> int:
    """The port at which the nodes talk to each other."""
    return port + _BUS_OFFSET


def slots(shard: int, shards: int) -> tuple[int, int]:
    """The first and the last slot of a shard: even shares, as ElastiCache assigns them."""
    return (shard - 1) * _SLOTS // shards, shard * _SLOTS // shards - 1


def first_view(own: Node, cluster: Sequence[tuple[Node, str]], shards: int, port: int) -> str:
    """nodes.conf of `own`, as if it had met all of `cluster` (nodes with their addresses) and been given its slots, or its primary."""
    lines = [_line(node, address, "myself," if node == own else "", shards, port) for node, address in cluster]
    return "\n".join([*lines, f"vars currentEpoch {shards} lastVoteEpoch 0", ""])


def _line(node: Node, address: str, flags: str, shards: int, port: int) -> str:
    where = f"{node.id} {address}:{port}@{bus(port)}"
    if node.index > 1:
        return f"{where} {flags}slave {Node(node.key, node.shard, 1).id} 0 0 {node.shard} connected"
    first, last = slots(node.shard, shards)
    # Each primary has an epoch of its own, or they would have to agree on them first.
    return f"{where} {flags}master - 0 0 {node.shard} connected {first}-{last}"


def alone(own: Node, address: str, port: int) -> str:
    """nodes.conf of a node that has met nobody."""
    where = f"{own.id} {address}:{port}@{bus(port)}"
    return f"{where} myself,master - 0 0 0 connected\nvars currentEpoch 0 lastVoteEpoch 0\n"


def configuration(directory: Path, authority: Path, address: str, port: int, password: str, parameters: dict[str, str]) -> str:
    """redis.conf: TLS only, on the address only; a clean stop saves the data, and nothing else does."""
    options = [
        ("dir", directory),
        ("bind", address),
        ("port", 0),
        ("tls-port", port),
        ("tls-ca-cert-file", authority),
        ("tls-cert-file", directory / "server.crt"),
        ("tls-key-file", directory / "server.key"),
        # Clients show a password, not a certificate.
        ("tls-auth-clients", "no"),
        ("tls-replication", "yes"),
        ("tls-cluster", "yes"),
        ("cluster-enabled", "yes"),
        ("cluster-config-file", "nodes.conf"),
        ("cluster-announce-ip", address),
        ("cluster-preferred-endpoint-type", "ip"),
        # Half a machine's hiccup must not be taken for a node's end.
        ("cluster-node-timeout", 5000),
        ("aclfile", directory / "users.acl"),
        ("masteruser", OWN_USER),
        ("masterauth", password),
        ("repl-diskless-sync-delay", 0),
        ("save", '""'),
        ("appendonly", "no"),
        ("shutdown-on-sigterm", "save"),
        ("maxmemory", "64mb"),
        # ElastiCache's own default, which redis has not: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
        ("maxmemory-policy", "volatile-lru"),
        *((name, _word(value)) for name, value in heeded(parameters).items()),
    ]
    return "".join(f"{name} {_word(str(value)) if isinstance(value, Path) else value}\n" for name, value in options)


def heeded(parameters: dict[str, str]) -> dict[str, str]:
    """Those of a parameter group that redis is started with."""
    return {name: value for name, value in sorted(parameters.items()) if name in HEEDED}


def _word(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
