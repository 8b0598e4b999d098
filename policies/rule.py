"""What a rule is: plain data in, findings out. Nothing here knows how the engine asks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal


class Unknown:
    """A value that the engine learns only when what it depends on has been made."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown()

Level = Literal["mandatory", "production", "personal", "advisory"]
"""What a violation does: stops the update; stops it in production and is advice elsewhere; stops it there, and wherever data of persons
is, and is advice elsewhere; is advice."""

PROFILE = "profile"
"""The tag by which a resource says what kind of environment it is part of."""
PRODUCTION = "production"
CLASSIFICATION = "data-classification"
"""The tag by which a resource says what the most sensitive data is that it may hold."""
PERSONAL = "pii"


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
    protect: bool = False
    """Whether the engine refuses to delete it. Resource rules only."""
    accounts: frozenset[str] | Unknown = UNKNOWN
    """The accounts that its provider is pinned to; UNKNOWN where it is to none."""

    @property
    def production(self) -> bool:
        """Whether it is held to what production may not go without: it is unless its provider is known to tag it with another profile."""
        return self._says(PROFILE, PRODUCTION)

    @property
    def personal(self) -> bool:
        """Whether it is held to what data of persons may not go without: it is unless its provider is known to say otherwise."""
        return self._says(CLASSIFICATION, PERSONAL)

    def _says(self, tag: str, value: str) -> bool:
        tags = self.default_tags
        return not isinstance(tags, Mapping) or tags.get(tag, value) in (value, UNKNOWN)

    def bound_by(self, level: Level) -> bool:
        """Whether what breaks a rule of this level stops the update."""
        match level:
            case "mandatory":
                return True
            case "production":
                return self.production
            case "personal":
                return self.production or self.personal
            case "advisory":
                return False


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
    level: Level = "mandatory"

    def concerns(self, type: str) -> bool:
        return type.startswith("aws:") if self.types is None else type in self.types


@dataclass(frozen=True, kw_only=True)
class StackRule:
    """A rule about how resources of `types` go together; each of its findings names its resource."""

    name: str
    description: str
    types: frozenset[str]
    check: Callable[[Sequence[Resource]], Iterator[Finding]]
    level: Level = "mandatory"


Rule = ResourceRule | StackRule


def must_be(resource: Resource, name: str, wanted: object, why: str) -> Iterator[Finding]:
    """A finding unless the property `name` is exactly `wanted`; absent is not."""
    value = resource.properties.get(name)
    if value is UNKNOWN:
        yield Unverified(f"{name} is not known yet; it must be {wanted!r}.")
    elif value != wanted:
        yield Violation(f"{name} is {'not set' if value is None else repr(value)}: set it to {wanted!r}. {why}")
