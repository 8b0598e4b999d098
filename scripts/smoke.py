#!/usr/bin/env python3
"""Looks whether a stack works, as those who use it would find out: a row for each check, with what was seen. Nothing is changed.

    scripts/smoke.py prod                                           # from a place that reaches everything
    scripts/smoke.py prod --without registry --without online-store # from the runner of CI, which the data stores do not let in
    scripts/smoke.py dev --json                                     # the same for programs
    scripts/smoke.py dev --ca "$(python -m localcloud ca)" --without nodes --without online-store-key # in the local cloud

It reads what the stack publishes (contract.py) and never its state. What could not be looked at is `not checked`, with the reason; it is
never taken for passed. With --without it is somebody's decision that a part is not looked at. Each check ends in 30 seconds.

Run it with the project's Python, in the project's directory, with `aws` on PATH and credentials of the stack's own account, best of its
deploy role; docs/procedures/smoke.md says what they must be allowed, and from where servers are reached.

Exit code: 0 nothing failed, and what is not checked is so by --without or because there is nothing of it; 1 a check failed; 2 it could not
be run, or nothing failed and something could not be checked; 130 interrupted.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from operations.smoke import check, environment, report
from operations.smoke.access import of_aws, read_contract
from planning.feast_config import RDS_CA
from planning.names import Names
from scripts.deployed import Refused, own_settings
from scripts.shown import INTERRUPTED

NOT_RUN = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is as `--help` says."""
    options = _parser().parse_args(arguments)
    try:
        return _main(options)
    except Refused as refusal:
        print(f"smoke: {refusal}", file=sys.stderr)
        return NOT_RUN
    except KeyboardInterrupt:
        print("smoke: interrupted; it changes nothing, run it again", file=sys.stderr)
        return INTERRUPTED


def _main(options: argparse.Namespace) -> int:
    settings = own_settings(options.stack)
    access = of_aws(Names(environment=options.stack, account=settings["account"]), settings["region"], options.ca or _found(Path(RDS_CA)))
    results = check.run(environment.checks(read_contract(access), access), _without(options.without))
    print(json.dumps(report.as_document(options.stack, results), indent=2) if options.json else report.as_text(options.stack, results))
    return check.code(results)


def _found(path: Path) -> Path | None:
    return path if path.is_file() else None


def _without(said: Sequence[check.Needs]) -> frozenset[check.Needs]:
    """Node pools are looked at through the clusters."""
    return frozenset([*said, "nodes"]) if "clusters" in said else frozenset(said)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/smoke.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK", help="a stack of this project: its stack file exists")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--ca",
        metavar="FILE",
        type=Path,
        help=f"PEM of the authorities that sign the registry's certificate, and may sign the online store's; otherwise {RDS_CA}",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=get_args(check.Needs),
        help="what is not reached from here, or not there; can be said several times",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
