"""What is in a MySQL server: its databases, their tables and how many rows each has."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scripts.drill_copy import Description
from scripts.drill_steps import Failed, NotReached

Rows = Mapping[str, Mapping[str, int]]
"""By database and table."""
Connect = Callable[[str, int, str, str], Any]
"""To a host and port as a user with a password; a DB-API connection. Raises NotReached or Failed."""

_CONNECT_SECONDS = 10
_READ_SECONDS = 600
# PyMySQL's numbers for a server that does not answer, or not as the one whose certificate was expected.
_UNREACHABLE = (2003, 2005)

_TABLES = """SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'
AND table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY 1, 2"""


def over_tls(ca: Path | None) -> Connect:
    """Connections whose server has proven that it has a certificate of that authority. Raises NotReached."""
    if ca is None:
        raise NotReached("no certificate authority to hold the server against: give --ca")
    if not ca.is_file():
        raise NotReached(f"--ca got {ca}, which is no file")
    try:
        import pymysql  # pyright: ignore[reportMissingModuleSource]
    except ImportError:
        raise NotReached("no MySQL client: run `make setup`") from None

    def connect(host: str, port: int, user: str, password: str) -> Any:
        try:
            return pymysql.connect(
                host=host,
                port=port,
                user=user,
                password=password,
                ssl_ca=str(ca),
                ssl_verify_cert=True,
                ssl_verify_identity=True,
                connect_timeout=_CONNECT_SECONDS,
                read_timeout=_READ_SECONDS,
            )
        except pymysql.err.MySQLError as error:
            kind = NotReached if error.args and error.args[0] in _UNREACHABLE else Failed
            raise kind(f"{host}:{port} as {user}: {error}") from None

    return connect


def rows(connect: Connect, instance: Description, secrets: Any) -> Rows:
    """Counts what a server has, as its master user. Raises NotReached or Failed."""
    if "MasterUserSecret" not in instance:
        raise NotReached(f"the description of {instance['DBInstanceIdentifier']} names no secret of its master user")
    secret = json.loads(secrets.get_secret_value(SecretId=instance["MasterUserSecret"]["SecretArn"])["SecretString"])
    endpoint = instance["Endpoint"]
    counted: dict[str, dict[str, int]] = {}
    with connect(endpoint["Address"], endpoint["Port"], secret["username"], secret["password"]) as connection:
        cursor = connection.cursor()
        cursor.execute(_TABLES)
        for database, table in cursor.fetchall():
            # Names cannot be parameters; these are the server's own.
            cursor.execute(f"SELECT COUNT(*) FROM {_quoted(database)}.{_quoted(table)}")  # noqa: S608
            counted.setdefault(database, {})[table] = cursor.fetchone()[0]
    return counted


def beside(source: Rows, copy: Rows, *, taken_now: bool) -> str:
    """A line for each database, the source's figures in brackets.

    Raises Failed for a copy that has nothing, or lacks a table although its snapshot was taken just now.
    """
    if not copy:
        raise Failed("the copy has no tables")
    lost = [f"{database}.{table}" for database, tables in source.items() for table in tables if table not in copy.get(database, {})]
    if lost and taken_now:
        raise Failed(f"the registry has {', '.join(lost)}, and the copy does not")
    lines = [f"{database}: {_figures(copy[database])} ({_figures(source.get(database, {}))})" for database in sorted(copy)]
    return "\n".join([*lines, *(f"not there when the snapshot was taken: {table}" for table in lost)])


def _figures(tables: Mapping[str, int]) -> str:
    return f"{len(tables)} tables, {sum(tables.values())} rows"


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
