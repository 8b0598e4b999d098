"""How long somebody waits for the bill of a stack."""

import sys

from bench.cloud import cloud, demo, platform
from bench.measure import Figure, pairs, seconds
from localcloud.instance import CHECKOUT

_FLOOR_SECONDS = _GOAL_SECONDS = 2.0


def bill(stack: str) -> Figure:
    """`scripts/cost.py` of a deployed stack, process start and the export of its state included."""
    with cloud() as instance:
        demo(instance, stack)
        ours = platform(instance, stack)
        priced = [sys.executable, "scripts/cost.py", stack]
        values, others = pairs(lambda: seconds(priced, CHECKOUT, ours.environment), lambda: ours.pulumi("stack", "export"))
    return Figure(
        name="cost",
        unit="s",
        measured=f"the bill of {stack}",
        values=values,
        compared_to="`pulumi stack export` alone",
        others=others,
        floor=_FLOOR_SECONDS,
        goal=_GOAL_SECONDS,
        absolute=True,
    )
