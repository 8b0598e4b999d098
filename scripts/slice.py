#!/usr/bin/env python3
"""Makes and deletes environments of pull requests: a slice of the shared development environment, or a whole one of their own.

    scripts/slice.py create --pull-request 7               # a slice of dev, stack pr-7, for three days
    scripts/slice.py create --pull-request 7 --full        # a whole environment of the profile `preview`
    scripts/slice.py destroy --pull-request 7              # everything of it, its state and its stack file; nothing there is no error
    scripts/slice.py reap                                  # what has expired, and what would be deleted
    scripts/slice.py reap --confirm                        # deletes it

Run it where pulumi is run, with the project's Python and the credentials of the platform's account, which are compared with its stack
file before anything else. The same command again goes on where an interrupted one stopped, and brings what is there up to date: it is
then wanted for --days from today. Only a stack called pr-NUMBER that says until when it is wanted is ever deleted: by the tag
ml-platform/expires, which everything of it has.

Exit code: 0 done, and nothing is left to do; 1 refused, or (reap) something has expired and is still there; 2 it could not be done, and
the reason is above; 130 interrupted.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from operations.slices import creating, environments, leaving, place, price, reap, text
from operations.slices.environments import Kind
from operations.slices.reaping import Then
from planning.refusal import Refused as CannotPlan
from scripts.deployed import Refused
from scripts.shown import INTERRUPTED
from stacks.pull_requests import is_of_pull_request
from stacks.source import StackFileRefused

DONE, LEFT, NOT_DONE = 0, 1, 2


def main(arguments: Sequence[str] | None = None, today: date | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options, today or datetime.now(UTC).date())
    except (Refused, CannotPlan, StackFileRefused) as refused:
        print(f"slice: {refused}", file=sys.stderr)
        return NOT_DONE
    except (BotoCoreError, ClientError) as error:
        print(f"slice: AWS does not say what it is asked ({error}): the same command again", file=sys.stderr)
        return NOT_DONE
    except KeyboardInterrupt:
        print("slice: interrupted; the same command again goes on", file=sys.stderr)
        return INTERRUPTED


def _create(options: argparse.Namespace, today: date) -> int:
    kind: Kind = "full" if options.full else "slice"
    expires = creating.expiry(options.days, today)
    here = place.place(Path.cwd(), options.platform)
    stack = creating.create(here, options.pull_request, kind, expires, options.secrets_provider)
    bill, missing = price.bill(here.backend.resources(stack), here.platform)
    _say(text.created(kind, stack, here.platform, f"{expires}", bill, missing), options.markdown)
    return DONE


def _destroy(options: argparse.Namespace, today: date) -> int:
    here, stack = place.place(Path.cwd(), options.platform), environments.stack_of(options.pull_request)
    left = leaving.destroy(here, stack)
    _say(text.destroyed(stack, left.arns if left else ()), options.markdown)
    return DONE


def _reap(options: argparse.Namespace, today: date) -> int:
    here = place.place(Path.cwd(), options.platform)
    verdicts = reap.verdicts(here, today)
    _say(text.table(verdicts) if verdicts else "There is no environment of a pull request.", options.markdown)
    expired = [each for each in verdicts if each.then is not Then.KEPT]
    if not options.confirm:
        if expired:
            print("Nothing was touched. To delete what is to be deleted: scripts/slice.py reap --confirm")
        return LEFT if expired else DONE
    failed = reap.delete(here, verdicts, today)
    for line in failed:
        print(f"slice: {line}", file=sys.stderr)
    return NOT_DONE if failed else LEFT if any(each.then is Then.LOOKED_AT for each in verdicts) else DONE


def _say(markdown: str, file: Path | None) -> None:
    print(markdown, flush=True)
    if file is not None:
        file.write_text(markdown, encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/slice.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="create, destroy or reap", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--platform", metavar="STACK", default="dev", help="the shared platform, whose account it is in (default: dev)")
    shared.add_argument("--markdown", type=Path, metavar="FILE", help="where what it says is written too, for a comment")
    numbered = argparse.ArgumentParser(add_help=False)
    numbered.add_argument("--pull-request", type=_number, required=True, metavar="N", help="its number")
    create = commands.add_parser("create", parents=[shared, numbered], help="make one, or bring it up to date")
    create.add_argument("--full", action="store_true", help="a whole environment instead of a slice")
    create.add_argument("--days", type=int, default=3, help=f"for how long from today, 1 to {creating.LONGEST_DAYS} (default: 3)")
    create.add_argument("--secrets-provider", metavar="URL", help="how the state's secrets are kept (default: the account's state key)")
    create.set_defaults(run=_create)
    commands.add_parser("destroy", parents=[shared, numbered], help="delete one").set_defaults(run=_destroy)
    reaper = commands.add_parser("reap", parents=[shared], help="say which have expired, and delete them")
    reaper.add_argument("--confirm", action="store_true", help="delete them; without it nothing is touched")
    reaper.set_defaults(run=_reap)
    return parser


def _number(value: str) -> int:
    if not is_of_pull_request(f"pr-{value}"):
        raise argparse.ArgumentTypeError(f"got {value!r}; expected a pull request's number, 1 to 999999999")
    return int(value)


if __name__ == "__main__":
    # `kill` ends it as Ctrl-C does: what pulumi has begun is finished, and in the state.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
