"""How long somebody waits for a script that reads what is deployed."""

import sys

from bench.cloud import cloud, demo, platform
from bench.measure import Figure, pairs, seconds
from localcloud.instance import CHECKOUT

_FLOOR_SECONDS = _GOAL_SECONDS = 2.0


def script(name: str, stack: str, *, measured: str) -> Figure:
    """`scripts/NAME.py` of a deployed stack, process start and the export of its state included."""
    with cloud() as instance:
        demo(instance, stack)
        ours = platform(instance, stack)
        command = [sys.executable, f"scripts/{name}.py", stack]
        values, others = pairs(lambda: seconds(command, CHECKOUT, ours.environment), lambda: ours.pulumi("stack", "export"))
    return Figure(
        name=name,
        unit="s",
        measured=measured,
        values=values,
        compared_to="`pulumi stack export` alone",
        others=others,
        floor=_FLOOR_SECONDS,
        goal=_GOAL_SECONDS,
        absolute=True,
    )
