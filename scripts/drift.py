#!/usr/bin/env python3
"""Says what of a stack is otherwise in the cloud than in its state: changed by hand, or gone.

    scripts/drift.py staging
    scripts/drift.py staging --output drift.md    # the Markdown table in a file too
    scripts/drift.py staging --without-clusters   # for a role that enters no cluster: what is in them is not looked at, and it says so

It asks `pulumi refresh --preview-only`, which changes nothing, and leaves out what operations/drift/noise.yaml lists; it never leaves out
that something is gone. Run it where pulumi is run, with the project's Python, `pulumi` on PATH and the credentials of the stack's own
account.

Exit code: 0 no drift, 1 drift, 2 it could not be found out, 130 interrupted.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from operations import engine
from operations.drift.noise import read, split
from operations.drift.reading import Difference, differences
from operations.drift.table import as_markdown
from scripts.deployed import Refused, own_settings
from scripts.shown import INTERRUPTED

NONE, DRIFT, UNKNOWN = 0, 1, 2

# Of every URN with a type of the Kubernetes provider in it.
_NOT_IN_CLUSTERS = ("--exclude", "**kubernetes:**")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        drift, hidden = split(_found(options.stack, clusters=options.clusters), read())
    except Refused as refused:
        print(f"drift: {refused}", file=sys.stderr)
        return UNKNOWN
    except KeyboardInterrupt:
        print("drift: interrupted", file=sys.stderr)
        return INTERRUPTED
    text = as_markdown(options.stack, drift, hidden, clusters=options.clusters)
    print(text, end="")
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    return DRIFT if drift else NONE


def _found(stack: str, *, clusters: bool) -> list[Difference]:
    # Another account has nothing of the stack: all of it would be gone.
    own_settings(stack)
    ran = engine.asked("refresh", "--preview-only", "--json", "--stack", stack, *([] if clusters else _NOT_IN_CLUSTERS))
    if ran.code == INTERRUPTED:
        raise KeyboardInterrupt
    if ran.code != 0:
        raise Refused(f"`pulumi refresh --preview-only` of {stack} ended with {ran.code}: {engine.problems(ran)}")
    return differences(json.loads(ran.said))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/drift.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK", help="the stack whose file is stacks/Pulumi.STACK.yaml")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the table is written too")
    parser.add_argument("--without-clusters", dest="clusters", action="store_false", help="look at nothing that is in a cluster")
    return parser


if __name__ == "__main__":
    sys.exit(main())
