"""Runs one Pulumi program for the language host, in a process of its own so that nothing of one run is left in the next.

A script with two arguments: the file with the engine's RunRequest, and the file for the RunResponse. The program sees
`sys.path`, `sys.argv` and `__main__` as under plain `python`; nothing of the local cloud is importable through this script.
"""

import asyncio
import os
import runpy
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, cast

from pulumi import RunError
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2
from pulumi.runtime.settings import SETTINGS


def main() -> None:
    """Writes the outcome; what went wrong was sent to the engine already, so the response only says to stop."""
    request = language_pb2.RunRequest.FromString(Path(sys.argv[1]).read_bytes())
    response_file = Path(sys.argv[2])
    # When an update fails or is cancelled the engine interrupts the whole group. The host ends this process; a traceback of
    # the interrupt would bury what went wrong.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    directory = Path(request.info.program_directory)
    os.chdir(request.pwd or directory)
    result = LanguageServer(lambda: _registered(directory, request.info)).Run(request, cast(Any, None))  # it does not use the context
    response_file.write_bytes(language_pb2.RunResponse(bail=bool(result.error)).SerializeToString())


async def _registered(directory: Path, info: language_pb2.ProgramInfo) -> None:
    _run_program(directory, info)
    # The program's registrations are tasks that have not begun. Let them: the SDK then waits for each of them, and not for all
    # of their outputs again after each that is there, which at 500 resources is a fifth of a preview (decision 0007).
    await asyncio.sleep(0)


def _run_program(directory: Path, info: language_pb2.ProgramInfo) -> None:
    # The Automation API's server leaves it out; the official language host says it.
    SETTINGS.root_directory = info.root_directory  # pyright: ignore[reportAttributeAccessIssue]
    script = directory / info.entry_point
    path = script / "__main__.py" if script.is_dir() else script
    if not path.is_file():
        raise RunError(f"The program's directory {script} has no __main__.py.")
    sys.path.insert(0, str(path.parent))
    sys.argv = [str(path)]
    try:
        runpy.run_path(str(path), run_name="__main__")
    except RunError:
        raise
    except SystemExit as end:
        if end.code not in (None, 0):
            raise RunError(f"The program ended itself with {end.code!r}.") from end
    except Exception as error:
        raise RunError(f"The program raised an exception:\n{_traceback(error, path)}") from error


def _traceback(error: Exception, program: Path) -> str:
    """The traceback from the program's first line on, without the frames that lead there."""
    frames = traceback.extract_tb(error.__traceback__)
    first = next((index for index, frame in enumerate(frames) if frame.filename == str(program)), 0)
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(frames[first:]), *traceback.format_exception_only(error)]
    return "".join(lines)


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
