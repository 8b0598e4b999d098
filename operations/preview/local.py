"""Previews without credentials: the base revision up on a local cloud, and the head revision previewed against that."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from operations.preview import bases, secrecy, stack_files
from operations.preview.affected import of_program, stack_of
from operations.preview.bases import Base
from operations.preview.clouds import Cloud
from operations.preview.commands import Failed, step
from operations.preview.document import StackPreview
from operations.preview.engine import Engine, Found
from operations.preview.runs import Run
from operations.preview.unverified import unverified

_PACKAGES = "requirements/project.txt"


@dataclass(frozen=True)
class Group:
    """Stacks that share a local cloud: a platform and its tenants. `up` are those that the base has, the platform first."""

    up: Sequence[str]
    previewed: Sequence[str]


def groups(run: Run, stacks: Sequence[str]) -> list[Group]:
    """The stacks to preview, by the platform that they are, or are on."""
    by_platform: dict[str, list[str]] = {}
    for stack in stacks:
        revision = run.base if run.base.has(stack) else run.head
        by_platform.setdefault(stack_files.platform_of(revision.directory, stack), []).append(stack)
    return [
        Group([each for each in dict.fromkeys([platform, *found]) if run.base.has(each)], found) for platform, found in by_platform.items()
    ]


def previews(run: Run, group: Group) -> list[StackPreview]:
    """The previews of a group. What keeps one from being made is in it, as its failure.

    Raises Failed where the local cloud itself does not run, and Stopped.
    """
    first = (group.up or group.previewed)[0]
    with bases.held(run.kept, key(run, group), lambda: _say_waiting(first)) as base, cloud_of(run, group, base) as cloud:
        if isinstance(cloud, Failed):
            failure = f"The base revision {run.base.commit[:12]} could not be brought up to compare with. {cloud}"
            return [run.preview(stack, "local", Found(failure=failure)) for stack in group.previewed]
        return [preview(run, cloud, stack) for stack in group.previewed]


@contextmanager
def cloud_of(run: Run, group: Group, base: Base) -> Generator[Cloud | Failed]:
    """The cloud with the base up in it, or why it is not; stopped at the end, and kept only where all of the base is up."""
    cloud = Cloud(run.commands, run.head.directory, base.cloud)
    up = base.take()
    if not up:
        # Whoever was killed in here may have left processes.
        if base.cloud.exists():
            cloud.stop()
        base.discard()
    try:
        with step((group.up or group.previewed)[0], f"starting a local cloud{', with the base up from an earlier preview' if up else ''}"):
            cloud.start()
        failed = None
        if not up:
            failed = _bring_up(run, group, cloud)
            up = failed is None
        yield failed or cloud
    finally:
        if cloud.stop() and up:
            base.keep()
        else:
            base.discard()


def _bring_up(run: Run, group: Group, cloud: Cloud) -> Failed | None:
    for stack in group.up:
        try:
            with step(stack, f"bringing the base {run.base.commit[:12]} up, usually 2 min"):
                _engine(run, cloud, run.base.directory, stack).up(stack)
        except Failed as failed:
            return failed
    return None


def preview(run: Run, cloud: Cloud, stack: str) -> StackPreview:
    secrets: frozenset[str] = frozenset()
    try:
        with step(stack, f"previewing {run.head.commit[:12]}"):
            if run.base.has(stack):
                secrets = secrecy.values(_engine(run, cloud, run.base.directory, stack).state(stack, show_secrets=True))
            found = _found(run, cloud, stack)
    except Failed as failed:
        return run.preview(stack, "local", Found(failure=str(failed)), secrets=secrets)
    lines = list(unverified(found.document.get("steps") or (), cloud.gaps()))
    if run.base.files.get(_PACKAGES) != run.head.files.get(_PACKAGES):
        lines.append(f"{_PACKAGES}: differs, and the base was brought up with the packages that are installed for the head")
    return run.preview(stack, "local", found, unverified=lines, secrets=secrets)


def _found(run: Run, cloud: Cloud, stack: str) -> Found:
    if not run.head.has(stack):
        return Found(_engine(run, cloud, run.base.directory, stack).removal(stack))
    # A head whose file does not say whose it is fails in the program, which says it better.
    readable = {"account", "region"} <= stack_files.settings(run.head.directory, stack).keys()
    said_by = run.head.directory if readable or not run.base.has(stack) else run.base.directory
    engine = _engine(run, cloud, run.head.directory, stack, said_by)
    if run.base.has(stack):
        return engine.preview(stack)
    engine.initialise(stack)
    try:
        return engine.preview(stack)
    finally:
        engine.forget(stack)


def _engine(run: Run, cloud: Cloud, project: Path, stack: str, said_by: Path | None = None) -> Engine:
    return Engine(run.commands, project, cloud.environment(said_by or project, stack), run.scratch)


def key(run: Run, group: Group) -> str:
    """All that the state of a base comes from: its program, its stack files, and the local cloud that it is up in."""
    program = [(f"base {path}", content) for path, content in run.base.files.items() if of_program(path) or stack_of(path) in group.up]
    cloud = [(f"head {path}", content) for path, content in run.head.files.items() if path.startswith(("localcloud/", "requirements/"))]
    return bases.key([*program, *cloud, ("stacks", " ".join(group.up))])


def _say_waiting(stack: str) -> None:
    with step(stack, "waiting for another preview that uses the same base"):
        pass
