"""Runs Feast's command and scripts, each in a process of its own that has imported Feast already: importing it takes longest by far.

Feast's own Python runs this. A line of JSON says what to run, `{"argv": [...], "directory": ..., "environment": {...}, "output": FILE,
"seconds": 300}`, and is answered with its exit code. What takes longer than `seconds` is ended by SIGALRM.
"""
# Feast is not in the environment that checks the types.
# pyright: reportMissingImports=false

import importlib
import json
import os
import runpy
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from feast.cli.cli import cli

# What Feast itself imports once it has read its configuration.
_LATER = ("compute_engines.local.compute", "offline_stores.dask", "online_stores.redis", "registry.sql")


def main() -> None:
    for module in _LATER:
        importlib.import_module(f"feast.infra.{module}")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(request: dict[str, Any]) -> None:
    """Ends the process, with the exit code that Python would end with."""
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream, to in ((0, os.open(os.devnull, os.O_RDONLY)), (1, output), (2, output)):
        os.dup2(to, stream)
    signal.alarm(request["seconds"])
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["directory"])
    sys.argv = request["argv"]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    code = 0
    try:
        cli() if sys.argv[0] == "feast" else runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
