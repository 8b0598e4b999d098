"""`python -m localcloud.toolchain`: makes whatever tool is not in the cache.

`--tests`: those that only tests and figures need as well; `--packages LOCK`: fills the running environment instead.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from localcloud.toolchain.build import CannotBuild, ensure, install_packages, log_path
from localcloud.toolchain.catalogue import DATA_PLANE, TEST_TOOLS, TOOLS, GoFiles, GoTool, PythonTool, cache


def main() -> int:
    parser = argparse.ArgumentParser(prog="localcloud.toolchain", description=__doc__)
    parser.add_argument("--packages", type=Path, metavar="LOCK", help="install this lock file into the environment that runs this")
    parser.add_argument("--tests", action="store_true", help="make the tools that only tests and figures need as well")
    arguments = parser.parse_args()
    lock: Path | None = arguments.packages
    try:
        if lock is None:
            return _make_tools((*TOOLS, *TEST_TOOLS) if arguments.tests else TOOLS)
        install_packages(lock, usually="90 s")
    except CannotBuild as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept; run it again to go on.", file=sys.stderr)
        return 130
    return 0


def _make_tools(wanted: Sequence[GoTool | PythonTool | GoFiles]) -> int:
    missing = [tool for tool in wanted if not tool.target.exists()]
    if missing:
        _make_missing(missing)
    if not DATA_PLANE.target.exists():
        _make_data_plane()
    return 0


def _make_missing(missing: list[GoTool | PythonTool | GoFiles]) -> None:
    began = time.monotonic()
    print(f"Tools of the local cloud, made once and kept in {cache()}:", flush=True)
    for tool in missing:
        ensure(tool)
    print(f"Tools ready after {(time.monotonic() - began) / 60:.1f} min; the next time this takes no time.")


def _make_data_plane() -> None:
    """Says in one line why it can't be had: the cloud does without."""
    try:
        ensure(DATA_PLANE)
    except CannotBuild as failure:
        print(f"  No servers behind databases and caches: {str(failure).splitlines()[0]} (all of it: {log_path(DATA_PLANE.name)})")


if __name__ == "__main__":
    sys.exit(main())
