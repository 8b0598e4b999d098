#!/usr/bin/env python3
"""Plans what an update of a stack would do, for approval, and applies what was approved, or nothing.

    scripts/deploy.py plan staging --output plan.json          # previews, prints what would be done, and its digest
    scripts/deploy.py apply staging --approved plan.json       # previews again; applies when it would still do the same
    scripts/deploy.py apply staging --approved sha256:1f0c...  # the same; a difference is not explained then

With --digest as well the plan must be the one that has that digest: so in CI, where the file comes another way than what was approved.

Run it where pulumi is run, at the commit that was planned, with the project's Python, `pulumi` on PATH and the credentials of the stack's
own account. Both hold the stack against the policy pack. An apply that was interrupted or failed says what was applied and what was not;
planned and approved again, it goes on. docs/procedures/deploy.md has the whole way.

Exit code: 0 planned, or everything is applied; 1 stopped, for somebody to look at: another digest, a mandatory policy, or an update that
failed underway; 2 not begun: wrong account, locked state, no plan, a preview that fails; 130 interrupted.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from operations.deploy import deploying
from operations.deploy.plan import Plan, as_text
from scripts.deployed import Refused, own_settings
from scripts.shown import INTERRUPTED

DONE, STOPPED, NOT_BEGUN = 0, 1, 2

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except deploying.Stopped as stopped:
        print(f"deploy: {stopped}", file=sys.stderr)
        return STOPPED
    except Refused as refused:
        print(f"deploy: {refused}", file=sys.stderr)
        return NOT_BEGUN
    except KeyboardInterrupt:
        print("deploy: interrupted before anything was begun", file=sys.stderr)
        return INTERRUPTED


def _plan(options: argparse.Namespace) -> int:
    own_settings(options.stack)
    plan = deploying.previewed(options.stack)
    plan.write(options.output)
    print(as_text(plan))
    print(f"digest: {plan.digest}")
    return DONE


def _apply(options: argparse.Namespace) -> int:
    approved = _approved(options.stack, options.approved, options.digest)
    own_settings(options.stack)
    now = deploying.previewed(options.stack)
    deploying.held_against(now, approved)
    return deploying.apply(now)


def _approved(stack: str, given: str, digest: str | None) -> Plan | str:
    plan = given if _DIGEST.fullmatch(given) else Plan.read(Path(given))
    if isinstance(plan, Plan) and plan.stack != stack:
        raise Refused(f"got a plan of {plan.stack}; expected one of {stack}: name that stack, or give its own plan")
    found = plan.digest if isinstance(plan, Plan) else plan
    if digest not in {None, found}:
        raise Refused(f"got {given} with the digest {found}; approved is {digest}: give the plan that was approved, or plan again")
    return plan


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/deploy.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    plan = commands.add_parser("plan", help="preview, and write down what would be done")
    plan.add_argument("--output", type=Path, required=True, metavar="FILE", help="where the plan is written, for --approved")
    plan.set_defaults(run=_plan)
    apply = commands.add_parser("apply", help="apply what was approved")
    apply.add_argument("--approved", required=True, metavar="FILE|DIGEST", help="the plan that was approved, or its digest")
    apply.add_argument("--digest", metavar="DIGEST", help="what the digest of that plan must be")
    apply.set_defaults(run=_apply)
    for each in (plan, apply):
        each.add_argument("stack", metavar="STACK", help="the stack whose file is stacks/Pulumi.STACK.yaml")
    return parser


if __name__ == "__main__":
    sys.exit(main())
