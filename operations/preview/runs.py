"""What every run knows of the two revisions, and how what the engine found becomes a stack's preview."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from operations.preview import secrecy, stack_files
from operations.preview.commands import Commands
from operations.preview.document import Kind, Made, StackPreview, as_json, from_json
from operations.preview.engine import Found


@dataclass(frozen=True)
class Revision:
    commit: str
    directory: Path
    """Its files."""
    files: Mapping[str, str]
    """Each file's path, and the hash of what is in it."""

    def has(self, stack: str) -> bool:
        return stack_files.path(self.directory, stack).is_file()


@dataclass(frozen=True)
class Run:
    """A comparison of two revisions."""

    commands: Commands
    base: Revision
    head: Revision
    scratch: Path
    """A directory of this run's own."""
    kept: Path
    """Where local clouds with a base up in them are kept."""

    def kind(self, stack: str) -> Kind:
        return stack_files.kind((self.head if self.head.has(stack) else self.base).directory, stack)

    def preview(
        self, stack: str, made: Made, found: Found, *, unverified: Sequence[str] = (), secrets: frozenset[str] = frozenset()
    ) -> StackPreview:
        """The document of a stack, without its secrets."""
        cost, cost_unknown = self._cost(stack, found)
        whole = StackPreview(
            stack=stack,
            kind=self.kind(stack),
            made=made,
            base=self.base.commit,
            head=self.head.commit,
            before_exists=self.base.has(stack),
            engine=found.document,
            violations=found.violations,
            unverified=tuple(unverified),
            cost=cost,
            cost_unknown=cost_unknown,
            failure=found.failure,
        )
        (document,) = as_json([whole])
        (preview,) = from_json([secrecy.masked(document, secrets)])
        return preview

    def _cost(self, stack: str, found: Found) -> tuple[Mapping[str, Any] | None, str]:
        """The bill before and after; where there is none, why."""
        if found.failure is not None:
            return None, "there is no preview"
        file = self.scratch / f"{stack}.preview.json"
        file.write_text(json.dumps(found.document), encoding="utf-8")
        # Of a stack that goes only the base has a file with its region and its usage.
        project = (self.head if self.head.has(stack) else self.base).directory
        said = self.commands.run(sys.executable, "scripts/cost.py", stack, "--preview", str(file), "--json", at=project)
        if said.code == 0:
            return json.loads(said.out), ""
        return None, said.err.strip() or f"scripts/cost.py ended with {said.code}"
