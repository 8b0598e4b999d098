"""Two revisions compared, stack by stack: what scripts/preview.py does."""

import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from operations.preview import account, bases, local, stack_files
from operations.preview.affected import affected, stacks
from operations.preview.commands import Commands, step
from operations.preview.document import StackPreview
from operations.preview.revisions import Repository, repository
from operations.preview.runs import Revision, Run
from scripts.deployed import Refused

_TURN_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be compared."""

    base: str
    head: str | None
    """None: the files as they are in the clone."""
    stacks: Sequence[str]
    """None given: those that the change can touch."""
    account: bool
    """Whether with what is deployed, with the caller's credentials."""
    jobs: int
    """How many local clouds at once."""
    kept: Path
    """Where they are kept for the next time."""


def compare(project: Path, wanted: Wanted) -> list[StackPreview]:
    """The preview of each stack, in the order of their names.

    Raises Refused, Failed where there is no local cloud to be had, and KeyboardInterrupt. Whatever ends it, nothing runs after it, and its
    temporary files are gone.
    """
    clone, commands = repository(project), Commands()
    with tempfile.TemporaryDirectory(prefix="preview-") as scratch:
        run = revisions(clone, commands, wanted, Path(scratch))
        chosen = _chosen(clone, run, wanted)
        if not chosen:
            return []
        try:
            found = account.previews(run, chosen) if wanted.account else _local(run, chosen, wanted.jobs)
        except BaseException:
            _end(commands)
            raise
    return sorted(found, key=lambda each: each.stack)


def revisions(clone: Repository, commands: Commands, wanted: Wanted, scratch: Path) -> Run:
    """The two revisions, with their files below `scratch`. Raises Refused."""
    head = clone.working_tree() if wanted.head is None else clone.commit(wanted.head)
    base = clone.fork(clone.commit(wanted.base), head)
    before, after = (
        Revision(commit, clone.export(commit, scratch / name), clone.files(commit)) for name, commit in (("base", base), ("head", head))
    )
    if not wanted.account:
        for revision in (before, after):
            stack_files.without_secrets_provider(revision.directory)
    return Run(commands, before, after, scratch, wanted.kept)


def _chosen(clone: Repository, run: Run, wanted: Wanted) -> list[str]:
    there = stacks(run.base.files) | stacks(run.head.files)
    unknown = sorted({*wanted.stacks} - there)
    if unknown:
        raise Refused(f"got stack {', '.join(unknown)}; expected one that has a file before or after: {', '.join(sorted(there)) or 'none'}")
    return sorted({*wanted.stacks}) or affected(clone.changed(run.base.commit, run.head.commit), there)


def _local(run: Run, chosen: Sequence[str], jobs: int) -> list[StackPreview]:
    with step(", ".join(chosen), "looking for the tools of the local cloud, which are built once"):
        run.commands.must(sys.executable, "-m", "localcloud.toolchain", at=run.head.directory)
    pool = ThreadPoolExecutor(max_workers=jobs)
    try:
        found = [_awaited(each) for each in [pool.submit(local.previews, run, group) for group in local.groups(run, chosen)]]
    except BaseException:
        # Those that still run must be told before anybody waits for them.
        _end(run.commands, then=lambda: pool.shutdown(cancel_futures=True))
        raise
    pool.shutdown()
    bases.prune(run.kept)
    return [each for previews in found for each in previews]


def _awaited(future: Future[list[StackPreview]]) -> list[StackPreview]:
    """In short turns: a signal that the kernel gives to another thread does not wake the one that waits, which has to act on it."""
    while not future.done():
        wait([future], timeout=_TURN_SECONDS)
    return future.result()


def _end(commands: Commands, then: Callable[[], None] = lambda: None) -> None:
    """Ends what runs, and waits until it has cleaned up; another interrupt would only leave something behind."""
    asked = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        commands.stop()
        then()
    finally:
        for number, handler in asked.items():
            signal.signal(number, handler)
