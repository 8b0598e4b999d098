"""Two revisions of the project out of git: what differs between them, and their files in directories of their own."""

import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.deployed import Refused

_ENVIRONMENT = ".venv"


@dataclass(frozen=True)
class Repository:
    """A git repository whose root is the project."""

    directory: Path

    def commit(self, revision: str) -> str:
        """The commit that a revision names. Raises Refused."""
        try:
            return self._git("rev-parse", "--verify", f"{revision}^{{commit}}").strip()
        except Refused:
            raise Refused(f"got revision `{revision}`; expected one that this clone has; fetch it: git fetch origin {revision}") from None

    def working_tree(self) -> str:
        """A commit of the files as they are, what is not committed included; no branch has it. HEAD where nothing differs from it.

        Raises Refused.
        """
        head = self.commit("HEAD")
        with tempfile.TemporaryDirectory() as scratch:
            # The index that people work with stays as it is.
            own = {"GIT_INDEX_FILE": str(Path(scratch, "index"))}
            self._git("read-tree", head, **own)
            self._git("add", "--all", **own)
            # Where it is a link, .gitignore does not say so.
            self._git("rm", "-r", "--cached", "--force", "--quiet", "--ignore-unmatch", "--", _ENVIRONMENT, **own)
            tree = self._git("write-tree", **own).strip()
        if tree == self._git("rev-parse", f"{head}^{{tree}}").strip():
            return head
        nobody = {f"GIT_{who}_{what}": "preview" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        return self._git("commit-tree", tree, "-p", head, "-m", "The working tree, for a preview", **nobody).strip()

    def fork(self, base: str, head: str) -> str:
        """The commit where `head` left `base`: what was merged into base since is no change of head's. Raises Refused."""
        try:
            return self._git("merge-base", base, head).strip()
        except Refused:
            remedy = "fetch the whole history: git fetch --unshallow origin"
            raise Refused(f"got {base[:12]} and {head[:12]}; expected commits with a common ancestor in this clone; {remedy}") from None

    def changed(self, base: str, head: str) -> list[str]:
        """The paths that differ. A file that was renamed is there with both of its names."""
        return self._lines("diff", "--name-only", "--no-renames", "-z", base, head)

    def files(self, commit: str, *under: str) -> Mapping[str, str]:
        """Each file's path, and the hash of what is in it."""
        entries = [entry.partition("\t") for entry in self._lines("ls-tree", "-r", "-z", commit, *under)]
        return {path: about.split()[2] for about, _, path in entries}

    def export(self, commit: str, to: Path) -> Path:
        """The files of a commit in a directory, which git doesn't know; its `.venv` is the Python that runs this. Raises Refused."""
        to.mkdir()
        archive = to.with_suffix(".tar")
        self._git("archive", "--format=tar", f"--output={archive}", commit)
        try:
            with tarfile.open(archive) as packed:
                packed.extractall(to, filter="data")
            (to / _ENVIRONMENT).symlink_to(sys.prefix)
        except (tarfile.FilterError, FileExistsError) as error:
            what = "expected files of its own only, and no .venv"
            raise Refused(f"got {commit[:12]} ({error}); {what}; take links that lead out of the project, and .venv, out of it") from error
        archive.unlink()
        return to

    def _lines(self, *arguments: str) -> list[str]:
        return [each for each in self._git(*arguments).split("\0") if each]

    def _git(self, *arguments: str, **variables: str) -> str:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.directory, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Refused(f"`{' '.join(command[:2])}` ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout


def repository(directory: Path) -> Repository:
    """The repository of the project in a directory. Raises Refused where the project is not the root of one."""
    command = ["git", "rev-parse", "--show-toplevel"]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode != 0 or Path(done.stdout.strip()).resolve() != directory.resolve():
        raise Refused(f"got {directory}; expected the root of a git repository with the project; run this in a clone of it")
    return Repository(directory)
