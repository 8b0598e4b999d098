"""Clients of the servers behind databases and caches, and what is left of a server."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from localcloud import processes, toolchain
from localcloud.data_plane import authority
from localcloud.instance import Instance

DATABASE: dict[str, Any] = {
    "identifier": "one",
    "engine": "mysql",
    "engineVersion": "8.4",
    "instanceClass": "db.t4g.medium",
    "allocatedStorage": 20,
    "dbName": "registry",
    "username": "administrator",
    "manageMasterUserPassword": True,
    "masterUserSecretKmsKeyId": "$key.arn",
    "parameterGroupName": "$parameters.id",
    "skipFinalSnapshot": True,
}
CACHE: dict[str, Any] = {
    "replicationGroupId": "one",
    "description": "one",
    "engine": "valkey",
    "engineVersion": "8.0",
    "nodeType": "cache.t4g.small",
    "clusterMode": "enabled",
    "parameterGroupName": "default.valkey8.cluster.on",
    "numNodeGroups": 1,
    "replicasPerNodeGroup": 1,
    "automaticFailoverEnabled": True,
    "transitEncryptionEnabled": True,
    "transitEncryptionMode": "required",
    "applyImmediately": True,
}


def sql(instance: Instance, address: str, statement: str, *, password: str, user: str = "administrator", plaintext: bool = False) -> str:
    """What the server answers: rows, or the error."""
    tls = ["--skip-ssl"] if plaintext else [f"--ssl-ca={authority.file(instance)}", "--ssl-verify-server-cert"]
    argv = ["--no-defaults", f"--host={address}", f"--user={user}", *tls, "--skip-column-names", "--batch", f"--execute={statement}"]
    return _said("mariadb", argv, {"MYSQL_PWD": password})


def redis(instance: Instance, address: str, *command: str, user: str = "", password: str = "", plaintext: bool = False) -> str:
    """What the cluster answers, an error too."""
    tls = [] if plaintext else ["--tls", "--cacert", str(authority.file(instance))]
    login = ["--user", user] if user else []
    return _said("redis-cli", ["-c", "-h", address, *tls, *login, *command], {"REDISCLI_AUTH": password} if user else {})


def _said(client: str, argv: list[str], variables: dict[str, str]) -> str:
    programs = toolchain.data_plane()
    assert programs is not None, "`make tools` fetches them, or says why not"
    environment = {"PATH": os.defpath, **programs.environment, **variables}
    done = subprocess.run([programs.client(client), *argv], env=environment, capture_output=True, text=True, check=False, timeout=30)
    return (done.stdout + done.stderr).strip()


def traces(instance: Instance, slug: str) -> list[str]:
    """Processes, addresses and files of a server."""
    addresses = json.loads(instance.path("addresses.json").read_text())
    files = instance.path("data-plane", "servers", "_").parent.glob(f"{slug}*")
    running = [name for name in processes.running(instance) if name.startswith(slug)]
    return [*running, *(name for name in addresses if name.startswith(slug)), *(str(file) for file in files)]
