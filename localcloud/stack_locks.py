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
        try:
            lock, stack = json.loads(path.read_text()), path.parent.name
        except FileNotFoundError:
            continue  # its holder has ended meanwhile
        if lock["hostname"] != socket.gethostname():
            holder = f"{lock['username']}@{lock['hostname']} (process {lock['pid']}, since {lock['timestamp']})"
            say(f"Stack {stack} is locked by {holder}, which cannot be seen from here.")
            say(f"If that pulumi has ended: `pulumi cancel --yes --stack {stack}`.")
        elif not _held(lock):
            path.unlink(missing_ok=True)
            say(f"Removed the lock on stack {stack} of a pulumi that is gone (process {lock['pid']}).")


def _held(lock: dict[str, Any]) -> bool:
    """A process that has the holder's pid is not the holder if it began after the lock was taken. A pulumi is taken for it even
    then: when the clock is set, a process seems to have begun at another time, and a lock that stays can be taken off by hand."""
    began = _began(lock["pid"])
    taken = datetime.fromisoformat(lock["timestamp"]).timestamp()
    return began is not None and (began <= taken + _TOLERANCE_SECONDS or _program(lock["pid"]) == "pulumi")


def _began(pid: int) -> float | None:
    """When the process that has the pid now was started, in seconds of the Unix epoch, to the second; None when there is none."""
    ticks = processes.start_time(pid)
    if ticks is None:
        return None
    boot = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime "))
    return int(boot.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")


def _program(pid: int) -> str | None:
    """The name of the program that the process runs, cut to 15 characters; another user's as well. None when it has ended."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().rstrip("\n")
    except (FileNotFoundError, ProcessLookupError):
        return None
