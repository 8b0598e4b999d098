#!/usr/bin/env python3
"""Says in one issue per stack what has drifted: opens it, edits it in place, and closes it when nothing has.

    scripts/drift_issue.py prod drift.md    # what scripts/drift.py wrote, when it found drift
    scripts/drift_issue.py prod --none      # when it found none

It writes as a job of GitHub Actions, with GITHUB_TOKEN, to GITHUB_REPOSITORY, and needs no package. The issue has the label `drift`.

Exit code: 0 said; 2 it could not be said; 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from operations.github.client import NotSaid, from_environment
from operations.github.posts import close_issue, put_issue
from scripts.comment import read
from scripts.shown import INTERRUPTED

SAID, NOT_SAID = 0, 2

LABEL = "drift"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is as `--help` says."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.none == (options.file is not None):
        parser.error("it takes FILE or --none")
    try:
        print(_closed(options.stack) if options.none else _said(options.stack, read(options.file)))
    except NotSaid as failure:
        print(f"drift_issue: {failure}", file=sys.stderr)
        return NOT_SAID
    except KeyboardInterrupt:
        print("drift_issue: interrupted; run it again, and there is still one issue", file=sys.stderr)
        return INTERRUPTED
    return SAID


def _said(stack: str, text: str) -> str:
    posted = put_issue(from_environment(os.environ), LABEL, f"{LABEL}-{stack}", f"{stack} has drifted", text)
    return f"{'opened' if posted.made else 'edited'} {posted.url}"


def _closed(stack: str) -> str:
    closed = close_issue(from_environment(os.environ), LABEL, f"{LABEL}-{stack}")
    return f"{stack} has not drifted{'' if closed is None else f': closed #{closed}'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK", help="the stack that was compared with its state")
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="what drifted, in Markdown")
    parser.add_argument("--none", action="store_true", help="nothing has drifted: close the issue, if there is one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
