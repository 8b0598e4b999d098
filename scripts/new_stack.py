#!/usr/bin/env python3
"""Makes an environment: writes its stack file, initialises its stack, and shows what `pulumi up` would make.

    scripts/new_stack.py risk-eu                       # asks for the rest, one question each
    scripts/new_stack.py risk-eu --profile staging --region eu-central-1 --account 444444444444 \\
        --owner risk --cost-centre ml-2100 --data-classification internal

What is not given is asked on a terminal, and refused all at once where there is none. The range of the network is the lowest free one
of stacks/pool.yaml. Nothing is written before everything is right, no file is overwritten, and nothing is deployed. The first time, it
runs `make setup` before it begins. To undo it, delete the stack file.

On this machine's local cloud nothing else is needed. With `--on aws` it works with the credentials and the pulumi backend of the shell,
and the secrets of the state are kept with the key of the account's states (scripts/bootstrap_state.py), which opens them for this stack
only.

Exit code: 0 done, 1 refused, 2 something is missing and there is nobody to ask, 130 interrupted, otherwise that of the step that failed.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def main(arguments: Sequence[str] | None = None, project: Path = ROOT) -> int:
    """Makes the stack; the exit code is as `--help` says."""
    options = _parser().parse_args(arguments)
    from scripts.stack_creation import create

    return create(options, project)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/new_stack.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "name", metavar="NAME", help="the stack's name, and the environment's: 2 to 16 lower-case letters, digits and hyphens"
    )
    parser.add_argument("--profile", help="which column of stacks/profiles.yaml it starts from")
    parser.add_argument("--account", help="the AWS account, 12 digits")
    parser.add_argument("--region", help="the AWS region, such as eu-central-1")
    parser.add_argument("--owner", help="the team that answers for it")
    parser.add_argument("--cost-centre", help="who pays")
    parser.add_argument("--data-classification", help="the most sensitive data that it may hold")
    parser.add_argument("--cidr", help="the range of its network, instead of the next free one")
    parser.add_argument("--zone-names", metavar="A,B,C", help="its availability zones, where accounts differ, as in us-east-1")
    parser.add_argument("--on", choices=("local", "aws"), default="local", help="where it is initialised and previewed (default: local)")
    parser.add_argument(
        "--secrets-provider", metavar="URL", help="with --on aws: another key than the account's, awskms://alias/NAME?region=REGION"
    )
    parser.add_argument("--no-preview", dest="preview", action="store_false", help="stop when the stack is initialised")
    return parser


def _in_the_projects_environment() -> None:
    """Goes on with the Python that has the project's packages, and makes it first where it is not there yet."""
    own = ROOT / ".venv"
    if Path(sys.prefix).resolve() == own.resolve():
        return
    if not (own / ".installed").exists():
        made = subprocess.run(["make", "setup"], cwd=ROOT, check=False).returncode
        if made != 0:
            sys.exit(made)
    python = str(own / "bin" / "python")
    os.execv(python, [python, *sys.argv])


if __name__ == "__main__":
    _in_the_projects_environment()
    # `kill` ends it as Ctrl-C does: what it wrote is complete, or gone.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
