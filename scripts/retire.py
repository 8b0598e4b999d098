#!/usr/bin/env python3
"""Takes down a stack that `pulumi destroy` refuses to.

    scripts/retire.py prod                   # says what would go and what would stay
    scripts/retire.py prod --confirm prod    # does it

Run it where pulumi is run, at the commit that is deployed, with the project's Python and `pulumi` on PATH and the credentials of the
stack's own account. First an update of its own takes off the protections, Pulumi's and AWS's, and reaches nothing but what has them; then
`pulumi destroy`. It can be interrupted and run again.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import BotoCoreError, ClientError

_SETTINGS = "ml-platform:settings"

DATABASE, CACHE = "aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"
BUCKET, KEY = "aws:s3/bucket:Bucket", "aws:kms/key:Key"

INTERRUPTED = 130

Resource = Mapping[str, Any]


class Refused(RuntimeError):
    """It does not begin, or cannot tell how far it is; the message has the remedy."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 when nothing is left of the stack, 1 refused, 130 interrupted, otherwise that of the pulumi that failed."""
    options = _parser().parse_args(arguments)
    try:
        return _retire(options.stack, options.confirm, f"{datetime.now(UTC):%Y%m%d-%H%M%S}")
    except Refused as refusal:
        print(f"retire: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("retire: interrupted; run it again to go on", file=sys.stderr)
        return INTERRUPTED


def _retire(stack: str, confirmed: str | None, retirement: str) -> int:
    content = _stack_file(Path.cwd(), stack)
    settings = content["config"][_SETTINGS]
    _compare_accounts(stack, settings["account"], settings["region"])
    resources = _resources(stack)
    print(summary(stack, resources, retirement), flush=True)
    _compare_names(stack, confirmed)
    # After each step the state is asked, too: a pulumi that was cancelled before its first operation ends with 0.
    if locked := protected(resources):
        settings["retiring"] = retirement
        code = _unprotect(stack, content, locked)
        if code != 0 or protected(_resources(stack)):
            print(
                "retire: nothing was destroyed. Some protections may be off: run this again, or put them back with `pulumi up`.", flush=True
            )
            return code or INTERRUPTED
    code = _shown("destroy", "--yes", "--skip-preview", "--stack", stack)
    if code != 0 or _resources(stack):
        print("retire: not everything is destroyed, and the protections are off: run this again to go on.", flush=True)
        return code or INTERRUPTED
    return 0


def protected(resources: Sequence[Resource]) -> list[str]:
    """The URNs of what Pulumi, or AWS by a property that is in the state, would refuse to delete."""

    def refuses(resource: Resource) -> bool:
        inputs = resource.get("inputs", {})
        keeps = inputs.get("deletionProtection") is True or False in (inputs.get("forceDelete"), inputs.get("forceDestroy"))
        return resource.get("protect", False) or keeps

    return [resource["urn"] for resource in resources if refuses(resource)]


def summary(stack: str, resources: Sequence[Resource], retirement: str) -> str:
    """What a retirement destroys, and what stays afterwards."""
    locked = set(protected(resources))
    lines = [f"Stack {stack} has {len(resources)} resources, all of which go; protected until now: {len(locked)}."]
    lines += [f"  {each['type']}  {each['urn'].rpartition('::')[2]}  {each['id']}" for each in resources if each["urn"] in locked]
    if any(each["type"] == BUCKET for each in resources):
        lines += ["All objects in its buckets go, in every version: there is no copy."]
    snapshots = [_snapshot(name, each["urn"] in locked, retirement) for each, name in _with_final_snapshots(resources)]
    if snapshots:
        lines += ["Final snapshots stay:", *(f"  {name}" for name in snapshots)]
    keys = [each for each in resources if each["type"] == KEY]
    if keys:
        lines += ["KMS keys wait for their deletion; nothing opens with them unless it is cancelled in time:"]
        lines += [f"  {each['id']}, {each['inputs'].get('deletionWindowInDays', 30):.0f} days" for each in keys]
    if keys and snapshots:
        lines += ["To keep a snapshot for longer: `aws kms cancel-key-deletion`, `aws kms enable-key`, and copy it under another key."]
    return "\n".join(lines)


def _with_final_snapshots(resources: Sequence[Resource]) -> list[tuple[Resource, str]]:
    names = [(each, each["inputs"].get("finalSnapshotIdentifier")) for each in resources if each["type"] in {DATABASE, CACHE}]
    return [(each, name) for each, name in names if name]


def _snapshot(name: str, locked: bool, retirement: str) -> str:
    """As the program calls it in a retirement (tiers/environment.py); what is unprotected already has that name in the state."""
    return f"{name}-{retirement}" if locked else name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/retire.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack", metavar="STACK", help="a stack of this project: its stack file exists")
    parser.add_argument("--confirm", metavar="STACK", help="the same name again; without it nothing is touched")
    return parser


def _stack_file(project: Path, stack: str) -> dict[str, Any]:
    try:
        about: dict[str, Any] = yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(f"there is no Pulumi.yaml in {project}: run this in the project's directory") from None
    file = project / about.get("stackConfigDir", ".") / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        raise Refused(f"there is no stack {stack}: {file} does not exist")
    unknown = Refused(f"{file} does not say whose stack it is: it needs `account` and `region` under {_SETTINGS}")
    try:
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        known = {"account", "region"} <= content["config"][_SETTINGS].keys()
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise unknown from error
    if not known:
        raise unknown
    return content


def _compare_accounts(stack: str, account: str, region: str) -> None:
    """Another account's credentials would find nothing, and leave a state that says so."""
    import boto3

    try:
        caller: str = boto3.client("sts", region_name=region).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"it is unknown whose the credentials are ({error}): log in to account {account}") from error
    if caller != account:
        raise Refused(f"the credentials are of account {caller}; the stack file of {stack} says {account}: log in to that one")


def _compare_names(stack: str, confirmed: str | None) -> None:
    if confirmed != stack:
        got = "nothing" if confirmed is None else f"`{confirmed}`"
        raise Refused(f"nothing was touched: --confirm got {got}; expected `{stack}`; say it to destroy all of this")


def _resources(stack: str) -> list[Resource]:
    done = subprocess.run(["pulumi", "stack", "export", "--stack", stack], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(f"`pulumi stack export` ended with {done.returncode}: {done.stderr.strip()}")
    everything: list[Resource] = json.loads(done.stdout)["deployment"].get("resources", [])
    return [each for each in everything if each.get("id") and not each["type"].startswith("pulumi:")]


def _unprotect(stack: str, content: Mapping[str, Any], urns: Sequence[str]) -> int:
    """An update of these resources alone, with a stack file that is thrown away: `--config` would write into the project's."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, f"Pulumi.{stack}.yaml")
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        targets = [word for urn in urns for word in ("--target", urn)]
        return _shown("up", "--yes", "--skip-preview", "--suppress-outputs", "--config-file", str(file), "--stack", stack, *targets)


def _shown(*arguments: str) -> int:
    """Runs pulumi with its own display. An interrupt reaches it once: it finishes what it has begun, and then ends."""
    command = subprocess.Popen(["pulumi", *arguments])

    def forward(number: int, _frame: object) -> None:
        # From a terminal pulumi has it already, and a second one would abort it.
        if number == signal.SIGTERM or not sys.stdin.isatty() or os.tcgetpgrp(sys.stdin.fileno()) != os.getpgrp():
            command.send_signal(signal.SIGINT)

    before = {number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return command.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
