"""The registry: a MySQL server that proves who it is, lets its readers in over TLS, and nobody without."""

import socket
import ssl
from typing import Any

import contract
from operations.smoke import mysql
from operations.smoke.access import CONNECT_SECONDS, READ_SECONDS, Access, Contract
from operations.smoke.check import Check, Differs, NotChecked

PURPOSE = "registry"
READER = "ro"
"""What the names of users who only read end with (contract.FeastProject)."""

_CLIENTS = "only nodes of clusters whose pods use it reach it: run it from a pod there, or say --without registry; else see it in RDS"

_ACCESS_DENIED, _SECURE_TRANSPORT_REQUIRED = 1045, 3159
"""https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html"""


def checks(found: Contract, access: Access) -> list[Check]:
    store, key_arn = found.feature_store, found.foundation.key_arns["features"]
    server = Server(store, access)
    return [
        Check(
            name="registry: instance",
            expected=f"available, private, encrypted with {key_arn}",
            remedy="wait for what RDS does with it, start it, or run `pulumi up`",
            waits_for="RDS",
            look=lambda: _instance(access.client("rds"), access.names.database(PURPOSE), key_arn),
        ),
        Check(
            name="registry: TLS",
            expected=f"a certificate of the given authority for {store.registry_host}",
            remedy=_CLIENTS,
            waits_for=server.endpoint,
            look=server.handshake,
            needs="registry",
        ),
        *(
            Check(
                name=f"registry: {project.database}_{READER} logs in",
                expected=f"opens {project.database} with the password of its secret",
                remedy="see the Job that makes databases and users in the namespace of the feature store; run it again",
                waits_for=server.endpoint,
                look=lambda project=project: server.log_in(project),
                needs="registry",
            )
            for project in store.projects.values()
        ),
        Check(
            name="registry: plaintext",
            expected="refused",
            remedy="set require_secure_transport in the parameter group: run `pulumi up --refresh`",
            waits_for=server.endpoint,
            look=lambda: server.refuses_plaintext(next(iter(store.projects.values()))),
            needs="registry",
        ),
    ]


class Server:
    """The MySQL server of the contract. What rests on its certificate is not checked before that is verified."""

    def __init__(self, store: contract.FeatureStore, access: Access) -> None:
        self._host, self._port, self._prefix, self._access = store.registry_host, store.registry_port, store.registry_secret_prefix, access
        self._verified = False
        self._logged_in: set[str] = set()

    @property
    def endpoint(self) -> str:
        return f"{self._host}:{self._port}"

    def handshake(self) -> str:
        """With nobody's name and no password."""
        trust = self._access.registry_trust()
        with socket.create_connection((self._host, self._port), timeout=CONNECT_SECONDS) as plain:
            plain.settimeout(READ_SECONDS)
            mysql.ask_for_tls(plain)
            try:
                with trust.wrap_socket(plain, server_hostname=self._host) as secured:
                    self._verified = True
                    return f"{secured.version()}, verified"
            except ssl.SSLCertVerificationError as error:
                raise Differs(f"its certificate is not verified: {error.verify_message}") from None

    def log_in(self, project: contract.FeastProject) -> str:
        pymysql, secret = self._as_reader(project)
        try:
            with pymysql.connect(**self._login(secret), ssl=self._access.registry_trust()) as connection, connection.cursor() as cursor:
                cursor.execute("SELECT CURRENT_USER(), DATABASE(), VERSION()")
                user, database, version = cursor.fetchone()
        except pymysql.err.MySQLError as error:
            raise Differs(_said(error)) from None
        self._logged_in.add(secret["username"])
        return f"{user} opens {database}, {version}"

    def refuses_plaintext(self, project: contract.FeastProject) -> str:
        """With a password that was right over TLS: where users need not have TLS, MySQL looks at the password first."""
        pymysql, secret = self._as_reader(project)
        if secret["username"] not in self._logged_in:
            raise NotChecked(f"{secret['username']} did not log in over TLS, so it would be refused whatever the server thinks of TLS")
        try:
            pymysql.connect(**self._login(secret), ssl_disabled=True, **mysql.withheld()).close()
        except pymysql.err.MySQLError as error:
            if error.args and error.args[0] in (_ACCESS_DENIED, _SECURE_TRANSPORT_REQUIRED):
                return f"refused: {_said(error)}"
            raise Differs(_said(error)) from None
        except (mysql.Withheld, ValueError):
            raise Differs("the server goes on without TLS, and asks for the password") from None
        raise Differs(f"{secret['username']} opens it without TLS")

    def _as_reader(self, project: contract.FeastProject) -> tuple[Any, dict[str, str]]:
        if not self._verified:
            raise NotChecked(f"the certificate of {self.endpoint} is not verified: nothing more is said to it")
        try:
            import pymysql  # pyright: ignore[reportMissingModuleSource]
        except ImportError:
            raise NotChecked("no MySQL client: run `make setup`") from None
        return pymysql, dict(self._access.secret(f"{self._prefix}{project.database}_{READER}"))

    def _login(self, secret: dict[str, str]) -> dict[str, Any]:
        return {
            "host": self._host,
            "port": self._port,
            "user": secret["username"],
            "password": secret["password"],
            "database": secret["dbname"],
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": READ_SECONDS,
        }


def _instance(rds: Any, identifier: str, key_arn: str) -> str:
    (about,) = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
    status, public, key = about["DBInstanceStatus"], about["PubliclyAccessible"], about.get("KmsKeyId", "no key")
    seen = f"{status}, {'public' if public else 'private'}, encrypted with {key}"
    if (status, public, key) != ("available", False, key_arn):
        raise Differs(seen)
    return seen


def _said(error: Exception) -> str:
    return ": ".join(str(each) for each in error.args)
