"""Locks that a Pulumi which was killed has left on stacks of a local state."""

import json
import os
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from localcloud import processes
from localcloud.instance import Instance

# A boot is dated to the second: two times of one moment can differ by as much.
_TOLERANCE_SECONDS = 2.0


def release_stale(instance: Instance, say: Callable[[str], None]) -> None:
    """Removes the locks whose holder has ended, and says so. A lock of another host stays: nothing here shows whether its holder
    has ended, so it names the holder and the command that removes the lock."""
    for path in sorted(instance.path("state", ".pulumi").glob("locks/**/*.json")):
        lock, stack = json.loads(path.read_text()), path.parent.name
        if lock["hostname"] != socket.gethostname():
            holder = f"{lock['username']}@{lock['hostname']} (process {lock['pid']}, since {lock['timestamp']})"
            say(f"Stack {stack} is locked by {holder}, which cannot be seen from here.")
            say(f"If that pulumi has ended: `pulumi cancel --yes --stack {stack}`.")
        elif not _held(instance, lock):
            path.unlink()
            say(f"Removed the lock on stack {stack} of a pulumi that is gone (process {lock['pid']}).")


def _held(instance: Instance, lock: dict[str, Any]) -> bool:
    """A process that has the holder's pid is the holder only if it was there when the lock was taken, and uses this state."""
    began = processes.began(lock["pid"])
    taken = datetime.fromisoformat(lock["timestamp"]).timestamp()
    return began is not None and began <= taken + _TOLERANCE_SECONDS and _uses_state_of(instance, lock["pid"])


def _uses_state_of(instance: Instance, pid: int) -> bool:
    backend = f"PULUMI_BACKEND_URL=file://{instance.path('state')}"
    try:
        return os.fsencode(backend) in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except FileNotFoundError:
        return False
