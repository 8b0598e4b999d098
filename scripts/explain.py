"""Shows every setting that a stack has, and where each comes from.

    python -m scripts.explain dev           # a table; so does `make explain STACK=dev`
    python -m scripts.explain dev --json    # the same for programs
    python -m scripts.explain dev --yaml    # a stack file that leaves nothing to a profile or a default

A stack file that is wrong is refused, with everything that is wrong with it. Needs no Pulumi and no cloud.

Exit code: 0 shown, 1 refused.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from stacks.explain import as_json, as_text, as_yaml, explain
from stacks.problems import nearest
from stacks.source import StackFileRefused, read

STACKS = Path(__file__).parents[1] / "stacks"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 shown, 1 refused with a message on stderr."""
    options = _parser().parse_args(arguments)
    path: Path = options.directory / f"Pulumi.{options.stack}.yaml"
    if not path.is_file():
        print(f"explain: {_absent(options.directory, options.stack)}", file=sys.stderr)
        return 1
    source = read(path)
    try:
        values = explain(source)
    except StackFileRefused as refused:
        print(f"explain: {refused}", file=sys.stderr)
        return 1
    shown = as_json(source, values) + "\n" if options.json else as_yaml(values) if options.yaml else as_text(source, values) + "\n"
    try:
        print(shown, end="", flush=True)
    except BrokenPipeError:
        # The reader, `head` say, has seen enough; without this the interpreter complains while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _absent(directory: Path, stack: str) -> str:
    known = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in directory.glob("Pulumi.*.yaml"))
    close = nearest(stack, known)
    there = f"there is no stack `{stack}` (no file stacks/Pulumi.{stack}.yaml); there are: {', '.join(known) or 'none'}"
    return f"{there}; did you mean `{close}`?" if close else there


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="explain", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK", help="the stack whose file is stacks/Pulumi.STACK.yaml")
    parser.add_argument("--directory", type=Path, default=STACKS, help="where the stack files are, if not in stacks/")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--yaml", action="store_true", help="print a stack file that says everything")
    return parser


if __name__ == "__main__":
    sys.exit(main())
