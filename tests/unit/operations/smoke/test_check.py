"""What becomes of a check, whatever it meets."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from operations.smoke import check
from operations.smoke.check import Check, Differs, NotChecked, Nothing, Result
from tests.unit.operations.smoke.live import refusal


def question(look: Callable[[], str], needs: check.Needs | None = None) -> Check:
    return Check(name="it", expected="well", remedy="mend it", waits_for="whom", look=look, needs=needs)


def raises(error: Exception) -> Callable[[], str]:
    def look() -> str:
        raise error

    return look


def result(look: Callable[[], str]) -> Result:
    (found,) = check.run([question(look)], frozenset())
    return found


UNREACHABLE = EndpointConnectionError(endpoint_url="https://kms")


@pytest.mark.parametrize(
    ("look", "verdict", "seen", "code"),
    [
        (lambda: "well", "passed", "well", 0),
        (raises(Differs("ill")), "failed", "ill", 1),
        (raises(NotChecked("no key")), "not checked", "no key", 2),
        (raises(Nothing("none")), "not checked", "none", 0),
        (raises(refusal("NotFound", "Get")), "failed", "Get: NotFound: because", 1),
        (raises(refusal("AccessDenied", "Get")), "not checked", "the credentials may not Get: because", 2),
        (raises(UNREACHABLE), "failed", f"whom: {UNREACHABLE}", 1),
        (raises(ConnectionRefusedError(111, "refused")), "failed", "whom: [Errno 111] refused", 1),
        (raises(TimeoutError()), "failed", "whom: TimeoutError", 1),
    ],
)
def test_what_was_met_has_its_verdict(look: Callable[[], str], verdict: str, seen: str, code: int) -> None:
    found = result(look)
    assert (found.verdict, found.seen, check.code([found])) == (verdict, seen, code)


def test_a_fault_of_smokes_own_is_not_a_verdict() -> None:
    with pytest.raises(KeyError):
        result(raises(KeyError("status")))


def test_who_does_not_answer_is_not_waited_for_longer_than_the_deadline() -> None:
    never = threading.Event()

    def look() -> str:
        # So long, and then it would have passed.
        never.wait(2)
        return "well"

    (found,) = check.run([question(look)], frozenset(), deadline_seconds=0.05)
    never.set()
    assert (found.verdict, found.seen) == ("failed", "no answer from whom in 0.05 s")


def test_what_somebody_excused_is_not_asked_and_not_passed() -> None:
    (found,) = check.run([question(raises(AssertionError("asked")), "nodes")], frozenset[check.Needs](["nodes"]))
    assert (found.verdict, found.seen, check.code([found])) == ("not checked", "--without nodes", 0)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (["passed", "passed"], 0),
        (["passed", "failed"], 1),
        (["not checked", "failed"], 1),
        (["not checked", "passed"], 2),
    ],
)
def test_a_failure_counts_more_than_what_is_unknown(verdicts: list[Any], code: int) -> None:
    results = [Result(check=question(lambda: ""), verdict=verdict, seen="") for verdict in verdicts]
    assert check.code(results) == code
