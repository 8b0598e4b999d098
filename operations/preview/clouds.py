"""A local cloud in a directory of its own, run by the `localcloud` of the head revision."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from operations.preview.commands import Commands
from operations.preview.unverified import Gap

# What `localcloud env` says is for a shell.
_WITHIN = 'variables=$("$0" -m localcloud env "$1" --project "$2") || exit; eval "$variables"; exec env -0'


@dataclass(frozen=True)
class Cloud:
    commands: Commands
    head: Path
    """The files of the head revision."""
    directory: Path

    def start(self) -> None:
        """Raises Failed."""
        self._localcloud("start")

    def stop(self) -> bool:
        """Also after an interrupt. Whether it ended in order, with all that it holds kept."""
        said = self.commands.run(sys.executable, "-m", "localcloud", "stop", at=self.head, environment=self._variables, cleaning=True)
        return said.code == 0 and "discards" not in said.out

    def environment(self, project: Path, stack: str) -> Mapping[str, str]:
        """In which pulumi reaches it as the account of a stack file of `project`. Raises Failed."""
        script = ("sh", "-c", _WITHIN, sys.executable, stack, str(project))
        said = self.commands.must(*script, at=self.head, environment=self._variables)
        return dict(pair.split("=", maxsplit=1) for pair in said.split("\0") if pair)

    def gaps(self) -> list[Gap]:
        """What it does not prove. Raises Failed."""
        return [Gap(**each) for each in json.loads(self._localcloud("gaps", "--json"))]

    def _localcloud(self, *arguments: str) -> str:
        return self.commands.must(sys.executable, "-m", "localcloud", *arguments, at=self.head, environment=self._variables)

    @property
    def _variables(self) -> Mapping[str, str]:
        # With the credentials of whoever calls it nothing is to be done.
        return {**{name: value for name, value in os.environ.items() if not name.startswith("AWS_")}, "LOCALCLOUD_DIR": str(self.directory)}
