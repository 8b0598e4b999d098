#!/usr/bin/env python3
"""Draws a stack as a Mermaid flowchart: its tiers, what holds data in them, and what flows between.

    scripts/diagram.py dev                             # what is deployed, from the state
    pulumi preview --stack dev --json --show-sames > preview.json
    scripts/diagram.py dev --preview preview.json      # what an update makes of it: what changes is marked

The arrows are derived from the state: who is let into whose security group, what the documents of roles name, which service accounts a
cluster runs (scripts/diagram_flows.py says how). A preview that was made without --show-sames has nothing but changes, and so has the
picture. It reads the state where pulumi is logged in, asks AWS nothing and changes nothing.

Exit code: 0 drawn, 1 refused.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.deployed import Refused, Resource, stack_file, state
from scripts.mermaid import flowchart

# What each operation of the engine makes of a resource; pkg/resource/deploy/step.go of pulumi/pulumi has them all.
CHANGES = {
    "create": "create",
    "import": "create",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
    "remove-pending-replace": "replace",
}
NO_CHANGES = {"same", "read", "read-replacement", "refresh", "discard", "discard-replaced", "diff", "extend-parameterize"}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is as `--help` says."""
    options = _parser().parse_args(arguments)
    try:
        stack_file(Path.cwd(), options.stack)
        shown = _previewed(options.stack, options.preview) if options.preview else _deployed(options.stack)
    except Refused as refusal:
        print(f"diagram: {refusal}", file=sys.stderr)
        return 1
    print(shown, end="")
    return 0


def _deployed(stack: str) -> str:
    everything = state(stack)
    if not any(each.get("id") for each in everything):
        raise Refused(f"the state of {stack} has no resources: bring it up with `pulumi up`, or draw a preview with --preview")
    return flowchart(everything)


def _previewed(stack: str, file: Path) -> str:
    resources, changes = previewed(stack, file)
    return flowchart(resources, changes)


def previewed(stack: str, file: Path) -> tuple[list[Resource], dict[str, str]]:
    """What the stack has after a previewed update, or had before where it is deleted, and what changes, by URN. Raises Refused."""
    remedy = f"make it with `pulumi preview --stack {stack} --json --show-sames > {file}`"
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        steps: list[dict[str, Any]] = content["steps"]
    except OSError as error:
        raise Refused(f"{file} cannot be read ({error.strerror}): {remedy}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{file} is not the JSON of a preview: {remedy}") from error
    found: dict[str, Resource] = {}
    changes: dict[str, str] = {}
    for step in steps:
        urn, operation = step["urn"], step["op"]
        if urn.split("::")[0] != f"urn:pulumi:{stack}":
            raise Refused(f"{file} is a preview of {urn.split('::')[0].removeprefix('urn:pulumi:')}; expected {stack}: {remedy}")
        if operation not in CHANGES and operation not in NO_CHANGES:
            raise Refused(f"{file} has the operation `{operation}` for {urn}, which means nothing here: add it to scripts/diagram.py")
        found[urn] = step.get("newState") or step.get("oldState") or found[urn]
        # A replacement has several steps for one resource.
        if change := CHANGES.get(operation):
            changes[urn] = change
    return list(found.values()), changes


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="diagram", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK", help="the stack whose file is stacks/Pulumi.STACK.yaml")
    parser.add_argument("--preview", metavar="FILE", type=Path, help="draw this preview, the JSON of `pulumi preview --json`")
    return parser


if __name__ == "__main__":
    sys.exit(main())
