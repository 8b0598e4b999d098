"""Processes of an instance: detached from who starts them, found again by whoever stops them, on Linux's /proc."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from localcloud.instance import Instance, write_atomically
from localcloud.provider import cancellation

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

# As long as the slowest takes: the emulator, which saves what it holds.
_HALF_STOPPED_GRACE_SECONDS = 30.0

# In the environment of each process: whose it is.
_MARK = "LOCALCLOUD_PROCESS"

# Kept so that a child that ended is reaped here and does not linger as a zombie.
_children: dict[int, subprocess.Popen[bytes]] = {}


class ProcessFailed(RuntimeError):
    """A process of the instance ended, or did not answer in time; the message has the end of its log."""


@dataclass(frozen=True)
class _Record:
    pid: int
    started: int  # clock ticks after boot: with the pid it names one process, never its successor under the same pid
    stopping: bool = False  # it was told to end

    def alive(self) -> bool:
        child = _children.get(self.pid)
        if child is not None:
            child.poll()
        return start_time(self.pid) == self.started


def start(instance: Instance, name: str, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> None:
    """Starts `argv` as the instance's process `name`; returns at once. Nothing happens when it is alive already.

    It runs in a session of its own, so a Ctrl-C for the caller, or the caller's end, does not reach it. `env` is its whole
    environment (None: the caller's). stdout and stderr go to `log/NAME.log`; the log of the run before is kept as `.previous`.
    Raises ProcessFailed when the one before does not end, though a stop that was cut short has told it to, and
    cancellation.Interrupted when the update is cancelled while that one ends.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"process name {name!r}: use letters, digits, '.', '_' and '-'.")
    with instance.locked(f"process-{name}"):
        before = _read(instance, name)
        if before is not None and before.alive():
            if not before.stopping:
                return
            # Whoever was stopping it was killed, or they would hold the lock: it is ending, and must not be taken for running.
            if not _end(before, _HALF_STOPPED_GRACE_SECONDS, lambda seconds: cancellation.pause(seconds, f"the end of {name}")):
                seconds = f"{_HALF_STOPPED_GRACE_SECONDS:.0f} s"
                raise ProcessFailed(f"{name}: a stop that was cut short had told it to end; after {seconds} it was killed: try again")
        end_unrecorded(instance, name)
        log = log_path(instance, name)
        if log.exists():
            log.replace(log.with_suffix(".log.previous"))
        own = {**(os.environ if env is None else env), _MARK: f"{instance.directory}:{name}"}
        with log.open("wb") as output:
            child = subprocess.Popen(
                list(argv), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=own, start_new_session=True, cwd=instance.directory,
            )  # fmt: skip
        _children[child.pid] = child
        _write(instance, name, _Record(child.pid, start_time(child.pid) or 0))


def alive(instance: Instance, name: str) -> bool:
    """Whether the process that was started under `name` is still running (a zombie is not)."""
    record = _read(instance, name)
    return record is not None and record.alive()


def stop(instance: Instance, name: str, grace_seconds: float = 5.0) -> bool:
    """Ends the process `name`: SIGTERM, and SIGKILL to its whole session after `grace_seconds`. Idempotent.

    True when it was not running, or ended by itself in time: then what it saves at its end is saved.
    """
    with instance.locked(f"process-{name}"):
        record = _read(instance, name)
        clean = True
        if record is not None and record.alive():
            _write(instance, name, replace(record, stopping=True))
            clean = _end(record, grace_seconds)
        _record_path(instance, name).unlink(missing_ok=True)
        return clean


def running(instance: Instance) -> list[str]:
    """The names of the instance's live processes, sorted."""
    return [name for name in _recorded(instance) if alive(instance, name)]


def ended(instance: Instance) -> list[str]:
    """The names of processes that ended while nobody was there who had stopped them: the lost ones, and those whose stop broke
    off after it had told them to end."""
    return [name for name in _recorded(instance) if not alive(instance, name)]


def lost(instance: Instance) -> list[str]:
    """The names of processes that ended without being told to through here: crashed, killed, or gone with the machine."""
    return [name for name in ended(instance) if (record := _read(instance, name)) is not None and not record.stopping]


def end_unrecorded(instance: Instance, name: str = "") -> None:
    """Kills processes, or those called `name`, whose starter was killed before it had written down that they exist."""
    recorded = {record.pid for each in _recorded(instance) if (record := _read(instance, each))}
    wanted = f"{_MARK}={instance.directory}:{name}".encode()
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            variables = (directory / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # it ended meanwhile, or is another user's
        if int(directory.name) not in recorded and any(each == wanted or (not name and each.startswith(wanted)) for each in variables):
            _kill_session(int(directory.name))


def log_path(instance: Instance, name: str) -> Path:
    """Where the process `name` writes its stdout and stderr."""
    return instance.path("log", f"{name}.log")


def log_tail(instance: Instance, name: str, lines: int = 20) -> str:
    """The last `lines` lines of the process's log, for error messages; says so when there is nothing."""
    path = log_path(instance, name)
    text = path.read_text(errors="replace") if path.exists() else ""
    return "\n".join(text.splitlines()[-lines:]) or f"({path} is empty)"


def _recorded(instance: Instance) -> list[str]:
    return sorted(path.stem for path in instance.path("run", "_").parent.glob("*.json"))


def _record_path(instance: Instance, name: str) -> Path:
    return instance.path("run", f"{name}.json")


def _read(instance: Instance, name: str) -> _Record | None:
    try:
        stored = json.loads(_record_path(instance, name).read_text())
    except FileNotFoundError:
        return None
    return _Record(stored["pid"], stored["started"], stored.get("stopping", False))


def _write(instance: Instance, name: str, record: _Record) -> None:
    write_atomically(_record_path(instance, name), json.dumps(asdict(record)))


def _end(record: _Record, grace_seconds: float, pause: Callable[[float], None] = time.sleep) -> bool:
    """Whether it ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(record.pid, signal.SIGTERM)
    clean = _wait_until_gone(record, grace_seconds, pause)
    if not clean:
        _kill_session(record.pid)
        _wait_until_gone(record, 5.0, pause)
    return clean


def start_time(pid: int) -> int | None:
    """When the process began, in ticks since the machine did: no later process with the pid has the same. None when it has ended."""
    try:
        # The command name may hold spaces and brackets: the fields begin after the last bracket.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def _wait_until_gone(record: _Record, seconds: float, pause: Callable[[float], None]) -> bool:
    deadline = time.monotonic() + seconds
    while record.alive():
        if time.monotonic() > deadline:
            return False
        pause(0.02)
    return True


def _kill_session(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
