#!/usr/bin/env python3
"""Says what of a stack is otherwise in the cloud than in its state: changed by hand, or gone.

    scripts/drift.py staging
    scripts/drift.py staging --output drift.md    # the Markdown table in a file too
    scripts/drift.py staging --without-clusters --without-secrets
                                                  # for a role that enters no cluster and reads no secret, as CI's for previews: what is in
                                                  # them is not looked at, and it says so

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

# What may be left out: what of it is then not looked at, and the URNs. The AWS provider reads a version of a secret with its value
# (https://github.com/pulumi/pulumi-aws/issues/1751); whether the secret itself is there it sees without.
_LEFT_OUT = {
    "clusters": ("what is in the clusters", "**kubernetes:**"),
    "secrets": ("what the secrets hold", "**aws:secretsmanager/secretVersion:**"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        left_out = [_LEFT_OUT[each] for each in options.left_out]
        drift, hidden = split(_found(options.stack, [urns for _, urns in left_out]), read())
    except Refused as refused:
        print(f"drift: {refused}", file=sys.stderr)
        return UNKNOWN
    except KeyboardInterrupt:
        print("drift: interrupted", file=sys.stderr)
        return INTERRUPTED
    text = as_markdown(options.stack, drift, hidden, [what for what, _ in left_out])
    print(text, end="")
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    return DRIFT if drift else NONE


def _found(stack: str, left_out: Sequence[str]) -> list[Difference]:
    # Another account has nothing of the stack: all of it would be gone.
    own_settings(stack)
    excluded = [word for urns in left_out for word in ("--exclude", urns)]
    ran = engine.asked("refresh", "--preview-only", "--json", "--stack", stack, *excluded)
    if ran.code == INTERRUPTED:
        raise KeyboardInterrupt
    if ran.code != 0:
        raise Refused(f"`pulumi refresh --preview-only` of {stack} ended with {ran.code}: {engine.problems(ran)}")
    return differences(json.loads(ran.said))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/drift.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK", help="the stack whose file is stacks/Pulumi.STACK.yaml")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the table is written too")
    for name, (what, _) in _LEFT_OUT.items():
        parser.add_argument(
            f"--without-{name}", dest="left_out", action="append_const", const=name, default=[], help=f"do not look at {what}"
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
