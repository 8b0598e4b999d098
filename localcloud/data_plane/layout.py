"""Which database or cache a server answers for, and where it keeps its files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from localcloud.instance import Instance, write_atomically

Kind = Literal["mysql", "valkey"]


@dataclass(frozen=True)
class Key:
    """A DB instance or a replication group of the local AWS."""

    kind: Kind
    account: str
    region: str
    name: str

    @property
    def slug(self) -> str:
        """Its directory; its processes and addresses begin with it."""
        return f"{self.kind}-{self.account}-{self.region}-{self.name}"


@dataclass(frozen=True)
class Layout:
    """Its files. What was asked for is stored, so that a start needs no AWS."""

    instance: Instance
    key: Key

    @property
    def directory(self) -> Path:
        return self.instance.path("data-plane", "servers", self.key.slug)

    @property
    def lock(self) -> str:
        return f"data-plane-{self.key.slug}"

    def stored(self) -> dict[str, Any] | None:
        """None when there is no such server here."""
        try:
            return json.loads((self.directory / "server.json").read_text())["settings"]
        except FileNotFoundError:
            return None

    def store(self, settings: dict[str, Any]) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self.directory / "server.json", json.dumps({"key": asdict(self.key), "settings": settings}, indent=2))


def stored_keys(instance: Instance) -> list[Key]:
    """Every database and cache that has servers in this instance, sorted by name."""
    files = (instance.directory / "data-plane" / "servers").glob("*/server.json")
    return sorted((Key(**json.loads(file.read_text())["key"]) for file in files), key=lambda key: key.slug)
