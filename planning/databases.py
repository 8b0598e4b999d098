"""The databases of Feast and MLflow, who may use them, and the SQL that makes it so, as often as it is run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from planning.refusal import Refused

Authentication = Literal["password", "iam"]
Right = Literal["ddl", "dml", "ro"]

MLFLOW = "mlflow"
REGISTRY_ADMIN = "registry_admin"

LONGEST_USER = 32
"""Characters: https://dev.mysql.com/doc/refman/8.4/en/user-names.html."""

# https://dev.mysql.com/doc/refman/8.4/en/privileges-provided.html; MariaDB has them under the same names.
DDL = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "INDEX", "REFERENCES")
DML = ("SELECT", "INSERT", "UPDATE", "DELETE")
RO = ("SELECT",)

CLAUSES: Mapping[str, str] = {
    # https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
    "password": "IDENTIFIED WITH caching_sha2_password BY {secret}",
    "new_password": "IDENTIFIED WITH caching_sha2_password BY {secret} RETAIN CURRENT PASSWORD",
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
    "iam": "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'",
}
"""How MySQL 8.4 on RDS has a user prove who it is. {secret} is where whoever runs the statements puts the user's password."""


@dataclass(frozen=True, kw_only=True)
class User:
    """A user of the server, from any host, over TLS only."""

    name: str
    databases: tuple[str, ...]
    privileges: tuple[str, ...]
    authentication: Authentication = "password"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement. `{password}`, `{new_password}` and `{iam}` in it stand for the server's clause of that name."""

    sql: str
    user: str | None = None
    """Whose clause it has."""
    unless_logged_in: bool = False
    """Whether it is left out where the user's password already opens the server: run again, it would forget the one before."""
    rows_are_statements: bool = False
    """Whether each row that it returns is a statement to run."""

    def as_data(self) -> Mapping[str, object]:
        given = {"user": self.user, "unless_logged_in": self.unless_logged_in, "rows_are_statements": self.rows_are_statements}
        return {"sql": self.sql, **{name: value for name, value in given.items() if value}}


def database(project: str) -> str:
    """The database of a Feast project: one each, for `feast teardown` deletes every project that it finds in its registry."""
    return f"feast_{_underscored(project)}"


def project_user(project: str, right: Right) -> str:
    """Who makes the tables of a project (ddl), writes their rows (dml) or reads them (ro)."""
    return f"{database(project)}_{right}"


def users(projects: Sequence[str]) -> tuple[User, ...]:
    """Everybody but the master user. Raises Refused for a name that MySQL would not take."""
    rights: Mapping[Right, tuple[str, ...]] = {"ddl": DDL, "dml": DML, "ro": RO}
    found = [
        User(name=project_user(project, right), databases=(database(project),), privileges=privileges)
        for project in projects
        for right, privileges in rights.items()
    ]
    # Nobody only reads what MLflow keeps.
    found += [User(name=f"{MLFLOW}_{right}", databases=(MLFLOW,), privileges=rights[right]) for right in rights if right != "ro"]
    everything = (*(database(project) for project in projects), MLFLOW)
    found.append(User(name=REGISTRY_ADMIN, databases=everything, privileges=DDL, authentication="iam"))
    return tuple(_checked(user) for user in found)


def statements(projects: Sequence[str]) -> tuple[Statement, ...]:
    """What makes the databases and users, and takes from the users whatever else they have. No secret is in it.

    It is run by one who may create users and holds what it grants, as the master user of RDS does. What a user is granted is never
    taken away meanwhile, so that it can be run while the server is in use. It removes no database and no user, and knows no roles.
    """
    return making(users(projects))


def making(named: Sequence[User]) -> tuple[Statement, ...]:
    """What makes these users, and the databases that they have."""
    databases = dict.fromkeys(name for user in named for name in user.databases)
    return (
        *(Statement(sql=f"CREATE DATABASE IF NOT EXISTS {quoted(name)} CHARACTER SET utf8mb4") for name in databases),
        *(statement for user in named for statement in _of_user(user)),
    )


def quoted(identifier: str) -> str:
    return f"`{identifier.replace('`', '``')}`"


