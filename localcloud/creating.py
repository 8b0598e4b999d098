"""Creates that were begun, kept until a Pulumi state has their objects: what the next update, or another provider process, has to
know of an object that the engine may never have heard of.

The engine remembers a create only when it was killed itself, not when its provider was, and draws a new automatic name each time.
Entries are in the instance's `creating/`, one file for each place and type, as plain text: whoever makes one leaves secrets out.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from localcloud import processes
from localcloud.instance import Instance, write_atomically
from localcloud.provider.interface import Target
from localcloud.provider.log import warn
from localcloud.provider.values import Properties
from localcloud.states import recorded

_DIRECTORY = "creating"


@dataclass(frozen=True)
class Begun:
    """A create with `inputs` by a provider, which `process` names and which put its default `tags` on the object. `id` is empty until
    the object is known to be there; `absent`: before, there was nothing of its name. `again`: how an earlier create ended is not known
    either. `had`: the ids that a state had for the resource when a provider first found the create cut short."""

    urn: str
    inputs: Properties
    process: str
    id: str = ""
    absent: bool = False
    again: bool = False
    tags: dict[str, str] = field(default_factory=dict["str", "str"])
    had: list[str] | None = None

    @property
    def is_given(self) -> bool:
        """Whether the engine has the object, or is hearing of it."""
        return bool(self.id) and self.is_alive

    @property
    def is_alive(self) -> bool:
        return self.process == _name(int(self.process.partition(".")[0]))


@dataclass(frozen=True)
class Creating:
    """The creates of one type in one place (an account's region, or wherever a kubeconfig leads). Safe between processes."""

    instance: Instance
    place: str
    type: str

    def of(self, urn: str) -> Begun | None:
        """The earlier create of the resource, when the engine may not have heard of its object."""
        begun = self._entries().get(urn)
        return None if begun is None or begun.is_given or (urn, begun.id) in recorded(self.instance) else begun

    def taken_from(self, urn: str) -> set[str]:
        """Objects that a create has made or adopted, for another resource or for one that has been given it."""
        return {each.id for each in self._entries().values() if each.id and (each.urn != urn or each.is_given)}

    def begin(self, urn: str, inputs: Properties, *, tags: dict[str, str] | None = None, absent: bool = False) -> None:
        self._put(Begun(urn, inputs, _name(os.getpid()), absent=absent, again=self.of(urn) is not None, tags=tags or {}))

    def made(self, urn: str, inputs: Properties, id: str) -> None:
        """The object is there, and this resource's own."""
        self._put(Begun(urn, inputs, _name(os.getpid()), id))

    def not_sent(self, urn: str) -> None:
        """This create has done nothing; an earlier one may have."""
        begun = self.of(urn)
        if begun is not None and not begun.again:
            self.drop(urn)

    def drop(self, urn: str) -> None:
        """There is no object: the create was refused."""
        with _locked(self.instance, self._path):
            _write(self._path, [each for each in _read(self._path) if each.urn != urn])

    def one_at_a_time(self) -> AbstractContextManager[None]:
        """Holds the type in this place, against other processes too: nobody looks for lost objects while one is being made."""
        return self.instance.locked(f"making-{self._path.stem}")

    @property
    def _path(self) -> Path:
        name = hashlib.sha256(f"{self.place} {self.type}".encode()).hexdigest()
        return self.instance.path(_DIRECTORY, f"{name}.json")

    def _entries(self) -> dict[str, Begun]:
        return {each.urn: each for each in _read(self._path)}

    def _put(self, begun: Begun) -> None:
        with _locked(self.instance, self._path):
            _write(self._path, [*(each for each in _read(self._path) if each.urn != begun.urn), begun])


def resume(instance: Instance, package: str) -> None:
    """For a provider that starts: forgets the creates whose objects a state has by now, and says which of its own were cut short,
    in the stack that PULUMI_STACK names, or in all of them.

    To be called before anything is deleted.
    """
    files = _files(instance)
    if not files:
        # Every pulumi command starts a provider: it reads the states only where there is something to compare them with.
        return
    known = recorded(instance)
    for path in files:
        with _locked(instance, path):
            begun = _read(path)
            left = [_found_cut_short(each, known) for each in begun if not _is_in_a_state(each, known)]
            if left != begun:
                _write(path, left)
    for urn in cut_short(instance, os.environ.get("PULUMI_STACK", "").rpartition("/")[2]):
        if Target.of(urn).type.startswith(f"{package}:"):
            warn(
                f"{urn}: an update that broke off may have made it, and no state has it. If it is still in the program, `pulumi up` takes"
                " it up: run it before `pulumi destroy`, which knows nothing of it. Else look for it, and delete it by hand"
            )


def _is_in_a_state(begun: Begun, known: frozenset[tuple[str, str]]) -> bool:
    """By its id; where that is not known, by one that the resource has got since (`pulumi import`, `pulumi refresh`)."""
    return (begun.urn, begun.id) in known or (begun.had is not None and not _ids(begun.urn, known) <= {*begun.had})


def _found_cut_short(begun: Begun, known: frozenset[tuple[str, str]]) -> Begun:
    if begun.id or begun.is_alive or begun.had is not None:
        return begun
    return replace(begun, had=sorted(_ids(begun.urn, known)))


def _ids(urn: str, known: frozenset[tuple[str, str]]) -> set[str]:
    return {id for each, id in known if each == urn}


def forget(instance: Instance, stack: str) -> None:
    """Forgets all of a stack's creates: what they have left, if anything, is somebody's who was told."""
    for path in _files(instance):
        with _locked(instance, path):
            _write(path, [each for each in _read(path) if not _is_of(each, stack)])


def cut_short(instance: Instance, stack: str = "") -> list[str]:
    """URNs (of one stack, when it is given) of which an object may be there that no state has. A create under way is not cut short."""
    begun = [each for path in _files(instance) for each in _read(path)]
    known: frozenset[tuple[str, str]] = recorded(instance) if begun else frozenset()
    return sorted(
        each.urn for each in begun if (each.urn, each.id) not in known and not each.is_alive and (not stack or _is_of(each, stack))
    )


def _name(pid: int) -> str:
    """The pid with the process's start time: no later process has the same. Empty when there is none."""
    started = processes.start_time(pid)
    return "" if started is None else f"{pid}.{started}"


def _is_of(begun: Begun, stack: str) -> bool:
    return begun.urn.startswith(f"urn:pulumi:{stack}::")


def _files(instance: Instance) -> list[Path]:
    return sorted((instance.directory / _DIRECTORY).glob("*.json"))


def _locked(instance: Instance, path: Path) -> AbstractContextManager[None]:
    return instance.locked(f"creating-{path.stem}")


def _read(path: Path) -> list[Begun]:
    # Replaced at once by whoever writes, so that a reader needs no lock; removed by whoever empties it.
    try:
        return [Begun(**each) for each in json.loads(path.read_text())]
    except FileNotFoundError:
        return []


def _write(path: Path, begun: list[Begun]) -> None:
    if begun:
        write_atomically(path, json.dumps([asdict(each) for each in begun]))
    else:
        path.unlink(missing_ok=True)
