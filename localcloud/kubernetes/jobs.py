"""Carries out Jobs that set up databases: there are no nodes to run their pods, and there is a server to run them against.

What is run is the Job's own program with the Job's own files, read from the API server, in a process of this machine. Put in place of the
Job's: how the server is told of passwords, for it is MariaDB; its certificate authority; and the credentials, which are the account's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from localcloud import toolchain
from localcloud.data_plane import authority, servers
from localcloud.instance import Instance
from localcloud.kubernetes.api import Api, ApiError, Object
from localcloud.kubernetes.kinds import TypeName
from localcloud.provider.log import warn

STATEMENTS = "ml-platform/database-statements"
"""The annotation that names the ConfigMap with what the Job runs."""

JOB = TypeName("batch/v1", "Job")

CLAUSES = {"password": "IDENTIFIED BY {secret}", "new_password": "IDENTIFIED BY {secret}"}
"""How MariaDB is told how a user proves who it is. It has one password for each, and no plugin for IAM: such users are left out."""

_LONGEST_SECONDS = 120
_ATTEMPTS = 5
_MANAGER = "localcloud"


class Failed(Exception):
    """The Job's program ended with an error; what it said has no secret in it."""


def carry_out(instance: Instance, api: Api, type_name: TypeName, live: Object) -> Object:
    """Runs what a Job with the annotation is for, unless it is complete, and returns the Job, complete. Other objects stay as they are.

    Where nothing answers at the server's endpoint the Job stays as it is, with a warning. Raises Failed, ApiError, Unreachable,
    subprocess.TimeoutExpired.
    """
    metadata = cast("Mapping[str, Any]", live["metadata"])
    name = (metadata.get("annotations") or {}).get(STATEMENTS)
    if type_name != JOB or name is None or _is_complete(live):
        return live
    environment = _environment(live)
    endpoint = f"{environment['DATABASE_HOST']}:{environment['DATABASE_PORT']}"
    if not any(server.endpoint == endpoint for server in servers.found(instance)):
        why = servers.MISSING if toolchain.data_plane() is None else f"no server of the local cloud is at {endpoint}"
        warn(f"Job {metadata['name']} was not run, so there are no databases and users of it: {why}")
        return live
    kind = api.kind("v1", "ConfigMap")
    files = api.get(kind, metadata["namespace"], name) if kind else None
    if files is None:
        raise Failed(f"ConfigMap {name}, which the Job runs, is not there: make it before the Job")
    _run(instance, files["data"], environment)
    return _completed(api, live)


def _run(instance: Instance, files: Mapping[str, str], environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        for name, text in {**files, "clauses.json": json.dumps(CLAUSES)}.items():
            Path(directory, name).write_text(text, encoding="utf-8")
        region, account = environment["MASTER_SECRET"].split(":")[3:5]
        variables = {
            # Not those of whoever makes the Job, which may be a session's: pods have their own.
            **{name: value for name, value in os.environ.items() if name != "AWS_SESSION_TOKEN"},
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "local",
            **environment,
            "DATABASE_CA": str(authority.file(instance)),
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
        }
        done = subprocess.run(
            [sys.executable, str(Path(directory, "run.py")), directory],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_SECONDS,
            # Ctrl-C is for the engine, which waits for what has begun.
            start_new_session=True,
        )
    if done.returncode != 0:
        raise Failed((done.stderr or done.stdout).strip())


def _environment(job: Object) -> Mapping[str, str]:
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each["value"] for each in container["env"]}


def _is_complete(job: Object) -> bool:
    conditions = (job.get("status") or {}).get("conditions") or []
    return any(each["type"] == "Complete" and each["status"] == "True" for each in conditions)


def _completed(api: Api, job: Object) -> Object:
    """Says of the Job what its controller would, had a pod of it ended well. The controller writes into its status too, until it is."""
    metadata = job["metadata"]
    kind = api.kind(JOB.api_version, JOB.kind)
    assert kind is not None  # it has just been applied
    path = kind.path(metadata["namespace"], metadata["name"])
    for attempts_left in reversed(range(_ATTEMPTS)):
        status = _complete(api.request("GET", path).get("status") or {})
        try:
            return api.request("PATCH", f"{path}/status", {"fieldManager": _MANAGER}, {"status": status}, "application/merge-patch+json")
        except ApiError as error:
            # It has set a field meanwhile that cannot change again.
            if error.status not in (409, 422) or not attempts_left:
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def _complete(status: Mapping[str, Any]) -> Object:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    conditions = [
        {"type": type_, "status": "True", "lastProbeTime": now, "lastTransitionTime": now, "reason": "CarriedOutByLocalcloud",
         "message": "no pod ran: the local cloud ran the Job's program itself"}
        for type_ in ("SuccessCriteriaMet", "Complete")
    ]  # fmt: skip
    return {"startTime": status.get("startTime", now), "completionTime": now, "succeeded": 1, "ready": 0, "terminating": 0,
            "conditions": conditions}  # fmt: skip
