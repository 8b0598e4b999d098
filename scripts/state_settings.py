"""How a part of what is made once per account is looked at, and made as it should be."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from planning.state import SHARED, TAG


@dataclass(frozen=True)
class Setting:
    """One respect in which a part may differ. `read` has the shape of `wanted`; None where nothing is set."""

    name: str
    wanted: object
    read: Callable[[], object]
    put: Callable[[], object]

    @property
    def right(self) -> bool:
        return self.read() == self.wanted


class Part(Protocol):
    """A thing that exists or not. What of it is somebody else's, or of no use, raises Refused from `exists`."""

    @property
    def name(self) -> str: ...

    def exists(self) -> bool: ...

    def make(self) -> None: ...

    @property
    def ours(self) -> bool:
        """Whether it was made here, and so may be changed; only asked of what exists."""
        ...

    @property
    def adopt(self) -> str:
        """The command after which it is ours."""
        ...

    def settings(self) -> Sequence[Setting]:
        """Of what exists, in the order in which they are put."""
        ...


@dataclass(frozen=True)
class Look:
    """What was found of a part."""

    part: Part
    exists: bool
    differs: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """What somebody else made and needs is not changed under their feet."""
        return bool(self.differs) and not self.part.ours

    def __str__(self) -> str:
        name, differs = self.part.name, ", ".join(self.differs)
        if not self.exists:
            return f"{name}: missing"
        if not differs:
            return f"{name}: as it should be"
        return f"{name}: differs in {differs}{', and was not made by this' if self.refused else ''}"


def look(part: Part) -> Look:
    """Changes nothing. Raises Refused for what is in the way, ClientError where it cannot look."""
    exists = part.exists()
    return Look(part, exists, tuple(each.name for each in part.settings() if not each.right) if exists else ())


def bring(found: Look) -> str:
    """Makes the part, or puts what differs; says what it did. What an interruption left half done is found so by the next look."""
    part = found.part
    if not found.exists:
        part.make()
    put = [each for each in part.settings() if not each.right]
    for each in put:
        each.put()
    if not found.exists:
        return f"{part.name}: made"
    return f"{part.name}: put right: {', '.join(each.name for each in put)}"


def tagged(tags: Sequence[Any], key: str = "Key", value: str = "Value") -> bool:
    """Whether tags, in the words of one service or another, say that it was made once per account by this project."""
    return any(tag[key] == TAG and tag[value] == SHARED for tag in tags)


def policy(document: str) -> object:
    """A policy as it may be compared: AWS gives back a list of one as its only item, and lists in another order."""
    return _plain(json.loads(document))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        items = sorted((_plain(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
        return items[0] if len(items) == 1 else items
    return value
