"""Local clouds that are kept: only a whole one is used again, and by one preview at a time."""

import fcntl
import os
from pathlib import Path

import pytest

from operations.preview import bases


def never() -> None:
    pytest.fail("it waited")


def made(under: Path, name: str, used: float = 0) -> Path:
    with bases.held(under, name, never) as base:
        base.take()
        base.keep()
    os.utime(under / name / "ready", (used, used))
    return under / name


def test_a_base_that_was_kept_is_up(tmp_path: Path) -> None:
    made(tmp_path, "one")
    with bases.held(tmp_path, "one", never) as base:
        assert base.take()


def test_a_base_is_not_trusted_again_until_it_is_kept_again(tmp_path: Path) -> None:
    made(tmp_path, "one")
    with bases.held(tmp_path, "one", never) as base:
        base.take()
    with bases.held(tmp_path, "one", never) as base:
        assert not base.take()


def test_a_discarded_base_leaves_nothing(tmp_path: Path) -> None:
    made(tmp_path, "one")
    with bases.held(tmp_path, "one", never) as base:
        base.cloud.mkdir()
        base.discard()
        assert list((tmp_path / "one").iterdir()) == []


def test_whoever_comes_second_says_that_it_waits(tmp_path: Path) -> None:
    (tmp_path / "one.lock").touch()
    holder = os.open(tmp_path / "one.lock", os.O_RDWR)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with bases.held(tmp_path, "one", lambda: os.close(holder)) as base:
        assert not base.take()


def test_those_used_last_are_kept(tmp_path: Path) -> None:
    for number in range(4):
        made(tmp_path, f"base-{number}", used=number)
    bases.prune(tmp_path, kept=2)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["base-2", "base-3"]


def test_a_base_that_is_held_is_not_removed(tmp_path: Path) -> None:
    made(tmp_path, "one")
    with bases.held(tmp_path, "one", never):
        bases.prune(tmp_path, kept=0)
        assert (tmp_path / "one").is_dir()


@pytest.mark.parametrize("other", [[("a", "2")], [("b", "1")], [("a", "1"), ("b", "")], [("a1", "")], []])
def test_whatever_a_base_is_made_from_is_in_its_name(other: list[tuple[str, str]]) -> None:
    assert bases.key([("a", "1")]) != bases.key(other)


def test_the_order_of_what_it_is_made_from_does_not_count() -> None:
    assert bases.key([("a", "1"), ("b", "2")]) == bases.key([("b", "2"), ("a", "1")])


def test_they_are_outside_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert bases.root() == Path("/somewhere/ml-platform/previews")
