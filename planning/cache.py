"""What ElastiCache for Valkey is set to, and why."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

Eviction: TypeAlias = Literal["noeviction", "volatile-lru", "allkeys-lru"]
Role: TypeAlias = Literal["writer", "reader"]
ROLES: Sequence[Role] = ("writer", "reader")

MOST_NODES = 90
"""Of one replication group, its shards' primaries and replicas together; AWS raises it to 500 when asked:
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html, read November 2026."""

MOST_REPLICAS = 5
"""Of one shard."""

MOST_USERS = 100
"""Of one user group: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html, read November 2026."""

# What Feast 0.67.0 was seen to send, and to work with, to a cluster; EXPIRE only where it is given a time to live.
_READS = "+cluster|slots +command +hmget"
_WRITES = f"{_READS} +hset +expire"

NOBODY = "off resetchannels -@all"
"""The ACL of the user `default`, as which clients come that name no user."""


def access(role: Role, project: str) -> str:
    """The ACL of a user of a project, by the project's name in Feast: the keys that end with it, and the commands that Feast sends.

    In the order in which Valkey's own ACL LIST has it, so that what AWS returns is not taken for a change."""
    return f"on %R~*{project} resetchannels -@all {_READS}" if role == "reader" else f"on ~*{project} resetchannels -@all {_WRITES}"


def reserved_memory_percent(node_type: str) -> int:
    """How much of a node's memory is left for replication and snapshots:
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html, read November 2026."""
    return {"micro": 50, "small": 30}.get(node_type.rpartition(".")[2], 25)


def parameters(node_type: str, eviction: Eviction) -> Mapping[str, str]:
    """Those that differ from what AWS's own parameter groups say, or must not depend on it."""
    return {
        "cluster-enabled": "yes",
        "maxmemory-policy": eviction,
        "reserved-memory-percent": str(reserved_memory_percent(node_type)),
    }
