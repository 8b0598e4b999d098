"""A clone of the project with a small stack, and what a change of it comes to as a comment, from real runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from operations.preview import bases, local
from operations.preview.clouds import Cloud
from operations.preview.commands import Commands
from operations.preview.comparison import Wanted, revisions
from operations.preview.document import StackPreview
from operations.preview.local import Group
from operations.preview.revisions import repository
from tests.local.home import Said, checkout_copy

STACK, ACCOUNT = "small", "300000009101"
SETTINGS: Mapping[str, Any] = {
    "profile": "preview",
    "account": ACCOUNT,
    "region": "eu-west-1",
    "owner": "ml-platform-team",
    "cost_centre": "ml-1000",
    "data_classification": "internal",
    "network": {"cidr": "10.60.0.0/16"},
    "clusters": {"main": {"public_access_cidrs": ["203.0.113.0/24"]}},
}
TENANT = "pr-7"
TENANT_SETTINGS: Mapping[str, Any] = {
    **{key: SETTINGS[key] for key in ("account", "region", "owner", "cost_centre", "data_classification")},
    "kind": "tenant",
    "expires": "2027-01-31",
    "platform": STACK,
    "feast_project": "pr_7",
    "namespaces": {"pr-7-jobs": {"cpu": 4, "memory_gib": 8, "gpus": 0, "pods": 10}},
    "roles": {"trainer": {"namespace": "pr-7-jobs", "actions": ["s3:GetObject", "s3:PutObject"]}},
}
GOLDEN = Path(__file__).with_name("golden")

# What differs from run to run, and what it is written as in the golden files.
_VOLATILE: tuple[tuple[str, str], ...] = (
    (r"/[^\s`\"']*/preview-\w+/(base|head)\b", r"/\1"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UUID"),
    (r"\b(vpc|subnet|sg|rtb|eni|igw|nat|eipalloc|vpce|fl|sgr|scr|acl|rtbassoc|eipassoc)-[0-9a-f]{8,}\b", r"\1-ID"),
    (rf"\b(?!{ACCOUNT[:-1]})[0-9a-f]{{12,64}}\b", "HASH"),
    (r"\b127\.\d+\.\d+\.\d+:\d+\b", "HOST:PORT"),
    (r"\b127\.\d+\.\d+\.\d+\b", "HOST"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", "TIME"),
)


def normalised(comment: str) -> str:
    for pattern, written in _VOLATILE:
        comment = re.sub(pattern, written, comment)
    return comment


def matches_golden(name: str, comment: str) -> None:
    """Compares to tests/local/golden/NAME.md. With UPDATE_GOLDEN=1 it is written; read what git then shows."""
    file, text = GOLDEN / f"{name}.md", normalised(comment)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"{file} is another comment: UPDATE_GOLDEN=1 writes it again"


@dataclass(frozen=True)
class Clone:
    """A clone with a platform STACK and a tenant of it, TENANT, on its branch main, and the branch that it is on to be changed."""

    directory: Path
    kept: Path

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.directory / path
        text = file.read_text()
        assert old in text, f"{path} no longer has {old!r}"
        file.write_text(text.replace(old, new))

    def stack_file(self, stack: str = STACK, **changes: Any) -> None:
        self._write(stack, {**SETTINGS, **changes})

    def tenant_file(self) -> None:
        self._write(TENANT, TENANT_SETTINGS)

    def _write(self, stack: str, settings: Mapping[str, Any]) -> None:
        content = {"config": {"ml-platform:settings": dict(settings)}}
        (self.directory / "stacks" / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(content, sort_keys=False))

    def reset(self) -> None:
        self.git("reset", "--quiet", "--hard", "main")
        self.git("clean", "--quiet", "--force", "stacks")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=True).stdout.strip()

    def script(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "scripts/preview.py", "--base", "main", "--cache", str(self.kept), *arguments]
        return subprocess.Popen(command, cwd=self.directory, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def preview(self, *arguments: str) -> Said:
        """What `scripts/preview.py` says and comes to."""
        running = self.script(*arguments)
        out, err = running.communicate()
        return Said(running.returncode, out + err)

    def wanted(self) -> Wanted:
        return Wanted(base="main", head=None, stacks=(), account=False, jobs=1, kept=self.kept)


def clone(directory: Path) -> Clone:
    """Its files are those of this checkout, as they are."""
    made = Clone(checkout_copy(directory / "clone"), directory / "kept")
    made.git("init", "--quiet", "--initial-branch", "main")
    (made.directory / ".gitignore").write_text(".venv\n.localcloud/\n__pycache__/\n")
    for other in (made.directory / "stacks").glob("Pulumi.*.yaml"):
        other.unlink()
    made.stack_file()
    made.tenant_file()
    made.git("add", ".")
    made.git("commit", "--quiet", "--message", "base")
    made.git("switch", "--quiet", "--create", "topic")
    return made


@contextmanager
def base_of(clone: Clone, scratch: Path) -> Generator[Callable[[str], StackPreview]]:
    """The base that an earlier preview has kept, running; what is yielded previews a stack of the clone's files against it."""
    commands, here = Commands(), repository(clone.directory)
    first = scratch / "first"
    first.mkdir()
    run = revisions(here, commands, clone.wanted(), first)
    group = Group([STACK, TENANT], [STACK, TENANT])
    assert list(clone.kept.glob("*/ready")), "no base is kept"
    with bases.held(clone.kept, local.key(run, group), lambda: None) as base, local.cloud_of(run, group, base) as cloud:
        assert isinstance(cloud, Cloud)
        numbers = iter(range(1000))

        def preview(stack: str) -> StackPreview:
            own = scratch / f"preview-{next(numbers)}"
            own.mkdir()
            return local.preview(revisions(here, commands, clone.wanted(), own), cloud, stack)

        yield preview
