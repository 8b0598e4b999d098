"""`make demo` and `make down`: a whole environment up, shown and taken away with the real engine."""

import os
import sys
import time
from pathlib import Path

from localcloud import creating, emulator, environment, kubeconfig, lifecycle, stack_file, summary
from localcloud.engine import INTERRUPTED, Engine, EngineFailed
from localcloud.instance import Instance
from localcloud.leftovers import leftovers

# Relative to the project, where pulumi runs.
_POLICIES = "policies"
# Ours, and pulumi's own (sdk/go/common/util/cmdutil/exit.go of 3.259.0).
_INTERRUPTED = (INTERRUPTED, 8)


def up(instance: Instance, project: Path, stack: str) -> int:
    """Starts the cloud, brings `stack` up, prints the summary. Safe to repeat. Returns the exit code.

    The policy pack is checked in a preview first; a violation ends it before anything is made.
    An interrupt ends pulumi and leaves the cloud running with what is done so far; it says how to go on.
    """
    began = time.monotonic()
    settings = stack_file.read(project, stack)
    print(f"Local cloud for stack {stack}: account {settings.account}, region {settings.region}, in {instance.directory}", flush=True)
    # Before the start: when a tool is missing, nothing is left running.
    engine = Engine(project, environment.applied(environment.variables(instance, stack, settings)))
    lifecycle.start(instance, _say)
    started = time.monotonic()
    _say(f"The local AWS is up after {started - began:.1f} s. Now `pulumi up`, the engine's own display:\n")
    engine.said("stack", "select", "--create", stack)
    # With its preview: that is where a violation stops it before anything is made.
    code = engine.shown("up", "--yes", "--suppress-outputs", "--policy-pack", _POLICIES, "--stack", stack)
    ended = time.monotonic()
    if code != 0:
        _say(f"\n`pulumi up` ended with {code}. The local cloud is still running, with what was done so far.")
        _say(f"Go on with `make demo STACK={stack}`, take it away with `make down STACK={stack}`; logs are in {instance.path('log')}.")
        return code
    kubeconfig.refresh(instance, settings.account)
    exported = engine.json("stack", "export", "--stack", stack)
    outputs = engine.json("stack", "output", "--json", "--stack", stack)
    print(summary.text(stack, exported, outputs, instance))
    print(f"Time taken: {ended - began:.0f} s, of which the cloud {started - began:.0f} s and `pulumi up` {ended - started:.0f} s.")
    print(f"Stop it, keeping everything: {_python()} -m localcloud stop. Take it away: make down STACK={stack}")
    return 0


def down(instance: Instance, project: Path, stack: str) -> int:
    """Destroys `stack`, forgets it and stops the cloud. Nothing to destroy is not an error. Returns the exit code."""
    settings = stack_file.read(project, stack)
    engine = Engine(project, environment.applied(environment.variables(instance, stack, settings)))
    lifecycle.start(instance, _say)
    if stack in engine.stack_names():
        if code := _take_up(instance, engine, stack):
            return code
        # As anywhere: protections come off first, where there are any. The name was typed, as STACK.
        code = engine.ran([sys.executable, str(project / "scripts" / "retire.py"), stack, "--confirm", stack])
        if code != 0:
            _say(f"\n`scripts/retire.py` ended with {code}. The local cloud is still running; `make down STACK={stack}` goes on.")
            return code
        # Without the flag it would delete the stack file, which is the project's.
        engine.said("stack", "rm", "--yes", "--preserve-config", "--stack", stack)
        _say(f"Stack {stack} is destroyed. {_left(instance, settings.account, stack)}")
    else:
        _say(f"There is no stack {stack} in the local cloud: nothing to destroy.")
    lifecycle.stop(instance, _say)
    _say("The local cloud is stopped.")
    return 0


def _take_up(instance: Instance, engine: Engine, stack: str) -> int:
    """What an update that broke off may have made gets into the state, because `pulumi destroy` only takes away what is there.

    Returns the exit code when it was interrupted. A program that fails does not keep the stack from being destroyed.
    """
    cut_short = creating.cut_short(instance, stack)
    if not cut_short:
        return 0
    names = ", ".join(urn.rpartition("::")[2] for urn in cut_short)
    _say(f"An update of stack {stack} broke off while it made {names}: that is taken up first.")
    targets = [word for urn in cut_short for word in ("--target", urn)]
    code = engine.shown("up", "--yes", "--skip-preview", "--suppress-outputs", "--stack", stack, *targets)
    if code in _INTERRUPTED:
        _say(f"\nInterrupted. The local cloud is still running; `make down STACK={stack}` goes on.")
        return code
    if code != 0:
        _say(f"\nThat ended with {code}. What it could not take up is listed when the rest is gone.")
    return 0


def _left(instance: Instance, account: str, stack: str) -> str:
    """What the account still holds, why, and what to do about it."""
    found = leftovers(emulator.held(instance, account))
    lines = [f"  {each.service}: {each.name}: {each.reason or 'NOT EXPECTED: nothing says why it is still there'}" for each in found]
    if all(each.reason for each in found):
        creating.forget(instance, stack)
    elif urns := creating.cut_short(instance, stack):
        names = ", ".join(urn.rpartition("::")[2] for urn in urns)
        lines += [
            f"An update that broke off may have made what is not expected, as {names}. What of it is still in the program"
            f" `make demo STACK={stack}` takes up; then `make down STACK={stack}` again.",
            f"Delete the rest by hand: `{_python()} -m localcloud start`,"
            f' `eval "$({_python()} -m localcloud env {stack})"`, then the `aws` command of its service.',
        ]
    return "\n".join(["Left in its account:", *lines] if lines else ["Nothing is left in its account."])


def _say(text: str) -> None:
    print(text, flush=True)


def _python() -> str:
    """The interpreter as somebody in the checkout would write it."""
    relative = os.path.relpath(sys.executable)
    return sys.executable if relative.startswith("..") else relative


__all__ = ["EngineFailed", "down", "up"]
