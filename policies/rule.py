"""What a rule is: plain data in, findings out. Nothing here knows how the engine asks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final


class Unknown:
    """A value that the engine learns only when what it depends on has been made."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Resource:
    """One resource as a rule sees it: plain values, with UNKNOWN wherever the engine does not know yet."""

    type: str
    urn: str
    properties: Mapping[str, Any]
    default_tags: Mapping[str, Any] | Unknown = field(default_factory=dict[str, Any])
    """What its provider puts on everything that it makes."""
    sources: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """For each property, the URNs of the resources that its value comes from. Stack rules only."""


@dataclass(frozen=True)
class Violation:
    """What is wrong, with the value and the remedy."""

    message: str
    urn: str = ""


@dataclass(frozen=True)
class Unverified:
    """What cannot be judged because a value is not known yet."""

    message: str
    urn: str = ""


Finding = Violation | Unverified


@dataclass(frozen=True, kw_only=True)
class ResourceRule:
    """A rule about single resources of some types; `types` None: about every resource of AWS."""

    name: str
    description: str
    types: frozenset[str] | None
    check: Callable[[Resource], Iterator[Finding]]

    def concerns(self, type: str) -> bool:
        return type.startswith("aws:") if self.types is None else type in self.types


@dataclass(frozen=True, kw_only=True)
class StackRule:
    """A rule about how resources of `types` go together; each of its findings names its resource."""

    name: str
    description: str
    types: frozenset[str]
    check: Callable[[Sequence[Resource]], Iterator[Finding]]


Rule = ResourceRule | StackRule


def must_be(resource: Resource, name: str, wanted: object, why: str) -> Iterator[Finding]:
    """A finding unless the property `name` is exactly `wanted`; absent is not."""
    value = resource.properties.get(name)
    if value is UNKNOWN:
        yield Unverified(f"{name} is not known yet; it must be {wanted!r}.")
    elif value != wanted:
        yield Violation(f"{name} is {'not set' if value is None else repr(value)}: set it to {wanted!r}. {why}")
