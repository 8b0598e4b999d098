#!/usr/bin/env python3
"""Takes down a stack that `pulumi destroy` refuses to.

    scripts/retire.py prod                   # says what would go and what would stay
    scripts/retire.py prod --confirm prod    # does it

Run it where pulumi is run, at the commit that is deployed, with the project's Python and `pulumi` on PATH and the credentials of the
stack's own account. First an update of its own takes off the protections, Pulumi's and AWS's, and reaches nothing but what has them; then
`pulumi destroy`. It can be interrupted and run again.

Exit code: 0 nothing is left of the stack; 1 refused, also without --confirm; 130 interrupted; otherwise that of the pulumi that failed.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.deployed import SETTINGS, Refused, Resource, compare_names, own_stack_file, resources
from scripts.shown import INTERRUPTED, shown

DATABASE, CACHE = "aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"
BUCKET, KEY = "aws:s3/bucket:Bucket", "aws:kms/key:Key"
DATABASE_JOB, CONFIG_MAP = "ml-platform:components:DatabaseJob$", "kubernetes:core/v1:ConfigMap"


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
    content = own_stack_file(stack)
    settings = content["config"][SETTINGS]
    deployed = resources(stack)
    _refuse_to_leave_a_database(stack, settings, deployed)
    print(summary(stack, deployed, retirement), flush=True)
    compare_names(stack, confirmed, "destroy all of this")
    # After each step the state is asked, too: a pulumi that was cancelled before its first operation ends with 0.
    if locked := protected(deployed):
        settings["retiring"] = retirement
        code = _unprotect(stack, content, locked)
        if code != 0 or protected(resources(stack)):
            print(
                "retire: nothing was destroyed. Some protections may be off: run this again, or put them back with `pulumi up`.", flush=True
            )
            return code or INTERRUPTED
    code = _pulumi("destroy", "--yes", "--skip-preview", "--stack", stack)
    left = resources(stack)
    # An interrupt that came too late to stop anything.
    if code == INTERRUPTED and not left:
        return 0
    if code != 0 or left:
        print("retire: not everything is destroyed, and the protections are off: run this again to go on.", flush=True)
        return code or INTERRUPTED
    return 0


def _refuse_to_leave_a_database(stack: str, settings: Mapping[str, Any], deployed: Sequence[Resource]) -> None:
    """A tenant's is in its platform's server, where only a Job drops it (docs/decisions/0017): `pulumi destroy` runs none."""
    if settings.get("kind") == "tenant" and any(_makes_a_database(each) for each in deployed):
        remedy = f"set `retiring` in the stack file, `pulumi up --stack {stack}`, wait for its Job, and run this again (docs/tenants.md)"
        raise Refused(f"{stack} is a tenant, whose database would be left in its platform's server; expected it to be dropped; {remedy}")


def _makes_a_database(resource: Resource) -> bool:
    """Whether it is what a Job makes users from: one that drops them has none (components/database_job.py)."""
    is_of_one = DATABASE_JOB in resource["urn"] and resource["type"] == CONFIG_MAP
    return is_of_one and resource["inputs"]["data"].get("users.json") != "{}"


def protected(resources: Sequence[Resource]) -> list[str]:
    """The URNs of what Pulumi, or AWS by a property that is in the state, would refuse to delete."""

    def refuses(resource: Resource) -> bool:
        inputs = resource.get("inputs", {})
        keeps = inputs.get("deletionProtection") is True or False in (inputs.get("forceDelete"), inputs.get("forceDestroy"))
        # What is retained is forgotten and never deleted, so AWS has nothing to refuse.
        return resource.get("protect", False) or (keeps and not resource.get("retainOnDelete", False))

    return [resource["urn"] for resource in resources if refuses(resource)]


def summary(stack: str, resources: Sequence[Resource], retirement: str) -> str:
    """What a retirement destroys, and what stays afterwards."""
    locked = set(protected(resources))
    lines = [f"Stack {stack} has {len(resources)} resources, all of which go; protected until now: {len(locked)}."]
    lines += [f"  {each['type']}  {each['urn'].rpartition('::')[2]}  {each['id']}" for each in resources if each["urn"] in locked]
    buckets = [each for each in resources if each["type"] == BUCKET]
    if buckets:
        lines += ["All objects in its buckets go, in every version: there is no copy."]
    retained = [each["id"] for each in buckets if each.get("retainOnDelete", False)]
    if retained:
        lines += ["But for those that lock what is in them. They stay, as they are:", *(f"  {name}" for name in retained)]
    keys = [each for each in resources if each["type"] == KEY]
    staying = [each["id"] for each in keys if each.get("retainOnDelete", False)]
    if staying:
        lines += ["KMS keys of what stays stay with it, without their aliases:", *(f"  {name}" for name in staying)]
    snapshots = [_snapshot(name, each["urn"] in locked, retirement) for each, name in _with_final_snapshots(resources)]
    if snapshots:
        lines += ["Final snapshots stay:", *(f"  {name}" for name in snapshots)]
    going = [each for each in keys if not each.get("retainOnDelete", False)]
    if going:
        lines += ["KMS keys wait for their deletion; nothing opens with them unless it is cancelled in time:"]
        lines += [f"  {each['id']}, {each['inputs'].get('deletionWindowInDays', 30):.0f} days" for each in going]
    if snapshots and not staying:
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


def _unprotect(stack: str, content: Mapping[str, Any], urns: Sequence[str]) -> int:
    """An update of these resources alone, with a stack file that is thrown away: `--config` would write into the project's."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, f"Pulumi.{stack}.yaml")
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        targets = [word for urn in urns for word in ("--target", urn)]
        return _pulumi("up", "--yes", "--skip-preview", "--suppress-outputs", "--config-file", str(file), "--stack", stack, *targets)


def _pulumi(*arguments: str) -> int:
    return shown(["pulumi", *arguments], Path.cwd(), os.environ)


if __name__ == "__main__":
    sys.exit(main())
