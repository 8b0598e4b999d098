"""The online store: a Valkey cluster that proves who it is, lets readers in with their password over TLS, and nobody otherwise."""

import secrets
import socket
from typing import Any

import contract
from operations.smoke.access import CONNECT_SECONDS, READ_SECONDS, Access, Contract
from operations.smoke.check import Check, Differs, NotChecked
from operations.smoke.valkey import Connection, ErrorReply

PURPOSE = "online-store"
READER = "reader"
"""What the names of secrets of users who only read end with (contract.FeatureStore)."""

_CLIENTS = "only nodes of clusters whose pods use it reach it: run it from a pod there, or say --without online-store; else see ElastiCache"
_PASSWORDS = "run `pulumi up --refresh`: it gives the user the password of its secret again"


def checks(found: Contract, access: Access) -> list[Check]:
    store, key_arn = found.feature_store, found.foundation.key_arns["features"]
    server, group = Server(store, access), access.names.replication_group(PURPOSE)
    users = [f"{store.online_store_secret_prefix}{name}-{READER}" for name in store.projects]
    return [
        Check(
            name="online store: replication group",
            expected="available, TLS required",
            remedy="wait for what ElastiCache does with it, or run `pulumi up`",
            waits_for="ElastiCache",
            look=lambda: _group(access.client("elasticache"), group),
        ),
        Check(
            name="online store: key",
            expected=key_arn,
            remedy="restore it from a snapshot under the key: an existing one has the key that it was made with",
            waits_for="ElastiCache",
            look=lambda: _key(access.client("elasticache"), group, key_arn),
            needs="online-store-key",
        ),
        Check(
            name="online store: TLS",
            expected=f"a certificate of Amazon's or the given authority for {store.online_store_host}",
            remedy=_CLIENTS,
            waits_for=server.endpoint,
            look=server.handshake,
            needs="online-store",
        ),
        *(
            Check(
                name=f"online store: {secret} logs in",
                expected="is told the shards",
                remedy=_PASSWORDS,
                waits_for=server.endpoint,
                look=lambda secret=secret: server.log_in(secret),
                needs="online-store",
            )
            for secret in users
        ),
        Check(
            name="online store: wrong password",
            expected="refused",
            remedy="a user of its group needs no password: see the users in ElastiCache, then run `pulumi up --refresh`",
            waits_for=server.endpoint,
            look=lambda: server.refuses(users[0]),
            needs="online-store",
        ),
        Check(
            name="online store: plaintext",
            expected="refused",
            remedy="set transit encryption to required: run `pulumi up --refresh`",
            waits_for=server.endpoint,
            look=server.refuses_plaintext,
            needs="online-store",
        ),
    ]


class Server:
    """The cluster's configuration endpoint. No password is sent to it before its certificate is verified."""

    def __init__(self, store: contract.FeatureStore, access: Access) -> None:
        self._host, self._port, self._access = store.online_store_host, store.online_store_port, access
        self._verified = False

    @property
    def endpoint(self) -> str:
        return f"{self._host}:{self._port}"

    def handshake(self) -> str:
        with self._secured() as connection:
            self._verified = True
            return f"{connection.version}, verified"

    def log_in(self, secret: str) -> str:
        self._must_be_verified()
        user = self._access.secret(secret)
        with self._secured() as connection:
            try:
                connection.call("AUTH", user["username"], user["password"])
                # All that a reader may ask besides features; Feast begins with it.
                shards = connection.call("CLUSTER", "SLOTS")
            except ErrorReply as error:
                raise Differs(f"{user['username']}: {error}") from None
        ranges = len(shards) if isinstance(shards, list) else 0
        if not ranges:
            raise Differs(f"{user['username']} is told of no shard")
        return f"{user['username']} is told {ranges} ranges of slots"

    def refuses(self, secret: str) -> str:
        self._must_be_verified()
        user = self._access.secret(secret)["username"]
        with self._secured() as connection:
            try:
                connection.call("AUTH", user, secrets.token_hex(16))
            except ErrorReply as error:
                # https://valkey.io/commands/auth/
                if str(error).startswith("WRONGPASS"):
                    return f"refused: {error}"
                raise Differs(str(error)) from None
        raise Differs(f"{user} logs in with a password that nobody knows")

    def refuses_plaintext(self) -> str:
        """One that does not answer over TLS either refuses nothing."""
        self._must_be_verified()
        with socket.create_connection((self._host, self._port), timeout=CONNECT_SECONDS) as plain:
            plain.settimeout(READ_SECONDS)
            try:
                plain.sendall(b"*1\r\n$4\r\nPING\r\n")
                reply = plain.recv(64)
            except ConnectionError as error:
                return f"refused: {error.strerror}"
        # An alert of TLS begins with its type, a reply of Valkey with a sign that can be read.
        if reply[:1] in (b"+", b"-"):
            raise Differs(f"answers without TLS: {reply.decode(errors='replace').strip()}")
        return "refused: the connection was ended"

    def _must_be_verified(self) -> None:
        if not self._verified:
            raise NotChecked(f"the certificate of {self.endpoint} is not verified: nothing more is said to it")

    def _secured(self) -> Connection:
        return Connection(self._host, self._port, self._access.online_store_trust())


def _group(elasticache: Any, group: str) -> str:
    about = _described(elasticache, group)
    # AWS names the mode only where it is set; encryption without one is required.
    tls = about.get("TransitEncryptionMode", "required") if about.get("TransitEncryptionEnabled") else "none"
    seen = f"{about['Status']}, TLS {tls}"
    if (about["Status"], tls) != ("available", "required"):
        raise Differs(seen)
    return seen


def _key(elasticache: Any, group: str, key_arn: str) -> str:
    about = _described(elasticache, group)
    if not about.get("AtRestEncryptionEnabled"):
        raise Differs("not encrypted")
    if about.get("KmsKeyId") != key_arn:
        raise Differs(about.get("KmsKeyId", "a key of ElastiCache's own"))
    return key_arn


def _described(elasticache: Any, group: str) -> dict[str, Any]:
    (about,) = elasticache.describe_replication_groups(ReplicationGroupId=group)["ReplicationGroups"]
    return about
