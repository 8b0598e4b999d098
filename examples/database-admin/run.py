"""Makes databases and users of a MySQL server as the files beside it say, and proves that each password user gets in.

    DATABASE_HOST=... DATABASE_PORT=3306 DATABASE_CA=bundle.pem MASTER_SECRET=... python run.py DIRECTORY

DIRECTORY has `statements.json`, `users.json` and `clauses.json` (planning/databases.py of the platform says what is in them). Passwords
come from Secrets Manager, with whatever credentials boto3 finds, and are in no message. It can be run as often as wanted, side by side
too; it stops at the first statement that fails.

Exit code: 0 all is as the files say, 1 a statement failed or a user does not get in.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
import pymysql
from pymysql.constants import ER

Statement = Mapping[str, Any]


class Failed(RuntimeError):
    """What failed, and what to do; without secrets."""


class Server:
    """The MySQL server, over TLS that is verified, as whoever has the password."""

    def __init__(self, host: str, port: int, ca: str) -> None:
        self._host, self._port, self._ca = host, port, ca

    def connect(self, username: str, password: str, database: str | None = None) -> Any:
        return pymysql.connect(
            host=self._host,
            port=self._port,
            user=username,
            password=password,
            database=database,
            ssl_ca=self._ca,
            ssl_verify_cert=True,
            ssl_verify_identity=True,
            connect_timeout=10,
            read_timeout=60,
            autocommit=True,
        )

    def opens(self, username: str, password: str) -> bool:
        """Whether the password is the user's. Raises what is wrong besides."""
        try:
            self.connect(username, password).close()
        except pymysql.err.OperationalError as error:
            if error.args[0] == ER.ACCESS_DENIED_ERROR:
                return False
            raise
        return True


class Job:
    """The work, once all is read."""

    def __init__(self, server: Server, users: Mapping[str, Statement], clauses: Mapping[str, str], passwords: Mapping[str, str]) -> None:
        self._server, self._users, self._clauses, self._passwords = server, users, clauses, passwords

    def run(self, master: Any, statements: Sequence[Statement]) -> None:
        with master.cursor() as cursor:
            for statement in statements:
                if self._applies(statement):
                    self._execute(cursor, statement)

    def prove(self) -> None:
        """Raises Failed unless each password user opens its own database."""
        for name, user in self._users.items():
            if name in self._passwords:
                try:
                    self._server.connect(name, self._passwords[name], user["database"]).close()
                except pymysql.err.MySQLError as error:
                    raise Failed(f"user {name} does not open database {user['database']}: {self._hidden(error)}") from None

    def left_out(self) -> Sequence[str]:
        """Users that this server cannot have: there is no clause for how they prove who they are."""
        return [name for name, user in self._users.items() if user["authentication"] not in self._clauses]

    def _applies(self, statement: Statement) -> bool:
        user: str = statement.get("user", "")
        if user in self.left_out():
            return False
        return not (statement.get("unless_logged_in") and self._server.opens(user, self._passwords[user]))

    def _execute(self, cursor: Any, statement: Statement) -> None:
        sql = statement["sql"]
        try:
            cursor.execute(self._filled(cursor, sql, statement.get("user")))
            rows = cursor.fetchall() if statement.get("rows_are_statements") else ()
        except pymysql.err.MySQLError as error:
            remedy = "correct it (planning/databases.py), or what the server has that is in its way, and run the Job again"
            raise Failed(f"`{sql}` failed: {self._hidden(error)}; {remedy}") from None
        for (row,) in rows:
            print(row)
            self._execute(cursor, {"sql": row})

    def _filled(self, cursor: Any, sql: str, user: str | None) -> str:
        if user is None:
            return sql
        for name, clause in self._clauses.items():
            secret = cursor.connection.escape(self._passwords[user]) if user in self._passwords else ""
            sql = sql.replace(f"{{{name}}}", clause.replace("{secret}", secret))
        return sql

    def _hidden(self, error: Exception) -> str:
        """The server's message, which quotes what it does not understand."""
        message = str(error)
        for password in self._passwords.values():
            message = message.replace(password, "***")
        return message


def main(arguments: Sequence[str]) -> int:
    directory = Path(arguments[0])
    statements, users, clauses = (json.loads((directory / f"{name}.json").read_text()) for name in ("statements", "users", "clauses"))
    secrets: Any = boto3.client("secretsmanager")

    def read(secret: str) -> Mapping[str, str]:
        return json.loads(secrets.get_secret_value(SecretId=secret)["SecretString"])

    master = read(os.environ["MASTER_SECRET"])
    passwords = {name: read(user["secret"])["password"] for name, user in users.items() if "secret" in user}
    server = Server(os.environ["DATABASE_HOST"], int(os.environ["DATABASE_PORT"]), os.environ["DATABASE_CA"])
    job = Job(server, users, clauses, passwords)
    for name in job.left_out():
        print(f"user {name} is left out: clauses.json does not say how this server knows it")
    try:
        with server.connect(master["username"], master["password"]) as connection:
            job.run(connection, statements)
        job.prove()
    except Failed as failure:
        print(f"database-admin: {failure}", file=sys.stderr)
        return 1
    print(f"{len(statements)} statements; {len(passwords)} users get in")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
