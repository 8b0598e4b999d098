"""Beside a DB instance: the server that answers at its endpoint, and the secret in which RDS keeps the master password."""

from __future__ import annotations

import json
import secrets
import string
from typing import Any

from localcloud import toolchain
from localcloud.aws.clients import CallFailed, Clients
from localcloud.data_plane import mariadb
from localcloud.data_plane.layout import Key
from localcloud.instance import Instance
from localcloud.provider.values import Properties

_NO_SECRET = "ResourceNotFoundException"
_NO_INSTANCE = ("DBInstanceNotFound", "DBInstanceNotFoundFault")


class _RdsServer:
    def ensure(self, instance: Instance, account: str, state: Properties) -> Properties:
        """Makes the secret; and, where there are programs for it, a server whose endpoint replaces the one that the emulator invented."""
        clients = Clients(state["region"], root_of=account)
        secret = _managed_secret(clients, state)
        found: Properties = {"masterUserSecrets": [secret.output]} if secret else {}
        programs, key = toolchain.data_plane(), _key(account, state)
        if programs is None or state["engine"] != "mysql":
            return found
        before = mariadb.stored(instance, key)
        password = secret.password if secret else state.get("password")
        if password is None and before is None:
            # An imported instance: nobody here knows its password, and AWS tells it to nobody.
            return found
        settings = mariadb.Settings(
            port=int(state["port"]),
            username=state["username"],
            password_hash=mariadb.hashed(password) if password is not None else before.password_hash if before else "",
            database=state.get("dbName") or "",
            parameters=_parameters(clients, state.get("parameterGroupName")),
        )
        address = mariadb.start(instance, key, settings, programs)
        return {**found, "address": address, "endpoint": f"{address}:{settings.port}"}

    def remove(self, instance: Instance, account: str, state: Properties) -> None:
        clients = Clients(state["region"], root_of=account)
        if _is_protected(clients, state["identifier"]):
            # The delete call will be refused: the data must be there afterwards.
            return
        mariadb.delete(instance, _key(account, state))
        _call_unless_gone(clients, "delete_secret", {"SecretId": _secret_name(state), "ForceDeleteWithoutRecovery": True})


class _Secret:
    """The secret of a master user; `output` is its element of masterUserSecrets."""

    def __init__(self, described: dict[str, Any], password: str) -> None:
        self.password = password
        self.output = {"secretArn": described["ARN"], "kmsKeyId": described.get("KmsKeyId"), "secretStatus": "active"}


def _managed_secret(clients: Clients, state: Properties) -> _Secret | None:
    """Made once, where RDS is to manage it; whoever gives it another value changes the password at the next look."""
    name = _secret_name(state)
    # An import does not tell whether RDS manages the password: that there is a secret does.
    described = _call_unless_gone(clients, "describe_secret", {"SecretId": name})
    if described is None and not state.get("manageMasterUserPassword"):
        return None
    if described is None:
        value = {"username": state["username"], "password": _password()}
        request = {"Name": name, "KmsKeyId": state.get("masterUserSecretKmsKeyId"), "SecretString": json.dumps(value)}
        clients.call("secretsmanager", "create_secret", {name: value for name, value in request.items() if value is not None})
        described = clients.call("secretsmanager", "describe_secret", {"SecretId": name})
    value = clients.call("secretsmanager", "get_secret_value", {"SecretId": name})["SecretString"]
    return _Secret(described, json.loads(value)["password"])


def _secret_name(state: Properties) -> str:
    # AWS's name ends with a uuid of its own; this one is found again. A state that was cut short has the id alone, which is the same.
    return f"rds!{(state.get('resourceId') or state['id']).lower()}"


def _password() -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(32))


def _parameters(clients: Clients, group: str | None) -> dict[str, str]:
    if not group:
        return {}
    request, found, marker = {"DBParameterGroupName": group, "Source": "user"}, dict[str, str](), ""
    while True:
        page = clients.call("rds", "describe_db_parameters", {**request, **({"Marker": marker} if marker else {})})
        found |= {each["ParameterName"]: each["ParameterValue"] for each in page["Parameters"] if each.get("ParameterValue")}
        marker = page.get("Marker", "")
        if not marker:
            return found


def _is_protected(clients: Clients, identifier: str) -> bool:
    try:
        instances = clients.call("rds", "describe_db_instances", {"DBInstanceIdentifier": identifier})["DBInstances"]
    except CallFailed as error:
        if error.code in _NO_INSTANCE:
            return False
        raise
    return any(each.get("DeletionProtection") for each in instances)


def _call_unless_gone(clients: Clients, operation: str, request: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return clients.call("secretsmanager", operation, request)
    except CallFailed as error:
        if error.code == _NO_SECRET:
            return None
        raise


def _key(account: str, state: Properties) -> Key:
    return Key("mysql", account, state["region"], state["identifier"])


RDS_SERVER = _RdsServer()
