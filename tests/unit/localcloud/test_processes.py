"""Processes that outlive who started them."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from localcloud import processes
from localcloud.instance import Instance, write_atomically
from localcloud.provider import cancellation

_SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
_STUBBORN = [
    sys.executable, "-u", "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)",
]  # fmt: skip

_ENDS_WHEN_TOLD_TWICE = [
    sys.executable, "-u", "-c",
    "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]); print('ready');"
    " signal.sigwait([signal.SIGTERM]); print('told'); signal.sigwait([signal.SIGTERM])",
]  # fmt: skip


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


def _pid(instance: Instance, name: str) -> int:
    return json.loads(instance.path("run", f"{name}.json").read_text())["pid"]


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_started_process_lives_until_it_is_stopped(instance: Instance) -> None:
    processes.start(instance, "sleeper", _SLEEP)
    assert processes.alive(instance, "sleeper")
    assert processes.running(instance) == ["sleeper"]
    assert processes.stop(instance, "sleeper")
    assert not processes.alive(instance, "sleeper")
    assert processes.running(instance) == []


def test_starting_twice_keeps_the_first(instance: Instance) -> None:
    processes.start(instance, "sleeper", _SLEEP)
    first = _pid(instance, "sleeper")
    processes.start(instance, "sleeper", _SLEEP)
    assert _pid(instance, "sleeper") == first
    processes.stop(instance, "sleeper")


def test_it_has_a_session_of_its_own_so_that_an_interrupt_does_not_reach_it(instance: Instance) -> None:
    processes.start(instance, "sleeper", _SLEEP)
    assert os.getsid(_pid(instance, "sleeper")) == _pid(instance, "sleeper")
    processes.stop(instance, "sleeper")


def test_stopping_what_does_not_run_is_clean(instance: Instance) -> None:
    assert processes.stop(instance, "never-started")


def test_a_process_that_does_not_end_in_time_is_killed_and_that_is_said(instance: Instance) -> None:
    processes.start(instance, "stubborn", _STUBBORN)
    _wait_for(lambda: "deaf" in processes.log_tail(instance, "stubborn"))
    assert not processes.stop(instance, "stubborn", grace_seconds=0.2)
    assert not processes.alive(instance, "stubborn")


def test_a_crash_is_told_from_a_stop(instance: Instance) -> None:
    processes.start(instance, "crashing", _SLEEP)
    processes.start(instance, "stopped", _SLEEP)
    os.kill(_pid(instance, "crashing"), signal.SIGKILL)
    processes.stop(instance, "stopped")
    _wait_for(lambda: processes.lost(instance) == ["crashing"])


def test_another_process_under_the_same_pid_is_not_taken_for_it(instance: Instance) -> None:
    write_atomically(instance.path("run", "old.json"), f'{{"pid": {os.getpid()}, "started": 1}}')
    assert not processes.alive(instance, "old")
    assert processes.stop(instance, "old"), "and this process must survive it"


def test_the_log_of_the_run_before_is_kept(instance: Instance) -> None:
    for word in ("first", "second"):
        processes.start(instance, "speaker", [sys.executable, "-c", f"print({word!r})"])
        _wait_for(lambda: not processes.alive(instance, "speaker"))
    assert processes.log_tail(instance, "speaker") == "second"
    assert processes.log_path(instance, "speaker").with_suffix(".log.previous").read_text() == "first\n"


def test_a_name_that_is_a_path_is_refused(instance: Instance) -> None:
    with pytest.raises(ValueError, match="process name"):
        processes.start(instance, "../up", _SLEEP)


def test_a_process_that_nobody_could_write_down_is_ended_before_its_successor_starts(instance: Instance) -> None:
    processes.start(instance, "sleeper", _SLEEP)
    processes.start(instance, "other", _SLEEP)
    lost, other = _pid(instance, "sleeper"), _pid(instance, "other")
    # As when the starter is killed between the start and the note of it.
    for name in ("sleeper", "other"):
        instance.path("run", f"{name}.json").unlink()
    processes.start(instance, "sleeper", _SLEEP)
    _wait_for(lambda: _state(lost) == "Z")
    assert _state(other) != "Z"
    processes.end_unrecorded(instance)
    _wait_for(lambda: _state(other) == "Z")
    assert processes.alive(instance, "sleeper")
    processes.stop(instance, "sleeper")


def _half_stopped(instance: Instance, argv: list[str], when: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """`slow`, which was told to end once its log had `when`; whoever stopped it was interrupted while it waited for that."""
    processes.start(instance, "slow", argv)
    _wait_for(lambda: when in processes.log_tail(instance, "slow"))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(processes, "_wait_until_gone", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            processes.stop(instance, "slow")
    return _pid(instance, "slow")


def _interrupted(*_: object) -> bool:
    raise KeyboardInterrupt


def test_what_a_stop_that_was_cut_short_has_told_to_end_is_not_taken_for_running(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _half_stopped(instance, _ENDS_WHEN_TOLD_TWICE, "ready", monkeypatch)
    _wait_for(lambda: "told" in processes.log_tail(instance, "slow"))
    processes.start(instance, "slow", _SLEEP)
    assert _pid(instance, "slow") != before
    assert processes.alive(instance, "slow")
    assert not Path(f"/proc/{before}").exists()
    processes.stop(instance, "slow")


def test_what_ended_after_a_stop_that_was_cut_short_is_not_lost(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    processes.start(instance, "crashed", _SLEEP)
    os.kill(_pid(instance, "crashed"), signal.SIGKILL)
    _half_stopped(instance, [*_SLEEP[:1], "-u", "-c", "print('ready'); import time; time.sleep(60)"], "ready", monkeypatch)
    _wait_for(lambda: processes.ended(instance) == ["crashed", "slow"])
    assert processes.lost(instance) == ["crashed"]


def test_a_cancelled_update_does_not_wait_for_what_was_told_to_end(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = _half_stopped(instance, _STUBBORN, "deaf", monkeypatch)
    monkeypatch.setattr(cancellation, "_asked", threading.Event())
    cancellation.ask()
    with pytest.raises(cancellation.Interrupted, match="the end of slow"):
        processes.start(instance, "slow", _SLEEP)
    assert _pid(instance, "slow") == deaf
    assert not processes.stop(instance, "slow", grace_seconds=0.0)


def test_what_ends_by_itself_while_it_is_being_stopped_is_no_error(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    processes.start(instance, "sleeper", _SLEEP)

    def ended_meanwhile(*_: object) -> None:
        os.kill(_pid(instance, "sleeper"), signal.SIGKILL)
        _wait_for(lambda: not processes.alive(instance, "sleeper"))

    monkeypatch.setattr(processes, "_write", ended_meanwhile)
    assert processes.stop(instance, "sleeper")
