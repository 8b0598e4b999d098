#!/usr/bin/env python3
"""Deletes what controllers and drills left behind in AWS when a stack was destroyed, found by the stack's tag.

    scripts/sweep.py prod                   # says what is left, and what would be deleted
    scripts/sweep.py prod --confirm prod    # deletes it

Nodes, volumes and their snapshots, load balancers and what belongs to them are made by controllers, not by Pulumi: they are in no state,
and one that did not end in time is there for ever. It looks in the account and region of the stack file for load balancers, target groups,
instances, launch templates, volumes, snapshots, network interfaces, security groups, instance profiles, databases and the snapshots that
scripts/restore_drill.py took whose tag `deployment` is exactly ml-platform/STACK, and touches nothing else. Final snapshots stay.

Run it where pulumi is run, when nothing of the stack is left in its state, with the credentials of the stack's own account. It can be
interrupted and run again.

Exit code: 0 nothing is left, 1 refused, 2 something is left, 130 interrupted.
"""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from planning.names import Names
from scripts.deployed import Refused, compare_names, own_settings, resources
from scripts.leftovers import KINDS, Clients, Kind, Leftover
from scripts.shown import INTERRUPTED

LEFT = 2

LONGEST_SECONDS = 600
"""How long it waits for one kind to be gone: AWS gives back the network interfaces of a load balancer minutes after it."""
_LONGEST_PAUSE_SECONDS = 30

# What AWS says while something else still uses the object; InvalidParameterValue is what it says of a network interface in use.
_BUSY = frozenset(
    {
        "DependencyViolation",
        "DeleteConflict",
        "InvalidDBInstanceState",
        "InvalidDBSnapshotState",
        "InvalidNetworkInterface.InUse",
        "InvalidParameterValue",
        "InvalidSnapshot.InUse",
        "ResourceInUse",
        "VolumeInUse",
        "RequestLimitExceeded",
        "Throttling",
    }
)

Pause = Callable[[float], None]


def main(arguments: Sequence[str] | None = None, pause: Pause = time.sleep) -> int:
    """The exit code is as `--help` says."""
    options = _parser().parse_args(arguments)
    try:
        return _sweep(options.stack, options.confirm, pause)
    except Refused as refusal:
        print(f"sweep: {refusal}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"sweep: it is unknown what is left ({error}): run it again", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("sweep: interrupted; run it again to go on", file=sys.stderr)
        return INTERRUPTED


def _sweep(stack: str, confirmed: str | None, pause: Pause) -> int:
    settings = own_settings(stack)
    account, region = settings["account"], settings["region"]
    if deployed := resources(stack):
        raise Refused(f"the state of {stack} has {len(deployed)} resources: destroy it first, with `pulumi destroy` or scripts/retire.py")
    clients, deployment = clients_of(region), Names(environment=stack, account=account).deployment
    found = _found(clients, deployment)
    if not found:
        print(f"Nothing tagged deployment={deployment} is left in account {account}, {region}.")
        return 0
    print(
        f"Left in account {account}, {region}, tagged deployment={deployment}, in the order in which it goes:\n{table(found)}", flush=True
    )
    if confirmed is None:
        print(f"Nothing was touched. To delete all of this: scripts/sweep.py {stack} --confirm {stack}")
        return LEFT
    compare_names(stack, confirmed, "delete all of this")
    for kind in KINDS:
        for line in delete(kind, clients, deployment, pause):
            print(line, flush=True)
    if left := _found(clients, deployment):
        print(f"Still there:\n{table(left)}\nRun it again; what AWS refused to delete has its reason above.")
        return LEFT
    print("All of it is deleted.")
    return 0


def delete(kind: Kind, clients: Clients, deployment: str, pause: Pause = time.sleep) -> Iterator[str]:
    """Deletes every object of a kind and waits until they are gone; says of each what became of it.

    One that is still in use is tried again until LONGEST_SECONDS are over, one that AWS refuses to delete is left. Raises ClientError
    where it cannot look.
    """
    begun: set[str] = set()
    refused: set[str] = set()
    in_use: dict[str, ClientError] = {}
    for seconds in pauses():
        pause(seconds)
        waited_for = {each.id for each in kind.find(clients, deployment)} - refused
        if not waited_for:
            return
        for id_ in sorted(waited_for - begun):
            try:
                kind.delete(clients, id_)
            except ClientError as error:
                if _may_pass(error.response["Error"]["Code"]):
                    in_use[id_] = error
                else:
                    refused.add(id_)
                    yield f"{kind.name} {id_}: not deleted: {error}"
            else:
                begun.add(id_)
                yield f"{kind.name} {id_}: deletion begun"
    for id_ in sorted(in_use.keys() - begun - refused):
        yield f"{kind.name} {id_}: not deleted after {LONGEST_SECONDS} s: {in_use[id_]}"


def pauses() -> Iterator[float]:
    """How long to wait before each look, in seconds: not at all, then twice as long each time, LONGEST_SECONDS together."""
    yield 0
    total, seconds = 0, 1
    while total < LONGEST_SECONDS:
        yield seconds
        total, seconds = total + seconds, min(2 * seconds, _LONGEST_PAUSE_SECONDS)


def table(found: Iterable[Leftover]) -> str:
    rows = [(each.kind, each.id, each.about) for each in found]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _found(clients: Clients, deployment: str) -> list[Leftover]:
    return list(chain.from_iterable(kind.find(clients, deployment) for kind in KINDS))


def _may_pass(code: str) -> bool:
    """Something still uses it, or it went by itself and the next look does not find it any more."""
    return code in _BUSY or code == "NoSuchEntity" or code.endswith(("NotFound", "NotFoundException"))


def clients_of(region: str) -> Clients:
    """AWS in a region, as the shell reaches it."""
    import boto3

    return Clients(*(boto3.client(service, region_name=region) for service in ("ec2", "elbv2", "iam", "rds")))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/sweep.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK", help="a stack of this project: its stack file exists")
    parser.add_argument("--confirm", metavar="STACK", help="the same name again; without it nothing is touched")
    return parser


if __name__ == "__main__":
    # `kill` ends it as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
