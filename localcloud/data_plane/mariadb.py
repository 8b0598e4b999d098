"""MariaDB behind a DB instance: it speaks MySQL's protocol, and it is not MySQL."""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import shutil
import socket
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from localcloud import processes
from localcloud.data_plane import addresses, authority
from localcloud.data_plane.layout import Key, Layout
from localcloud.instance import Instance, write_atomically
from localcloud.processes import ProcessFailed
from localcloud.provider import cancellation
from localcloud.toolchain import DataPlane

# It takes 0.3 s on an idle two-core machine; after a kill InnoDB recovers first.
_READY_SECONDS = 60.0
_STOP_SECONDS = 30.0

# Parameters that mean the same to MariaDB as to MySQL. What a parameter group sets beside them is not heeded, and listed as a gap.
HEEDED = frozenset(
    {
        *("character_set_server", "collation_server", "require_secure_transport"),
        *("max_connections", "max_user_connections", "wait_timeout", "interactive_timeout", "max_allowed_packet"),
        *("slow_query_log", "long_query_time", "log_queries_not_using_indexes"),
        *("lock_wait_timeout", "innodb_lock_wait_timeout", "net_read_timeout", "net_write_timeout", "local_infile"),
    }
)
# MySQL 8's own collations, and formulas such as {DBInstanceClassMemory/12582880}, have no meaning to MariaDB.
_PLAIN = re.compile(r"(?!.*_0900_)[A-Za-z0-9_.-]+")

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html, but for what MariaDB has no privilege of
# (CREATE ROLE, DROP ROLE, APPLICATION_PASSWORD_ADMIN, ROLE_ADMIN, SET_USER_ID, XA_RECOVER_ADMIN): CREATE USER covers roles there.
_MASTER_PRIVILEGES = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES,"
    " LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER,"
    " EVENT, TRIGGER"
)


@dataclass(frozen=True)
class Settings:
    """What of a DB instance its server is made from. `password_hash` is `hashed(password)`."""

    port: int
    username: str
    password_hash: str
    database: str = ""
    parameters: dict[str, str] = field(default_factory=dict["str", "str"])


def hashed(password: str) -> str:
    """As mysql_native_password stores it."""
    once = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    return "*" + hashlib.sha1(once, usedforsecurity=False).hexdigest().upper()


def start(instance: Instance, key: Key, settings: Settings, programs: DataPlane) -> str:
    """Starts the server and returns its address when it answers. Idempotent; data survive a stop, and a kill.

    One that runs with other settings is restarted. Raises ProcessFailed (with the end of the log) when it ends or is not ready in time,
    addresses.NoAddress, cancellation.Interrupted.
    """
    layout = Layout(instance, key)
    cancellation.pause(0, key.name)
    with instance.locked(layout.lock):
        address = addresses.claim(instance, key.slug, [settings.port])
        # Stored first: whatever is made by a start that is cut short, stop and delete know of it.
        before = layout.stored()
        layout.store(asdict(settings))
        _prepare_data(layout, programs.first_data)
        authority.issue_once(instance, layout.directory, address)
        write_atomically(layout.directory / "users.sql", users(settings))
        options = layout.directory / "mariadb.cnf"
        write_atomically(options, configuration(layout.directory, settings, address, programs))
        if before != asdict(settings):
            processes.stop(instance, key.slug, _STOP_SECONDS)
        environment = {"PATH": os.defpath, "HOME": str(layout.directory), **programs.environment}
        processes.start(instance, key.slug, [str(programs.mariadbd), f"--defaults-file={options}"], env=environment)
        _wait_until_ready(instance, key, address, settings.port)
    return address


def stop(instance: Instance, key: Key) -> None:
    """Ends the server and keeps its data. Idempotent."""
    with instance.locked(Layout(instance, key).lock):
        processes.stop(instance, key.slug, _STOP_SECONDS)


def delete(instance: Instance, key: Key) -> None:
    """Ends the server and removes everything that it held. Idempotent."""
    layout = Layout(instance, key)
    with instance.locked(layout.lock):
        processes.stop(instance, key.slug, _STOP_SECONDS)
        if layout.directory.exists():
            shutil.rmtree(layout.directory)
        addresses.release(instance, key.slug)


