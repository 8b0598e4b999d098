"""What a local provider does, in plain Python, and how it fails."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from localcloud.provider.values import Properties


class Refused(Exception):
    """A request that cannot be served. The message says what was asked, what is possible, and the remedy."""


@dataclass
class InitFailed(Exception):
    """The object exists, but is not as asked for: the engine keeps `id` and `state`, and the next `up` goes on from there.

    Every failure after a create call has been sent is raised as this, so that nothing is orphaned.
    """

    id: str
    state: Properties
    inputs: Properties
    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True)
class Target:
    """The resource that a request is about. `type` is its token, such as `aws:ec2/vpc:Vpc`."""

    urn: str
    type: str
    name: str

    @classmethod
    def of(cls, urn: str) -> Target:
        """Reads `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`."""
        _, _, qualified, name = urn.split("::", 3)
        return cls(urn, qualified.rsplit("$", 1)[-1], name)


@dataclass(frozen=True)
class Change:
    """One property that differs. `path` is in the engine's form, such as `vpcConfig.subnetIds`."""

    path: str
    kind: str  # add, delete or update
    replaces: bool = False


@dataclass(frozen=True)
class Difference:
    """What an update would change; empty means no change."""

    changes: tuple[Change, ...] = ()
    delete_before_replace: bool = False


@dataclass(frozen=True)
class Failure:
    """An input that is refused before anything is called."""

    property: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """The inputs as they will be used (names filled in), and what is wrong with them."""

    inputs: Properties
    failures: tuple[Failure, ...] = field(default=())


class Provider(ABC):
    """What a local provider does. Properties are plain Python; secrets are unwrapped and put back by the service."""

    version: str

    @abstractmethod
    def configure(self, arguments: Properties) -> None: ...

    def diff_config(self, old: Properties, new: Properties) -> Difference:
        """What another configuration of the provider means; a change that replaces also replaces all of its resources."""
        return Difference(tuple(Change(name, "update") for name in sorted({*old, *new}) if old.get(name) != new.get(name)))

    def cancel(self) -> None:  # noqa: B027 - nothing to do where nothing waits
        """The user wants the update to end: what waits, on another thread, gives up with InitFailed; what is quick is completed."""

    @abstractmethod
    def check(self, target: Target, old_inputs: Properties, new_inputs: Properties, seed: bytes) -> Checked: ...

    @abstractmethod
    def diff(self, target: Target, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties) -> Difference: ...

    @abstractmethod
    def create(self, target: Target, inputs: Properties, *, preview: bool) -> tuple[str, Properties]: ...

    @abstractmethod
    def read(self, target: Target, id: str, state: Properties, inputs: Properties) -> tuple[Properties, Properties] | None:
        """Returns (state, inputs) as they really are, or None when the object is gone. `inputs` is empty on import."""

    @abstractmethod
    def update(
        self, target: Target, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties, *, preview: bool
    ) -> Properties: ...

    @abstractmethod
    def delete(self, target: Target, id: str, state: Properties) -> None:
        """Returns when the object is gone; an object that was gone already is no error."""

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Serves a function call of the program."""
        raise Refused(f"function {token} is not modelled by the local cloud")

    def secret_properties(self, type: str) -> frozenset[str]:
        """Outputs of `type` that are always secret."""
        del type
        return frozenset()
