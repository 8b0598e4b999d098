"""The engine's request that a provider gives up, for waits that no provider object reaches."""

import threading

from localcloud.provider.interface import Refused

_asked = threading.Event()


class Interrupted(Refused):
    """The user ended the update while this process was waiting; what is there by then stays, and the next update goes on."""


def ask() -> None:
    """From now on every `pause` of this process ends at once."""
    _asked.set()


def pause(seconds: float, waiting_for: str) -> None:
    """Lets `seconds` pass between two looks. Raises Interrupted as soon as the user wants the update to end."""
    if _asked.wait(seconds):
        raise Interrupted(f"waiting for {waiting_for} was interrupted; the next `pulumi up` goes on")
