"""What an interrupt does to a program that is shown: it is told, finishes what it does, and nobody goes on as if nothing was."""

import io
import os
import signal
import sys
from pathlib import Path

import pytest

from scripts.shown import INTERRUPTED, shown

# Has the one that waits for it interrupted, as somebody would who is not at its terminal, and waits to be told.
PROGRAM = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
os.kill(os.getppid(), int(sys.argv[1]))
told = signal.sigtimedwait([signal.SIGINT], 20)
print("told" if told else "not told", flush=True)
sys.exit(int(sys.argv[2]))
"""


@pytest.fixture(autouse=True)
def _not_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    monkeypatch.setattr(sys, "stdin", io.StringIO())


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("ends_with", [0, 7])
def test_program_is_told_of_an_interrupt_and_its_end_is_one_however_it_ends(
    tmp_path: Path, sent: signal.Signals, ends_with: int, capfd: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(sent)
    assert shown([sys.executable, "-SE", "-c", PROGRAM, str(int(sent)), str(ends_with)], tmp_path, os.environ) == INTERRUPTED
    assert capfd.readouterr().out == "told\n"
    assert signal.getsignal(sent) == before


@pytest.mark.parametrize("code", [0, 7])
def test_program_that_nobody_interrupts_ends_as_it_ends(tmp_path: Path, code: int) -> None:
    assert shown([sys.executable, "-SE", "-c", f"raise SystemExit({code})"], tmp_path, os.environ) == code


def test_program_runs_where_and_with_what_it_was_given(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program = "import os; print(os.getcwd(), os.environ['GIVEN'])"
    assert shown([sys.executable, "-SE", "-c", program], tmp_path, {**os.environ, "GIVEN": "this"}) == 0
    assert capfd.readouterr().out == f"{tmp_path} this\n"
