#!/usr/bin/env python3
"""Hands the later steps of a job of GitHub Actions what they take, as outputs of this step, and prints it.

    scripts/job.py settings dev --role ci-preview    # role, region, backend: of the stack, from its file; without --role the last two
    scripts/job.py digest plan.json                  # digest: of what scripts/deploy.py planned

Exit code: 0 handed on; 2 it could not be; 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from operations.github import job
from planning.documents import ci
from planning.refusal import Refused as CannotPlan
from scripts.deployed import Refused
from scripts.shown import INTERRUPTED

DONE, NOT_DONE = 0, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is as `--help` says."""
    options = _parser().parse_args(arguments)
    try:
        outputs: dict[str, str] = options.run(options)
        job.hand_on(outputs, os.environ)
    except (Refused, CannotPlan) as refused:
        print(f"job: {refused}", file=sys.stderr)
        return NOT_DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    print("\n".join(f"{name}={value}" for name, value in outputs.items()))
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="settings or digest")
    settings = commands.add_parser("settings", help="role, region and backend of a stack")
    settings.add_argument("stack", metavar="STACK", help="the stack whose file is stacks/Pulumi.STACK.yaml")
    settings.add_argument("--role", choices=tuple(ci.SESSION_SECONDS), help="which of the roles of CI")
    settings.set_defaults(run=lambda options: job.settings(Path.cwd(), options.stack, options.role))
    digest = commands.add_parser("digest", help="digest of a plan")
    digest.add_argument("plan", metavar="FILE", type=Path, help="what scripts/deploy.py plan wrote")
    digest.set_defaults(run=lambda options: job.digest(options.plan))
    return parser


if __name__ == "__main__":
    sys.exit(main())
