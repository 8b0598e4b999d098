"""Local clouds in which a base revision is up, kept from one preview to the next."""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

# Three stacks, before and after the base has moved on.
KEPT = 6
_READY = "ready"


def root() -> Path:
    """Where they are kept: outside the checkout, `$XDG_CACHE_HOME/ml-platform/previews` or `~/.cache/ml-platform/previews`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ml-platform" / "previews"


def key(parts: Iterable[tuple[str, str]]) -> str:
    """The name of a base, by all that it is made from: pairs of a name and a content, in any order."""
    digest = hashlib.sha256()
    for part in sorted([*parts, ("python", sys.version)]):
        for word in part:
            digest.update(len(word.encode()).to_bytes(8, "big") + word.encode())
    return digest.hexdigest()[:16]


class Base:
    """The directory of one of them, held by this process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @property
    def cloud(self) -> Path:
        """The local cloud's own directory. It holds what is up by its path and its ports: it is used where it was made."""
        return self._directory / "cloud"

    def take(self) -> bool:
        """Whether the base is up in it. Until `keep` it no longer is: whoever is killed meanwhile leaves nothing that is trusted."""
        ready = self._directory / _READY
        there = ready.exists()
        ready.unlink(missing_ok=True)
        return there

    def keep(self) -> None:
        """To be said when its cloud is stopped, and as the base left it."""
        (self._directory / _READY).touch()

    def discard(self) -> None:
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(parents=True, mode=0o700)


@contextmanager
def held(under: Path, name: str, waiting: Callable[[], None]) -> Generator[Base]:
    """The base of that name, against every other preview; `waiting` is called when there is one that uses it."""
    directory = under / name
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The lock is beside it, and stays when the base is discarded.
    with directory.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        # Another one may have removed it while this one waited.
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield Base(directory)


def prune(under: Path, kept: int = KEPT) -> None:
    """Removes all but those that were used last, and no one that is held."""
    ready = sorted(under.glob(f"*/{_READY}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in (path.parent for path in ready[kept:]):
        with old.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(old, ignore_errors=True)
