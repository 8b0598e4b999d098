"""Wherever bootstrap_state.py is stopped, the next run goes on, and in the end the account is as if nothing had happened."""

from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from tests.unit.scripts.state_account import Account, account, refusal

FAULTS = {"failed": (refusal("InternalError"), False), "answer lost": (ConnectionClosedError(endpoint_url="https://aws"), True)}


@dataclass(frozen=True)
class Life:
    """One account, from the first run until a run comes through, when each call fails the first time that it is made."""

    codes: list[int]
    failed: set[str]
    everything: dict[str, Any]


@pytest.fixture(scope="module")
def undisturbed() -> tuple[dict[str, Any], set[str]]:
    """What an account has after one run without a fault, and the calls of that run."""
    with pytest.MonkeyPatch.context() as patched, account(patched) as made:
        assert made.run() == 0
        calls = {made.named(*each) for each in made.made}
        return made.everything, calls


@pytest.fixture(scope="module", params=FAULTS.values(), ids=list(FAULTS))
def life(request: pytest.FixtureRequest) -> Life:
    with pytest.MonkeyPatch.context() as patched, account(patched) as made, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        made.fault, made.reaches_aws = request.param
        codes = [made.run()]
        while codes[-1] != 0 and len(codes) < 100:
            codes.append(made.run())
        return Life(codes, made.failed, made.everything)


def test_every_call_of_a_run_fails_once(life: Life, undisturbed: tuple[dict[str, Any], set[str]]) -> None:
    assert undisturbed[1] - life.failed == set()


def test_each_fault_ends_one_run_and_no_other(life: Life) -> None:
    assert life.codes == [1] * len(life.failed) + [0]


def test_the_account_is_as_after_one_run_without_a_fault(life: Life, undisturbed: tuple[dict[str, Any], set[str]]) -> None:
    assert life.everything == undisturbed[0]


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with account(monkeypatch) as made:
        yield made


def test_a_failure_says_what_failed_and_to_run_it_again(empty: Account, capsys: pytest.CaptureFixture[str]) -> None:
    empty.answers["CreateKey"] = refusal("LimitExceededException", "too many keys")
    assert empty.run() == 1
    err = capsys.readouterr().err
    assert "too many keys" in err
    assert "run it again when that is mended, and it goes on" in err


def test_an_interrupt_says_to_run_it_again(empty: Account, capsys: pytest.CaptureFixture[str]) -> None:
    empty.answers["PutBucketPolicy"] = KeyboardInterrupt()
    assert empty.run() == 130
    assert "interrupted; run it again to go on" in capsys.readouterr().err
