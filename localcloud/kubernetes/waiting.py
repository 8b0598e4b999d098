"""How long an API server that does not answer is waited for."""

from __future__ import annotations

from typing import Any

import urllib3

from localcloud.provider.cancellation import pause

# What can be asked again waits as long as a cancelled update may take to end; a loaded two-core machine answers in milliseconds.
_REPEATABLE_TIMEOUT_SECONDS = 4
_REPETITIONS = 7
# Generous: admission may call the token webhook.
_APPLY_TIMEOUT_SECONDS = 30
_APPLY = "PATCH"


def timeout_seconds(method: str) -> int:
    """For one attempt."""
    return _APPLY_TIMEOUT_SECONDS if method == _APPLY else _REPEATABLE_TIMEOUT_SECONDS


def until_cancelled() -> urllib3.Retry:
    """How the client repeats what got no answer and can be repeated, which applying is not: eight attempts, and none after the
    update was cancelled. Then it raises cancellation.Interrupted."""
    return _UntilCancelled(_REPETITIONS)


class _UntilCancelled(urllib3.Retry):
    def increment(self, method: str | None = None, *arguments: Any, **named: Any) -> _UntilCancelled:
        # Of what was applied it must be known that no answer came.
        if method != _APPLY:
            pause(0, "an answer of the API server")
        return super().increment(method, *arguments, **named)
