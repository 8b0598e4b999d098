"""Revisions out of a real clone."""

import subprocess
import sys
from pathlib import Path

import pytest

from operations.preview.revisions import Repository, repository
from scripts.deployed import Refused


def git(directory: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *identity, *arguments], cwd=directory, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    """main and topic have each gone on from where topic left."""
    directory = tmp_path / "clone"
    directory.mkdir()
    git(directory, "init", "--quiet", "--initial-branch", "main")
    (directory / "kept").write_text("kept\n")
    (directory / "old name").write_text("moved\n")
    (directory / ".gitignore").write_text("ignored\n")
    git(directory, "add", ".")
    git(directory, "commit", "--quiet", "--message", "first")
    git(directory, "switch", "--quiet", "--create", "topic")
    git(directory, "mv", "old name", "new name")
    git(directory, "commit", "--quiet", "--message", "moved")
    git(directory, "switch", "--quiet", "main")
    (directory / "of-main").write_text("")
    git(directory, "add", ".")
    git(directory, "commit", "--quiet", "--message", "second")
    git(directory, "switch", "--quiet", "topic")
    return repository(directory)


def test_what_base_got_since_is_no_change_of_head(clone: Repository) -> None:
    head = clone.commit("topic")
    assert clone.changed(clone.fork(clone.commit("main"), head), head) == ["new name", "old name"]


def test_files_that_are_not_committed_are_in_the_working_tree(clone: Repository) -> None:
    (clone.directory / "kept").write_text("changed\n")
    (clone.directory / "untracked").write_text("new\n")
    assert clone.changed("topic", clone.working_tree()) == ["kept", "untracked"]


def test_what_is_ignored_is_not_in_the_working_tree(clone: Repository) -> None:
    (clone.directory / "ignored").write_text("secret\n")
    assert clone.working_tree() == clone.commit("topic")


def test_looking_at_the_working_tree_changes_nothing_that_git_shows(clone: Repository) -> None:
    (clone.directory / "kept").write_text("changed\n")
    before = git(clone.directory, "status", "--porcelain"), git(clone.directory, "for-each-ref")
    clone.working_tree()
    assert (git(clone.directory, "status", "--porcelain"), git(clone.directory, "for-each-ref")) == before


def test_an_exported_revision_has_its_files_and_runs_on_this_python(clone: Repository, tmp_path: Path) -> None:
    directory = clone.export(clone.commit("main"), tmp_path / "base")
    assert sorted(path.name for path in directory.iterdir()) == [".gitignore", ".venv", "kept", "of-main", "old name"]
    assert (directory / ".venv").resolve() == Path(sys.prefix).resolve()


@pytest.mark.parametrize("name", ["outside", ".venv"])
def test_a_revision_with_links_that_lead_out_of_it_is_refused(clone: Repository, tmp_path: Path, name: str) -> None:
    (clone.directory / name).symlink_to("/etc" if name == "outside" else "kept")
    git(clone.directory, "add", ".")
    git(clone.directory, "commit", "--quiet", "--message", "link")
    with pytest.raises(Refused, match=r"take links that lead out of the project, and \.venv, out of it"):
        clone.export(clone.commit("HEAD"), tmp_path / "base")


@pytest.mark.parametrize("ignored", [".venv/\n", ".venv\n"])
def test_a_virtual_environment_that_is_a_link_is_not_in_the_working_tree(clone: Repository, ignored: str) -> None:
    (clone.directory / ".venv").symlink_to(sys.prefix)
    (clone.directory / ".git" / "info" / "exclude").write_text(ignored)
    assert clone.working_tree() == clone.commit("topic")


def test_an_export_is_no_work_tree_of_the_clone(clone: Repository, tmp_path: Path) -> None:
    clone.export(clone.commit("main"), tmp_path / "base")
    assert len(git(clone.directory, "worktree", "list").splitlines()) == 1


def test_files_with_the_same_content_have_the_same_hash(clone: Repository) -> None:
    assert clone.files("main")["old name"] == clone.files("topic")["new name"]


@pytest.mark.parametrize("revision", ["nowhere", "--output=/tmp/x", "topic:kept"])
def test_a_revision_that_is_not_there_is_refused_with_the_remedy(clone: Repository, revision: str) -> None:
    with pytest.raises(Refused, match=r"expected one that this clone has; fetch it: git fetch origin"):
        clone.commit(revision)


def test_revisions_without_a_common_ancestor_are_refused_with_the_remedy(clone: Repository) -> None:
    git(clone.directory, "switch", "--quiet", "--orphan", "other")
    git(clone.directory, "commit", "--quiet", "--allow-empty", "--message", "other")
    with pytest.raises(Refused, match="fetch the whole history: git fetch --unshallow origin"):
        clone.fork(clone.commit("main"), clone.commit("other"))


def test_a_directory_that_is_no_clone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="expected the root of a git repository"):
        repository(tmp_path)


def test_a_directory_below_the_root_is_refused(clone: Repository) -> None:
    (clone.directory / "below").mkdir()
    with pytest.raises(Refused, match="expected the root of a git repository"):
        repository(clone.directory / "below")