def resume(instance: Instance, key: Key, programs: DataPlane) -> None:
    """Starts the server again as it was asked for last."""
    settings = stored(instance, key)
    if settings is not None:
        start(instance, key, settings, programs)


def stored(instance: Instance, key: Key) -> Settings | None:
    """What the server was asked for last; None when there is none here."""
    found = Layout(instance, key).stored()
    return None if found is None else Settings(**found)


def configuration(directory: Path, settings: Settings, address: str, programs: DataPlane) -> str:
    """The option file: small, on the address only, over TLS with the certificate in `directory`."""
    share = programs.mysql_share
    options = {
        "user": getpass.getuser(),
        "datadir": directory / "data",
        # Relative to the data: a socket's whole path must not be longer than 107 characters.
        "socket": "mariadb.sock",
        "pid-file": "mariadb.pid",
        "init-file": directory / "users.sql",
        "lc-messages-dir": share,
        "character-sets-dir": share / "charsets",
        "plugin-dir": programs.directory / "usr" / "lib" / "mysql" / "plugin",
        "bind-address": address,
        "port": settings.port,
        "ssl-ca": authority_file(directory),
        "ssl-cert": directory / "server.crt",
        "ssl-key": directory / "server.key",
        # 55 MB; 6 MB is the least that it starts with.
        "innodb-buffer-pool-size": "6M",
        "innodb-log-file-size": "4M",
        "key-buffer-size": "64K",
        "aria-pagecache-buffer-size": "1M",
        "table-open-cache": 256,
        "performance-schema": "off",
        # Names are not looked up: a probe that does not log in counts against nobody, and users are of any host.
        "skip-name-resolve": "on",
    }
    chosen = heeded(settings.parameters)
    # MySQL 8's default, and of its default collation what MariaDB has nearest; not beside another character set, which would not fit.
    if chosen.get("character-set-server", "utf8mb4") == "utf8mb4":
        options |= {"character-set-server": "utf8mb4", "collation-server": "utf8mb4_unicode_520_ci"}
    options |= chosen
    return "".join(["[mariadbd]\n", *(f"{name}={value}\n" for name, value in options.items())])


def heeded(parameters: dict[str, str]) -> dict[str, str]:
    """Those of a parameter group that MariaDB is started with."""
    return {
        name.replace("_", "-"): value
        for name, value in sorted(parameters.items())
        if name in HEEDED and _PLAIN.fullmatch(value) is not None
    }


def users(settings: Settings) -> str:
    """What is carried out at each start: the master user and, on RDS, the first database. There is no other user."""
    name = _quoted(settings.username)
    lines = [
        f"CREATE USER IF NOT EXISTS {name}@'%';",
        f"ALTER USER {name}@'%' IDENTIFIED BY PASSWORD {_quoted(settings.password_hash)};",
        f"GRANT {_MASTER_PRIVILEGES} ON *.* TO {name}@'%' WITH GRANT OPTION;",
    ]
    if settings.database:
        lines.append(f"CREATE DATABASE IF NOT EXISTS `{settings.database.replace('`', '``')}`;")
    return "\n".join(lines) + "\n"


def authority_file(directory: Path) -> Path:
    """The authority's certificate, as seen from a server's directory."""
    return directory.parent.parent / "ca.pem"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _prepare_data(layout: Layout, first_data: Path) -> None:
    data = layout.directory / "data"
    if data.exists():
        return
    draft = layout.directory / "data.draft"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(first_data, draft)
    draft.rename(data)


def _wait_until_ready(instance: Instance, key: Key, address: str, port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not greets(address, port):
        log = processes.log_tail(instance, key.slug)
        if not processes.alive(instance, key.slug):
            raise ProcessFailed(f"{key.slug} ended while it was being started. The end of its log:\n{log}")
        if time.monotonic() > deadline:
            raise ProcessFailed(f"{key.slug} is not ready after {_READY_SECONDS:.0f} s. The end of its log:\n{log}")
        cancellation.pause(0.03, key.slug)


def greets(address: str, port: int) -> bool:
    """Whether a server there opens with the handshake of MySQL's protocol, version 10."""
    try:
        with socket.create_connection((address, port), timeout=2) as connection:
            # Three bytes of length, one of sequence, one of version:
            # https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html
            return connection.recv(5)[4:] == b"\x0a"
    except OSError:
        return False
