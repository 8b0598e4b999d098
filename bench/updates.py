"""What an `up` of a stack costs: on AWS by its longest path, and here by the number of its resources."""

import tempfile
from pathlib import Path

from bench.cloud import cloud, demo, floor, platform
from bench.critical_path import forced, longest, text
from bench.measure import BenchFailed, Figure, pairs, say
from localcloud import lifecycle

# Peers with the same weights stand at 1.00, a bare cluster, at 1.48 and at 1.62.
_PATH_FLOOR, _PATH_GOAL = 1.62, 1.05


def critical_path(stack: str) -> Figure:
    """The longest chain of waiting in an `up`, as AWS takes to create things. Counted, not timed: once is enough."""
    with cloud() as instance:
        demo(instance, stack)
        state = platform(instance, stack).resources()
    try:
        ours, least = longest(state), forced(state)
    except ValueError as error:
        raise BenchFailed(str(error)) from error
    say(f"The longest path of {stack}:\n{text(ours)}\nThe longest that AWS forces on it:\n{text(least)}")
    return Figure(
        name=f"critical-path-{stack}",
        unit="s",
        measured=f"longest path of an up of {stack}, at AWS's pace",
        values=[ours.seconds],
        compared_to="what AWS forces",
        others=[least.seconds],
        floor=_PATH_FLOOR,
        goal=_PATH_GOAL,
    )


def resources(stack: str) -> Figure:
    """How many resources a stack has, and what `up` from nothing takes for so many: the engine writes the whole state at each step."""
    numbers: list[int] = []

    def ours() -> float:
        with cloud() as instance:
            lifecycle.start(instance)
            project = platform(instance, stack)
            project.pulumi("stack", "select", "--create")
            taken = project.pulumi("up", "--yes", "--skip-preview")
            numbers.append(project.registrations())
        return taken

    def flat() -> float:
        with cloud() as instance, tempfile.TemporaryDirectory() as scratch:
            return floor(instance, Path(scratch, "floor"), numbers[0]).pulumi("up", "--yes", "--skip-preview")

    ours()
    values, others = pairs(ours, flat)
    return Figure(
        name=f"resources-{stack}",
        unit="s",
        measured=f"up of {stack}, {numbers[0]} resources",
        values=values,
        compared_to="up of the floor: flat, as many",
        others=others,
    )
