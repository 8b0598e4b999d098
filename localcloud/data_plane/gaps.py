"""What the servers behind databases and caches do not prove: no test or claim may rest on it."""

from __future__ import annotations

from localcloud import toolchain
from localcloud.data_plane.servers import MISSING

GAPS: tuple[tuple[str, str], ...] = (
    ("MySQL", "MariaDB stands in: its SQL, its optimizer, its limits, its default collation and its plugin for passwords are others"),
    ("Valkey", "redis stands in, as old as 7.0: what Valkey has added since is refused, in access strings by name"),
    ("DB instances of other engines than mysql", "no server is started for them"),
    ("replication groups without cluster mode, or without TLS", "no server is started for them"),
    ("DB parameter groups", "what MariaDB knows by the same name is heeded (HEEDED in data_plane/mariadb.py), the rest is not"),
    ("cache parameter groups", "what redis knows by the same name is heeded (HEEDED in data_plane/redis_nodes.py), the rest is not"),
    ("parameters that wait for a reboot", "applied at once, with a restart of the server"),
    ("IAM authentication", "no server takes a token for a password"),
    ("the master user", "has the privileges that RDS gives, but for those that MariaDB has not"),
    ("the master secret", "one that the local cloud makes: its password is in force from the next look on, and never rotated"),
    ("instance classes, node types, storage", "one small server each, whatever is asked for: no figure of time, memory or size is AWS's"),
    ("Multi-AZ databases", "one server: nothing fails over"),
    (
        "failover of a cache",
        "redis' own: it takes three shards to agree on one. With fewer, a node that is killed is away until the next start",
    ),
    ("backups and snapshots of databases", "hold no data, the final one neither: what is restored from one is empty"),
    ("snapshots of caches", "hold nothing; a clean stop of the local cloud keeps a cache's data, a kill loses them"),
    ("subnets and security groups", "stop nobody: every process of this machine reaches every server"),
    ("encryption at rest", "the files are as plain as the rest of the local cloud; only their owner reads them"),
    ("logs, metrics, events", "a server's log is in `log/` of the local cloud, nothing goes to CloudWatch"),
)


def text() -> str:
    """The gaps, and which versions of the stand-ins there are."""
    programs = toolchain.data_plane()
    if programs is None:
        return MISSING
    versions = programs.versions
    heading = f"Behind databases and caches, MariaDB {versions['mariadb-server-core']} and redis {versions['redis-server']}:"
    return "\n".join([heading, "", *(f"  {what}: {why}" for what, why in GAPS)])