def _of_user(user: User) -> list[Statement]:
    account = f"{quoted(user.name)}@`%`"
    made = [Statement(sql=f"CREATE USER IF NOT EXISTS {account} {{{user.authentication}}} REQUIRE SSL", user=user.name)]
    if user.authentication == "password":
        made.append(Statement(sql=f"ALTER USER {account} {{new_password}}", user=user.name, unless_logged_in=True))
    made.append(Statement(sql=f"ALTER USER {account} REQUIRE SSL", user=user.name))
    listed = ", ".join(user.privileges)
    made += [Statement(sql=f"GRANT {listed} ON {_exactly(name)}.* TO {account}", user=user.name) for name in user.databases]
    return [*made, Statement(sql=_strays(user), user=user.name, rows_are_statements=True)]


def _exactly(name: str) -> str:
    r"""The database in a GRANT, where `_` stands for any character unless it is escaped:
    https://dev.mysql.com/doc/refman/8.4/en/grant.html#grant-database-privileges."""
    return quoted(name.replace("_", r"\_"))


def _strays(user: User) -> str:
    """Selects a REVOKE for each privilege that was not granted here: on the server, databases, tables and columns, and the right to
    grant them on."""
    grantee, account = f"'''{user.name}''@''%'''", f"{quoted(user.name)}@`%`"
    schema, table = "CONCAT('`', TABLE_SCHEMA, '`.*')", "CONCAT('`', TABLE_SCHEMA, '`.`', TABLE_NAME, '`')"
    # TABLE_SCHEMA is what was granted on, the escapes included; in a literal a backslash is written twice.
    own = ", ".join("'{}'".format(name.replace("_", r"\\_")) for name in user.databases)
    listed = ", ".join(f"'{privilege}'" for privilege in user.privileges)
    of_server = f"FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = {grantee}"
    of_schemas = f"FROM information_schema.SCHEMA_PRIVILEGES WHERE GRANTEE = {grantee}"
    of_tables = f"FROM information_schema.TABLE_PRIVILEGES WHERE GRANTEE = {grantee}"
    of_columns = f"FROM information_schema.COLUMN_PRIVILEGES WHERE GRANTEE = {grantee}"
    return " UNION ".join(
        (
            f"SELECT CONCAT('REVOKE ', PRIVILEGE_TYPE, ' ON *.* FROM {account}') {of_server} AND PRIVILEGE_TYPE <> 'USAGE'",
            f"SELECT CONCAT('REVOKE GRANT OPTION ON *.* FROM {account}') {of_server} AND IS_GRANTABLE = 'YES'",
            f"SELECT CONCAT('REVOKE ', PRIVILEGE_TYPE, ' ON ', {schema}, ' FROM {account}') {of_schemas}"
            f" AND NOT (TABLE_SCHEMA IN ({own}) AND PRIVILEGE_TYPE IN ({listed})) AND PRIVILEGE_TYPE <> 'USAGE'",
            f"SELECT CONCAT('REVOKE GRANT OPTION ON ', {schema}, ' FROM {account}') {of_schemas} AND IS_GRANTABLE = 'YES'",
            f"SELECT CONCAT('REVOKE ', PRIVILEGE_TYPE, ' ON ', {table}, ' FROM {account}') {of_tables} AND PRIVILEGE_TYPE <> 'USAGE'",
            f"SELECT CONCAT('REVOKE GRANT OPTION ON ', {table}, ' FROM {account}') {of_tables} AND IS_GRANTABLE = 'YES'",
            f"SELECT CONCAT('REVOKE ', PRIVILEGE_TYPE, ' (`', COLUMN_NAME, '`) ON ', {table}, ' FROM {account}') {of_columns}",
        )
    )


def _underscored(project: str) -> str:
    return project.replace("-", "_")


def _checked(user: User) -> User:
    if len(user.name) > LONGEST_USER:
        raise Refused(
            got=f"MySQL user `{user.name}`, {len(user.name)} characters",
            expected=f"at most {LONGEST_USER}",
            remedy=f"shorten the project's name by {len(user.name) - LONGEST_USER}",
        )
    return user
