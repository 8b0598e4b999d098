"""The lock of a stack's state in a bucket or a directory, as Pulumi reports it: pkg/backend/diy/lock.go of pulumi/pulumi."""

import os
import re
import socket
from dataclasses import dataclass

_SAYS = re.compile(r"the stack is currently locked by \d+ lock\(s\)")
_HOLDER = re.compile(r": created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<since>\S+)")


@dataclass(frozen=True)
class Lock:
    """Who holds a stack, and since when."""

    user: str
    host: str
    pid: int
    since: str

    @property
    def is_abandoned(self) -> bool:
        """Whether it is known that whoever made it has ended; of another machine it is not known."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


def is_met(said: str) -> bool:
    """Whether a pulumi ended at a lock, by what it said."""
    return _SAYS.search(said) is not None


def held(said: str) -> list[Lock]:
    """The locks that a pulumi ended at, by what it said; none where it ended otherwise."""
    if not is_met(said):
        return []
    return [Lock(each["user"], each["host"], int(each["pid"]), each["since"]) for each in _HOLDER.finditer(said)]


def as_text(stack: str, locks: list[Lock]) -> str:
    """Who holds the stack, and what to do: a lock that is taken from a run that goes on lets two of them write one state."""
    lines = [f"the state of {stack} is locked, and nothing was begun:"]
    lines += [f"  by {each.user} on {each.host}, process {each.pid}, since {each.since}" for each in locks]
    if all(each.is_abandoned for each in locks):
        return "\n".join([*lines, f"That process has ended without taking it off: `pulumi cancel --yes --stack {stack}`, then plan again."])
    lines += ["Wait for that run. Only when it is certain that it has ended, as that its job in CI was killed, take the lock off:"]
    return "\n".join([*lines, f"  pulumi cancel --yes --stack {stack}"])
