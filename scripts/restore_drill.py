#!/usr/bin/env python3
"""Restores the registry of a stack beside it, holds the copy against what is promised, and deletes it again.

    scripts/restore_drill.py prod                   # says what it would do, and what earlier drills left
    scripts/restore_drill.py prod --confirm prod    # does it
    scripts/restore_drill.py prod --at 2026-11-26T18:00:00Z --keep --confirm prod    # for a bad write: the registry as it was then

A snapshot of the registry becomes a new instance, ENVIRONMENT-registry-drill-TIME, with the registry's own subnet group, security groups,
parameter group, zones, log exports and tags: left to itself, RDS gives a restored database one zone and the default groups. Then the
policy pack's rules are held against the copy as AWS describes it, its rows are counted beside the registry's, and the online store is
rebuilt from the offline store, with --rebuild. What cannot be looked at is `not reached`; it is never taken for done.

The registry goes on working. Where it has one zone, its I/O stops for a moment while the snapshot is taken; --snapshot takes one that
exists, --at none. The copy costs what the registry costs, for as long as it is there. Interrupted, a drill deletes what it made; killed,
it leaves it, and --clean deletes that. Each has names of its own: another one beside it does no harm.

Run it at the commit that is deployed, with the project's Python and `pulumi` on PATH, and credentials of the stack's own account that may
rds:AddTagsToResource, CreateDBSnapshot, DeleteDBInstance, DeleteDBSnapshot, Describe*, ModifyDBInstance, RestoreDBInstanceFromDBSnapshot,
RestoreDBInstanceToPointInTime; iam:PassRole for the monitoring role; kms:CreateGrant, Decrypt, DescribeKey, GenerateDataKey for the key of
features; logs:CreateLogGroup, DeleteLogGroup, DescribeLogGroups, PutRetentionPolicy, TagResource; secretsmanager:CreateSecret,
GetSecretValue, TagResource. CI's roles may not. For the rows, --ca, and a place from which the registry's clients reach it.

Exit code: 0 all is done, 1 refused or something failed, 2 nothing failed and something was not reached, 130 interrupted.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from planning.names import Names
from scripts.deployed import Refused, compare_names, own_settings, resources
from scripts.drill import Drill
from scripts.drill_left import Clients, delete, left
from scripts.drill_policies import DATABASE
from scripts.drill_steps import Clock, Failed, NotReached, Pause, Record, duration, table
from scripts.shown import INTERRUPTED, shown

RTO_SECONDS, RPO_SECONDS = 4 * 3600, 5 * 60
"""What is promised for a bad write: the registry is back after so long, and lacks no more than that (docs/tiers/feature-store.md)."""

RESTORED = ("snapshot", "restore", "as its source")


@dataclass(frozen=True)
class Options:
    stack: str
    snapshot: str | None
    at: str | None
    ca: Path | None
    rebuild: str | None
    keep: bool
    clean: bool
    confirm: str | None


def main(arguments: Sequence[str] | None = None, pause: Pause = time.sleep, clock: Clock = time.monotonic) -> int:
    """The exit code is as `--help` says."""
    options = Options(**vars(_parser().parse_args(arguments)))
    try:
        return _main(options, pause, clock)
    except Refused as refusal:
        print(f"restore_drill: {refusal}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"restore_drill: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"restore_drill: interrupted; `scripts/restore_drill.py {options.stack}` says whether something is left", file=sys.stderr)
        return INTERRUPTED


def _main(options: Options, pause: Pause, clock: Clock) -> int:
    settings = own_settings(options.stack)
    clients, names = Clients.of(settings["region"]), Names(environment=options.stack, account=settings["account"])
    earlier = left(clients, names)
    if options.clean:
        return _clean(clients, options, earlier, pause)
    drill = Drill(
        clients=clients,
        names=names,
        inputs=_registry(options.stack, names),
        time=f"{datetime.now(UTC):%Y%m%d-%H%M%S}",
        given_snapshot=options.snapshot,
        at=options.at,
        ca=options.ca,
        pause=pause,
        longest_seconds=RTO_SECONDS,
    )
    print(drill.plan(), flush=True)
    if earlier:
        print(f"Earlier drills left {', '.join(earlier)}; --clean deletes it.", flush=True)
    compare_names(options.stack, options.confirm, "restore a copy")
    record = Record(clock)
    try:
        _run(drill, record, options)
    except BaseException:
        # --keep is for a drill that came to its end.
        record.run("deleted", drill.delete)
        raise
    if not options.keep:
        record.run("deleted", drill.delete)
    print(f"\n{table(record.steps)}\n\n{_promises(drill, record)}", flush=True)
    if options.keep:
        print(f"{drill.name} is kept: `scripts/restore_drill.py {options.stack} --clean --confirm {options.stack}` deletes it.")
    return 1 if _late(drill, record) else record.code()


def _run(drill: Drill, record: Record, options: Options) -> None:
    if record.run("snapshot", drill.snapshot) and record.run("restore", drill.restore):
        record.run("as its source", drill.align)
        record.run("policies", drill.judge)
        record.run("rows", drill.count)
    else:
        for name in ("as its source", "policies", "rows"):
            record.run(name, _no_copy)
    record.run("online store", lambda: _rebuild(drill, options))


def _no_copy() -> str:
    raise NotReached("there is no copy")


def _rebuild(drill: Drill, options: Options) -> str:
    """The command of a person, who knows the projects and how far back their features reach."""
    if options.rebuild is None:
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"
        raise NotReached(
            f"for each project: `scripts/feast_config.py {options.stack} --project PROJECT --role writer > feature_store.yaml`,\n"
            f"`feast materialize START {now}`, START as long ago as its longest ttl; or a command that does it as --rebuild"
        )
    environment = {**os.environ, **drill.endpoint()}
    code = shown(["/bin/sh", "-c", options.rebuild], Path.cwd(), environment)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code != 0:
        raise Failed(f"`{options.rebuild}` ended with {code}")
    return f"`{options.rebuild}` ended with 0"


def _promises(drill: Drill, record: Record) -> str:
    taken = record.seconds(*RESTORED)
    restored = "the copy did not get there" if taken is None else duration(taken)
    age = drill.restorable_seconds
    restorable = "RDS does not say" if age is None else f"{duration(age)} ago"
    return "\n".join(
        (
            f"Promised for a bad write: back in {duration(RTO_SECONDS)} (snapshot to a copy that is as its source: {restored}),",
            f"{duration(RPO_SECONDS)} lost at most (the registry could be restored to: {restorable}).",
        )
    )


def _late(drill: Drill, record: Record) -> bool:
    """Whether a promise is broken by what was measured."""
    taken, age = record.seconds(*RESTORED), drill.restorable_seconds
    return (taken is not None and taken > RTO_SECONDS) or (age is not None and age > RPO_SECONDS)


def _registry(stack: str, names: Names) -> dict[str, Any]:
    """The inputs of the registry in the state."""
    identifier = names.database("registry")
    for each in resources(stack):
        if each["type"] == DATABASE and each["inputs"].get("identifier") == identifier:
            return each["inputs"]
    raise Refused(f"the state of {stack} has no database {identifier}: there is nothing to restore before `pulumi up`")


def _clean(clients: Clients, options: Options, earlier: Sequence[str], pause: Pause) -> int:
    if not earlier:
        print("No drill left anything.")
        return 0
    print(f"Earlier drills left {', '.join(earlier)}.", flush=True)
    compare_names(options.stack, options.confirm, "delete it")
    record = Record()
    for name in earlier:
        record.run(name, lambda name=name: delete(clients, name, pause))
    print(table(record.steps))
    return record.code()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/restore_drill.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stack", metavar="STACK", help="a stack of this project: its stack file exists")
    origin = parser.add_mutually_exclusive_group()
    origin.add_argument("--snapshot", metavar="ID", help="one that exists; `latest`: the newest automated one; otherwise one is taken")
    origin.add_argument(
        "--at", metavar="TIME", help="the registry as it was then, such as 2026-11-26T18:00:00Z, from its automated backups"
    )
    parser.add_argument(
        "--ca", metavar="FILE", type=Path, help="PEM of the authority that signs RDS's certificates, to count rows over TLS"
    )
    parser.add_argument(
        "--rebuild",
        metavar="COMMAND",
        help="rebuilds the online store; run by /bin/sh, with the copy's DRILL_REGISTRY_HOST and DRILL_REGISTRY_PORT",
    )
    parser.add_argument("--keep", action="store_true", help="the copy and its snapshot stay until --clean")
    parser.add_argument("--clean", action="store_true", help="only deletes what earlier drills left")
    parser.add_argument("--confirm", metavar="STACK", help="the same name again; without it nothing is touched")
    return parser


if __name__ == "__main__":
    # `kill` ends it as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
