"""Previewing a stack for approval, and applying what was approved."""

import json
import subprocess
import sys
from collections.abc import Sequence

from operations import engine, lock
from operations.deploy import outcome
from operations.deploy.digest import Document
from operations.deploy.plan import Plan, as_text, differences
from scripts.deployed import Refused
from scripts.shown import INTERRUPTED

POLICY_PACK = "policies"


class Stopped(RuntimeError):
    """A person has to look at it first; the message says at what."""


def previewed(stack: str) -> Plan:
    """What an update would do now. Raises Stopped at a mandatory policy, Refused where the preview fails, KeyboardInterrupt."""
    ran = engine.asked("preview", "--json", "--show-sames", "--show-replacement-steps", "--policy-pack", POLICY_PACK, "--stack", stack)
    if ran.code == INTERRUPTED:
        raise KeyboardInterrupt
    if violated := engine.violations(ran.events):
        raise Stopped("\n  ".join([f"nothing was begun: the preview of {stack} breaks mandatory policies", *violated]))
    if ran.code != 0:
        raise Refused(f"`pulumi preview` of {stack} ended with {ran.code}, nothing was begun: {engine.problems(ran)}")
    preview: Document = json.loads(ran.said)
    return Plan.of(stack, preview)


def held_against(now: Plan, approved: Plan | str) -> None:
    """Raises Stopped unless what would be done now is what was approved: a plan, or the digest of one."""
    expected = approved if isinstance(approved, str) else approved.digest
    if now.digest == expected:
        return
    said = f"nothing was begun: {now.stack} would become {now.digest}; approved is {expected}"
    if isinstance(approved, str):
        said += f"\nWhat would be done now (with --approved FILE it says what differs):\n{as_text(now)}"
    else:
        said += "\n  ".join(["\nWhat differs from what was approved:", *differences(approved, now)])
    raise Stopped(f"{said}\nPlan again, and have that approved: scripts/deploy.py plan {now.stack} --output FILE")


def apply(plan: Plan) -> int:
    """Applies it, and says what was applied where that is not everything. The exit code is that of scripts/deploy.py.

    Raises Refused where somebody else has the state's lock, Stopped where the state cannot be read afterwards.
    """
    stack = plan.stack
    ran = engine.displayed("up", "--yes", "--skip-preview", "--policy-pack", POLICY_PACK, "--suppress-outputs", "--stack", stack)
    if locks := lock.held(ran.errors):
        raise Refused(lock.as_text(stack, locks))
    found = outcome.of(plan, ran.events, _pending(stack))
    if earlier := outcome.earlier_text(stack, found):
        print(f"\n{earlier}", file=sys.stderr)
    if ran.code == 0 and found.is_whole:
        return 0
    print(f"\n{outcome.as_text(stack, found)}", file=sys.stderr)
    again = f"plan again and have that approved: scripts/deploy.py plan {stack} --output FILE"
    end = f"interrupted, {again}" if ran.code == INTERRUPTED else f"it is not as approved. When the cause is mended, {again}"
    print(f"deploy: {end}", file=sys.stderr)
    return INTERRUPTED if ran.code == INTERRUPTED else 1


def _pending(stack: str) -> Sequence[Document]:
    """What the state holds as begun and not ended. Raises Stopped where it cannot be read."""
    done = subprocess.run(["pulumi", "stack", "export", "--stack", stack], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Stopped(f"the update has ended, and it is unknown how far it came: `pulumi stack export` said {done.stderr.strip()}")
    return json.loads(done.stdout)["deployment"].get("pending_operations") or []
