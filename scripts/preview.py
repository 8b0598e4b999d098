#!/usr/bin/env python3
"""Says what a change would make of each stack that it touches: what a pull request's comment is made from.

    scripts/preview.py --base origin/main                  # the files as they are here, compared to where they left main
    scripts/preview.py --base origin/main --head topic     # a revision
    scripts/preview.py --base origin/main --stack prod     # one stack, touched or not
    scripts/preview.py --base origin/main --account        # against what is deployed, in the backend that you are logged in to

Run it with the project's Python, in the root of a clone of the project. Without --account it needs no credentials, and uses none: for
each stack the base revision is brought up on a local cloud of its own, and the head revision is previewed against that. The local cloud
is kept, stopped, in the user's cache: the next preview with the same base begins there.

Writes DIR/preview.json, with everything, and DIR/comment.md, which fits in its part of the comment on a pull request; no value that the
state keeps secret is in them.

Exit code: 0 nothing here needs a human; 1 a human must look, also where a stack's preview failed; 2 nothing could be compared, and there is
no comment; 130 interrupted.
"""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from operations.github import parts
from operations.preview import bases
from operations.preview.commands import Failed
from operations.preview.comment import comment, needs_a_human
from operations.preview.comparison import Wanted, compare
from operations.preview.document import StackPreview, as_json
from planning.refusal import Refused as CannotSay
from scripts.deployed import Refused
from scripts.shown import INTERRUPTED

NOTHING, LOOK, NOT_MADE = 0, 1, 2

_OUTPUT = Path(".localcloud", "preview")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    wanted = Wanted(
        base=options.base, head=options.head, stacks=options.stack, account=options.account, jobs=options.jobs, kept=options.cache
    )
    # A job that is cancelled gets this one: it ends as with Ctrl-C.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        found = compare(Path.cwd(), wanted)
    except (Refused, Failed) as problem:
        print(f"preview: {problem}", file=sys.stderr)
        return NOT_MADE
    except KeyboardInterrupt:
        print("preview: interrupted; nothing of it is left running", file=sys.stderr)
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, before)
    try:
        return _written(found, options.output, parts.ACCOUNT_LIMIT if options.account else parts.PREVIEW_LIMIT)
    except CannotSay as problem:
        print(f"preview: {problem}", file=sys.stderr)
        return NOT_MADE


def _written(found: Sequence[StackPreview], directory: Path, limit: int) -> int:
    text = comment(found, limit, parts.size)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "preview.json").write_text(json.dumps(as_json(found), indent=1) + "\n", encoding="utf-8")
    (directory / "comment.md").write_text(text, encoding="utf-8")
    verdict = next((line for line in text.splitlines() if line.strip() and not line.startswith("<!--")), "")
    print(f"{verdict}\n{directory / 'comment.md'} has the comment, {directory / 'preview.json'} everything.")
    return LOOK if needs_a_human(found) else NOTHING


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, metavar="REV", help="what is compared to: the revision where the head left this one")
    parser.add_argument("--head", metavar="REV", help="what is previewed (default: the files as they are here)")
    parser.add_argument("--stack", action="append", default=[], metavar="S", help="only this one; to be repeated (default: all touched)")
    parser.add_argument("--account", action="store_true", help="compare to what is deployed, with the credentials that you have")
    parser.add_argument("--output", type=Path, default=_OUTPUT, metavar="DIR", help="where to write (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="local clouds at once, 1.5 GiB each (default: %(default)s)")
    parser.add_argument(
        "--cache", type=Path, default=bases.root(), metavar="DIR", help="where local clouds are kept (default: %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
