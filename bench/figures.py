"""What is measured, by name."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import count, islice
from pathlib import Path

from bench import feature_store, fuzz, memory, pull_request
from bench.cloud import cloud, demo, echoed, floor, platform, sdk_packages
from bench.deployed import script
from bench.measure import PAIRS, BenchFailed, Figure, pairs, seconds
from bench.new_stack import first_preview
from bench.updates import critical_path, resources
from localcloud.instance import CHECKOUT

# With the same engine and floor, and the echo provider in place of AWS and Kubernetes, peers stand at 1.4 to 2.8.
_PREVIEW_FLOOR, _PREVIEW_GOAL = 1.5, 1.3
_VALIDATE_FLOOR, _VALIDATE_GOAL = 0.5, 0.5


def preview(stack: str, *, program_only: bool = False) -> Figure:
    """A preview that finds nothing to change: as the user waits for it, or, as peers were measured, without the providers' work."""
    with cloud() as instance, tempfile.TemporaryDirectory() as scratch:
        demo(instance, stack)
        ours = platform(instance, stack)
        registrations = ours.registrations()
        flat = floor(instance, Path(scratch, "floor"), registrations)
        flat.pulumi("up", "--yes", "--skip-preview")
        arguments = ("preview", "--expect-no-changes")
        if program_only:
            ours = echoed(ours, instance)
        values, others = pairs(lambda: ours.pulumi(*arguments), lambda: flat.pulumi(*arguments))
    return Figure(
        name=f"{'program' if program_only else 'preview'}-{stack}",
        unit="s",
        measured=f"no-change preview of {stack}{', with the echo provider' if program_only else ''}, {registrations} registrations",
        values=values,
        compared_to="the floor: flat, as many",
        others=others,
        floor=_PREVIEW_FLOOR,
        goal=_PREVIEW_GOAL,
    )


def imports(stack: str) -> Figure:
    """What of a preview is importing the SDK packages whose resources the stack has: no program that uses them is below it."""
    with cloud() as instance, tempfile.TemporaryDirectory() as scratch:
        demo(instance, stack)
        ours = platform(instance, stack)
        flat = floor(instance, Path(scratch, "floor"), ours.registrations())
        flat.pulumi("up", "--yes", "--skip-preview")
        packages = {"BENCH_IMPORTS": " ".join(sdk_packages(ours.types()))}
        importing = replace(flat, environment={**flat.environment, **packages})
        arguments = ("preview", "--expect-no-changes")
        values, others = pairs(lambda: importing.pulumi(*arguments), lambda: flat.pulumi(*arguments))
    return Figure(
        name=f"imports-{stack}",
        unit="s",
        measured=f"no-change preview of the floor, importing the SDK packages of {stack}",
        values=values,
        compared_to="the floor, without",
        others=others,
    )


def demonstration(stack: str) -> Figure:
    """`make demo` with everything installed and an empty cloud."""
    registrations: list[int] = []

    def ours() -> float:
        with cloud() as instance:
            taken = demo(instance, stack)
            registrations.append(platform(instance, stack).registrations())
        return taken

    ours()

    def flat() -> float:
        with cloud() as instance, tempfile.TemporaryDirectory() as scratch:
            return floor(instance, Path(scratch, "floor"), registrations[0]).pulumi("up", "--yes")

    values, others = pairs(ours, flat)
    measured, compared = f"warm make demo of {stack}, {registrations[0]} registrations", "up of the floor: flat, as many"
    return Figure(name=f"demo-{stack}", unit="s", measured=measured, values=values, compared_to=compared, others=others)


def idle(clusters: int) -> Figure:
    """Memory of a cloud that does nothing."""
    values, others = pairs(partial(memory.idle_mib, clusters), partial(memory.idle_mib, 0))
    measured = f"idle cloud with {clusters} cluster{'s' if clusters > 1 else ''}"
    return Figure(name=f"memory-{clusters}", unit="MiB", measured=measured, values=values, compared_to="with none", others=others)


def unit_tests() -> Figure:
    """The tests that need no cloud."""
    pytest = [sys.executable, "-m", "pytest", "-q", "tests/unit", "tests/policies"]
    values, others = pairs(
        lambda: seconds(pytest, CHECKOUT, os.environ), lambda: seconds([*pytest, "--collect-only"], CHECKOUT, os.environ)
    )
    return Figure(name="unit-tests", unit="s", measured="unit tests", values=values, compared_to="only collecting them", others=others)


def validation() -> Figure:
    """What somebody waits for who has changed a stack file."""
    explain, nothing = [sys.executable, "-m", "scripts.explain", "dev"], [sys.executable, "-c", "pass"]
    values, others = pairs(lambda: seconds(explain, CHECKOUT, os.environ), lambda: seconds(nothing, CHECKOUT, os.environ))
    return Figure(
        name="validate",
        unit="s",
        measured="a stack file validated and explained, process start included",
        values=values,
        compared_to="a Python that starts",
        others=others,
        floor=_VALIDATE_FLOOR,
        goal=_VALIDATE_GOAL,
        absolute=True,
    )


def fuzzing() -> Figure:
    """Stack files that somebody got wrong. One that ends in anything but a refusal in form is a failure, and its seed is told."""
    valid, seeds = fuzz.valid(), count()

    def changed() -> float:
        cases = [(seed, fuzz.mutated(seed, valid)) for seed in islice(seeds, fuzz.CASES // PAIRS)]
        began = time.monotonic()
        for seed, case in cases:
            try:
                fuzz.refusals(case)
            except Exception as defect:
                raise BenchFailed(f"seed {seed}: {type(defect).__name__}: {defect}\n{case}") from defect
        return 1000 * (time.monotonic() - began) / len(cases)

    def unchanged() -> float:
        began = time.monotonic()
        for case in valid:
            fuzz.refusals(case)
        return 1000 * (time.monotonic() - began) / len(valid)

    values, others = pairs(changed, unchanged)
    measured = f"each of {fuzz.CASES} broken stack files, all taken or refused in form"
    return Figure(name="fuzz", unit="ms", measured=measured, values=values, compared_to="one that is right", others=others)


def available() -> Mapping[str, Callable[[], Figure]]:
    """What can be measured here, by name."""
    stacks = [name for name in ("dev", "prod") if (CHECKOUT / "stacks" / f"Pulumi.{name}.yaml").is_file()]
    found: dict[str, Callable[[], Figure]] = {}
    for stack in stacks:
        found[f"preview-{stack}"] = partial(preview, stack)
        found[f"program-{stack}"] = partial(preview, stack, program_only=True)
        found[f"imports-{stack}"] = partial(imports, stack)
        found[f"demo-{stack}"] = partial(demonstration, stack)
    for stack in (name for name in ("dev", "staging", "prod") if (CHECKOUT / "stacks" / f"Pulumi.{name}.yaml").is_file()):
        found[f"critical-path-{stack}"] = partial(critical_path, stack)
        found[f"resources-{stack}"] = partial(resources, stack)
    return {
        **found,
        "memory-1": partial(idle, 1),
        "memory-2": partial(idle, 2),
        "unit-tests": unit_tests,
        "validate": validation,
        "fuzz": fuzzing,
        "new-stack": first_preview,
        "preview-pull-request": pull_request.preview,
        "feast-read-p50": partial(feature_store.read, 50),
        "feast-read-p99": partial(feature_store.read, 99),
        "feast-materialize": feature_store.materialization,
        "diagram": partial(script, "diagram", "dev", measured="dev drawn from its state, process start included"),
        "cost": partial(script, "cost", "dev", measured="the bill of dev"),
    }
