"""The certificate authority of a local cloud's servers, which its clients are given as a file."""

from __future__ import annotations

import shutil
import ssl
from pathlib import Path

from localcloud.certificates import Authority, authority, issue
from localcloud.instance import Instance

_NAME = "ca"


def file(instance: Instance) -> Path:
    """Where clients find the certificate, once there has been a server."""
    return instance.path("data-plane", "ca.pem")


def issue_once(instance: Instance, directory: Path, address: str) -> None:
    """Makes server.crt and server.key in `directory`, for a server that is reached by `address`, unless they are there."""
    if (directory / "server.crt").exists():
        return
    # As a client's certificate too: the nodes of a cluster are each other's clients.
    issue(directory, "server", _authority(instance), address, addresses=[address])


def context(instance: Instance) -> ssl.SSLContext:
    """Trusts the authority, and nothing else."""
    return ssl.create_default_context(cafile=str(file(instance)))


def _authority(instance: Instance) -> Authority:
    directory = instance.path("data-plane", "authority")
    with instance.locked("data-plane-authority"):
        if not directory.exists():
            draft = directory.with_name("authority.draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700)
            authority(draft, _NAME)
            shutil.copyfile(draft / f"{_NAME}.crt", file(instance))
            # Renamed at the end, so that a crash half-way leaves nothing that looks complete.
            draft.rename(directory)
    return Authority.load(directory, _NAME)
