"""One question to a live environment, and what became of it."""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

Verdict = Literal["passed", "failed", "not checked"]
Needs = Literal["clusters", "nodes", "registry", "online-store", "online-store-key"]
"""What is not reached from everywhere, or not there everywhere."""

DEADLINE_SECONDS = 30
"""Of one check; what asks several times is done sooner."""

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"})
"""As what AWS's services say that the caller may not: S3, RDS and CloudWatch; those of JSON; SNS; EC2."""


class Differs(RuntimeError):
    """It is not as it should be; the message says how it is."""


class NotChecked(RuntimeError):
    """It is unknown how it is; the message says what stands in the way."""


class Nothing(NotChecked):
    """There is nothing that could be wrong; the message says what there is none of."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """It changes nothing."""

    name: str
    expected: str
    remedy: str
    waits_for: str
    """Who is asked."""
    look: Callable[[], str]
    """Returns what was seen, which is as expected. Raises Differs, NotChecked, or what boto3 and sockets do."""
    needs: Needs | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    check: Check
    verdict: Verdict
    seen: str
    """What is there, or why it is not checked."""
    excused: bool = False
    """Of what is not checked: whether somebody said so, or there is nothing to check."""
    seconds: float = 0.0


def run(checks: Sequence[Check], without: frozenset[Needs], deadline_seconds: float = DEADLINE_SECONDS) -> list[Result]:
    """One after the other, in their order: later ones rest on earlier ones."""
    return [_excused(check, check.needs) if check.needs in without else _run(check, deadline_seconds) for check in checks]


def code(results: Sequence[Result]) -> int:
    """The exit code: 1 a check failed; 2 none did, and one could not be made that nobody excused; 0 otherwise."""
    if any(each.verdict == "failed" for each in results):
        return 1
    return 2 if any(each.verdict == "not checked" and not each.excused for each in results) else 0


def _excused(check: Check, needs: Needs | None) -> Result:
    return Result(check=check, verdict="not checked", seen=f"--without {needs}", excused=True)


def _run(check: Check, deadline_seconds: float) -> Result:
    found: list[Result | BaseException] = []

    def look() -> None:
        try:
            found.append(_result(check))
        except BaseException as error:  # It is raised again below, where somebody sees it.
            found.append(error)

    began = time.monotonic()
    # A daemon: what never answers is not waited for at the end either.
    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(deadline_seconds)
    if not found:
        return Result(
            check=check,
            verdict="failed",
            seen=f"no answer from {check.waits_for} in {deadline_seconds:g} s",
            seconds=time.monotonic() - began,
        )
    (outcome,) = found
    if isinstance(outcome, BaseException):
        raise outcome
    return replace(outcome, seconds=time.monotonic() - began)


def _result(check: Check) -> Result:
    try:
        return Result(check=check, verdict="passed", seen=check.look())
    except Nothing as reason:
        return Result(check=check, verdict="not checked", seen=str(reason), excused=True)
    except NotChecked as reason:
        return Result(check=check, verdict="not checked", seen=str(reason))
    except Differs as difference:
        return Result(check=check, verdict="failed", seen=str(difference))
    except ClientError as error:
        about = error.response.get("Error", {})
        if about.get("Code") in _DENIED:
            return Result(
                check=check, verdict="not checked", seen=f"the credentials may not {error.operation_name}: {about.get('Message')}"
            )
        return Result(check=check, verdict="failed", seen=f"{error.operation_name}: {about.get('Code')}: {about.get('Message')}")
    except (BotoCoreError, OSError, http.client.HTTPException) as error:
        return Result(check=check, verdict="failed", seen=f"{check.waits_for}: {str(error) or type(error).__name__}")
