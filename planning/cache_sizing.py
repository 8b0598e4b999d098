"""How much memory features take in Valkey, and which nodes hold them: entities × features × bytes → node type and shards.

Feast keeps an entity as one hash: its key is the serialised entity and the project, its fields are 4-byte hashes of the features' names
and, for each feature view, a timestamp. What Valkey adds is estimated from how it lays a hash out, and nothing of it was measured on
ElastiCache: take the outcome for right within a quarter, and ask `MEMORY USAGE` of some real keys before buying for long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from planning import cache
from planning.catalogue import CACHE_NODE_TYPES, READ_ON
from planning.refusal import Refused

_GIB = 2**30

# https://valkey.io/blog/valkey-memory-efficiency-8-0: an entry of the main dictionary is 24 bytes. Beside it: two 8-byte buckets where the
# table is half full, the 16 bytes of an object, and what the allocator rounds up.
KEY_OVERHEAD_BYTES = 24 + 2 * 8 + 16 + 8
KEY_BYTES = 64
"""An entity's key, serialised, with the project: two strings of 12 letters and a project of 25, allowed for."""

# https://valkey.io/topics/memory-optimization/: a hash is one list while it has at most 512 fields, none of them over 64 bytes.
LIST_FIELDS, LIST_VALUE_BYTES = 512, 64
FIELD_BYTES = 4
"""murmur3 of view and feature, by which Feast names a field."""
LIST_FIELD_OVERHEAD_BYTES = 6
"""Lengths, forwards and backwards, of the name and of the value."""
TABLE_FIELD_OVERHEAD_BYTES = 24 + 2 * 8 + 2 * 8
"""Entry and buckets as above; headers of two strings and what the allocator rounds up."""

TIMESTAMP_BYTES = 20
"""A feature view's timestamp, serialised, with its field's longer name."""

TARGET_UTILISATION_PERCENT = 80
"""Ours: what is left lets a project grow while somebody reads the alarm."""
LARGEST_SHARD_GIB = 50
"""Ours: a replica that is replaced copies its whole shard, and a snapshot writes it, while the shard is in use."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one project of Feast keeps online."""

    entities: int
    features: int
    """Of an entity, in all feature views together."""
    bytes: int
    """Of one feature's value, serialised, on average: 5 to 9 for a number."""
    views: int = 1


@dataclass(frozen=True, kw_only=True)
class Size:
    """Which nodes hold it, and how that was come to, line by line."""

    node_type: str
    shards: int
    replicas: int
    arithmetic: Sequence[str]


def size(loads: Sequence[Load], *, growth_percent: int = 0, replicas: int = 1, family: str = "r7g") -> Size:
    """The smallest memory of one family that holds all loads, with fewest shards. Raises Refused for numbers that no cache fits."""
    _check(loads, growth_percent, replicas, family)
    lines: list[str] = []
    now = sum(_of_project(load, lines) for load in loads)
    total = ceil(now * (100 + growth_percent) / 100)
    lines.append(f"with {growth_percent} % growth: {now:,} bytes × {100 + growth_percent} % = {total:,} bytes, {total / _GIB:.2f} GiB")
    node_type, shards = _smallest(total, replicas, family)
    memory, usable = _memory_gib(node_type), _usable_bytes(node_type)
    lines += [
        f"one {node_type}: {memory} GiB for data and overhead (AWS's figure, read on {READ_ON}), less {_reserved(node_type)} % reserved, "
        f"used to {TARGET_UTILISATION_PERCENT} % = {usable / _GIB:.2f} GiB",
        f"{total / _GIB:.2f} GiB / {usable / _GIB:.2f} GiB = {total / usable:.2f}, so {shards} shard{'s' if shards > 1 else ''}"
        + (", as 2 have no majority when one is lost" if ceil(total / usable) == 2 else ""),
        f"{shards} × (1 primary + {replicas} replicas) = {shards * (1 + replicas)} nodes, "
        f"{shards * (1 + replicas) * memory:.1f} GiB altogether",
    ]
    return Size(node_type=node_type, shards=shards, replicas=replicas, arithmetic=lines)


def bytes_per_entity(load: Load) -> int:
    """What Valkey keeps for one entity, overhead included."""
    as_list = load.features + load.views <= LIST_FIELDS and load.bytes <= LIST_VALUE_BYTES
    overhead = FIELD_BYTES + (LIST_FIELD_OVERHEAD_BYTES if as_list else TABLE_FIELD_OVERHEAD_BYTES)
    return KEY_OVERHEAD_BYTES + KEY_BYTES + load.features * (overhead + load.bytes) + load.views * (overhead + TIMESTAMP_BYTES)


def _of_project(load: Load, lines: list[str]) -> int:
    each = bytes_per_entity(load)
    overhead = each - load.features * load.bytes
    total = load.entities * each
    lines.append(
        f"{load.entities:,} entities × ({load.features} features × {load.bytes} bytes + {overhead} bytes of key, fields and "
        f"timestamps) = {load.entities:,} × {each:,} = {total:,} bytes"
    )
    return total


def _check(loads: Sequence[Load], growth_percent: int, replicas: int, family: str) -> None:
    for name, got, least in (
        *((name, getattr(load, name), 1) for load in loads for name in ("entities", "features", "bytes", "views")),
        ("growth", growth_percent, 0),
        ("replicas", replicas, 0),
    ):
        if got < least:
            raise Refused(got=f"{got} for {name}", expected=f"at least {least}", remedy="raise it")
    if replicas > cache.MOST_REPLICAS:
        raise Refused(got=f"{replicas} replicas", expected=f"at most {cache.MOST_REPLICAS} of a shard", remedy="use fewer")
    if not _types(family):
        known = sorted({name.split(".")[1] for name in CACHE_NODE_TYPES})
        raise Refused(got=f"family `{family}`", expected=f"one of {', '.join(known)}", remedy="use one of these")


def _smallest(total: int, replicas: int, family: str) -> tuple[str, int]:
    found = [
        (shards * _memory_gib(name), shards, name)
        for name in _types(family)
        for shards in (_shards(total, name),)
        if shards * (1 + replicas) <= cache.MOST_NODES and total / shards <= LARGEST_SHARD_GIB * _GIB
    ]
    if not found:
        largest = max(_types(family), key=_memory_gib)
        most = min(_usable_bytes(largest), LARGEST_SHARD_GIB * _GIB) * (cache.MOST_NODES // (1 + replicas))
        raise Refused(
            got=f"{total / _GIB:,.0f} GiB of features",
            expected=f"at most {most / _GIB:,.0f} GiB in {cache.MOST_NODES} nodes of {family} with {replicas} replicas",
            remedy="use fewer replicas, keep fewer entities, or have AWS raise the quota of nodes",
        )
    _, shards, name = min(found)
    return name, shards


def _shards(total: int, node_type: str) -> int:
    needed = ceil(total / _usable_bytes(node_type))
    return 3 if needed == 2 else max(1, needed)


def _types(family: str) -> list[str]:
    return [name for name, each in CACHE_NODE_TYPES.items() if name.split(".")[1] == family and each.memory_gib is not None]


def _memory_gib(node_type: str) -> float:
    return CACHE_NODE_TYPES[node_type].memory_gib or 0


def _reserved(node_type: str) -> int:
    return cache.reserved_memory_percent(node_type)


def _usable_bytes(node_type: str) -> int:
    return int(_memory_gib(node_type) * _GIB * (100 - _reserved(node_type)) * TARGET_UTILISATION_PERCENT / 10_000)
