"""The database of a tenant in the platform's server, who may use it, and the SQL that makes it, or removes it."""

from collections.abc import Mapping, Sequence
from typing import get_args

from planning.databases import DDL, DML, RO, Right, Statement, User, making, quoted

RIGHTS: Sequence[Right] = get_args(Right)
_PRIVILEGES: Mapping[Right, tuple[str, ...]] = {"ddl": DDL, "dml": DML, "ro": RO}


def database(tenant: str) -> str:
    """After the tenant's stack: of the platform's own none begins so, and no two stacks have one name. A stack's has no underscore."""
    return f"tenant_{tenant.replace('-', '_')}"


def user(tenant: str, right: Right) -> str:
    """Who makes the tables of the tenant's project (ddl), writes their rows (dml) or reads them (ro). At most 27 of 32 characters, for
    the name of a stack has at most 16."""
    return f"{database(tenant)}_{right}"


def users(tenant: str) -> tuple[User, ...]:
    """All of them; each has the tenant's database and no other."""
    return tuple(
        User(name=user(tenant, right), databases=(database(tenant),), privileges=privileges) for right, privileges in _PRIVILEGES.items()
    )


def statements(tenant: str) -> tuple[Statement, ...]:
    """What makes the database and its users, as often as it is run. No secret is in it."""
    return making(users(tenant))


def removal(tenant: str) -> tuple[Statement, ...]:
    """What removes them, and all rows with them. First the users, so that nobody writes meanwhile."""
    return (
        *(Statement(sql=f"DROP USER IF EXISTS {quoted(each.name)}@`%`") for each in users(tenant)),
        Statement(sql=f"DROP DATABASE IF EXISTS {quoted(database(tenant))}"),
    )
