#!/usr/bin/env python3
"""Says what a stack costs, by the hour and by the month, tier by tier; what has no price is listed, and not in the total.

    scripts/cost.py dev                          # what is deployed: asks `pulumi stack export`
    scripts/cost.py dev --preview preview.json   # before, after and difference of `pulumi preview --json --show-sames`
    scripts/cost.py dev --json                   # the same for programs

Run it with the project's Python, in the project's directory. Prices are those of planning/prices.json, on demand, with their dates;
scripts/refresh_prices.py reads them again from AWS. What no resource says (data, requests, hours of nodes) is in `usage` of the stack
file, or a default; each is named with where it is from.

Exit code: 0 the bill was made, what is unpriced included; 2 it could not be made.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from planning import billed, cost, prices
from planning.charges import Usage
from planning.refusal import Refused as CannotPlan
from scripts.bill_text import as_document, as_text
from scripts.deployed import Refused, resources
from stacks.models import Settings
from stacks.source import StackFileRefused, checked, read

MADE, NOT_MADE = 0, 2

STACKS = Path("stacks")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        region, usage, stated = _settings(options.stack)
        known = _prices(region)
        if options.preview:
            preview = _preview(options.preview)
            earlier, found = cost.of(billed.before(preview), known, usage), billed.after(preview)
        else:
            earlier, found = None, billed.of_state(resources(options.stack))
    except (Refused, CannotPlan, StackFileRefused) as refused:
        print(f"cost: {refused}", file=sys.stderr)
        return NOT_MADE
    document = as_document(options.stack, region, cost.of(found, known, usage), earlier, usage, stated)
    print(json.dumps(document, indent=2) if options.json else as_text(document))
    return MADE


def _settings(stack: str) -> tuple[str, Usage, frozenset[str]]:
    """The region, the usage, and which of its settings the stack file says itself."""
    path = STACKS / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        raise Refused(f"got stack `{stack}`; expected one that has a file {path}; name another, or run this in the project's directory")
    source = read(path)
    settings = checked(source)
    if not isinstance(settings, Settings):
        raise Refused(f"got `{stack}`, a tenant; expected a platform; ask for the platform that it is on")
    stated: Mapping[str, Any] = source.given.get("usage") or {}
    return settings.region, Usage(**settings.usage.model_dump()), frozenset(stated)


def _prices(region: str) -> prices.Prices:
    known = prices.read()
    if region not in known:
        remedy = f"run scripts/refresh_prices.py --region {region}"
        raise Refused(f"got region {region}; expected one that {prices.FILE.name} has ({', '.join(known)}); {remedy}")
    return known[region]


def _preview(path: Path) -> billed.Document:
    try:
        found: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        remedy = "write it with `pulumi preview --json --show-sames`"
        raise Refused(f"got {path} ({error}); expected a preview in JSON; {remedy}") from error
    return found if isinstance(found, dict) else {}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK", help="the stack whose file is stacks/Pulumi.STACK.yaml")
    parser.add_argument(
        "--preview", type=Path, metavar="FILE", help="what `pulumi preview --json --show-sames` wrote, in place of the state"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
