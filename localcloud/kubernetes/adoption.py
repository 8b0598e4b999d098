"""Objects that a create made and that nobody knows of, because it was killed before the engine had recorded them.

An object's field manager says whose it is; what has to be kept is what it was called: an automatic name is drawn anew each time,
and a given one may have changed since.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

from localcloud.creating import Creating
from localcloud.instance import Instance
from localcloud.kubernetes.inputs import identity, resource_id
from localcloud.kubernetes.objects import Objects, has_manager
from localcloud.provider.interface import InitFailed, Refused, Target
from localcloud.provider.values import Properties

# In the state: the field manager under which the object was made.
MANAGER = "__fieldManager"


def begun(instance: Instance, target: Target) -> Properties:
    """What an earlier create called its object, as inputs, where no state has it; empty when there is none."""
    earlier = _creating(instance, target).of(target.urn)
    return {} if earlier is None else earlier.inputs


@contextmanager
def remembered(instance: Instance, target: Target, inputs: Properties) -> Generator[None]:
    """Keeps what the create inside calls its object until that is in a state, or was refused."""
    creating, names = _creating(instance, target), _names(inputs)
    creating.begin(target.urn, names)
    try:
        yield
    except InitFailed as error:
        creating.made(target.urn, names, error.id)
        raise
    except Refused:
        creating.drop(target.urn)
        raise
    creating.made(target.urn, names, resource_id(inputs))


def hand_over(instance: Instance, target: Target, objects: Objects, inputs: Properties, manager: str) -> None:
    """Raises InitFailed with the object that an earlier create made under another name: the engine, which has it in its state
    then, replaces it."""
    earlier = begun(instance, target)
    if not earlier or identity(earlier) == identity(inputs):
        return
    live = objects.get(*identity(earlier))
    if live is not None and has_manager(live, manager):
        id = resource_id(earlier)
        _creating(instance, target).made(target.urn, earlier, id)
        reason = f"{target.type} {id} was made by an update that broke off, under another name: run `pulumi up` again, it replaces it"
        raise InitFailed(id, {**earlier, MANAGER: manager}, earlier, reason)


def is_there(target: Target, objects: Objects, inputs: Properties, manager: str) -> bool:
    """Whether an interrupted update has made the object already: then it is adopted.

    Raises Refused for anybody else's. The official provider refuses as well, unless `upsertExistingObjects` is set.
    """
    existing = objects.get(*identity(inputs))
    if existing is not None and not has_manager(existing, manager):
        id = resource_id(inputs)
        raise Refused(
            f"{objects.kind.api_version} {objects.kind.kind} {id} exists already and was not made by this resource. Import it"
            f" (`pulumi import {target.type} {target.name} {id}`), or delete it"
        )
    return existing is not None


def _names(inputs: Properties) -> Properties:
    """What tells the object, and that its name was generated. No more: any other value may be a secret."""
    metadata = cast("Properties", inputs["metadata"])
    annotations = cast("Properties", metadata.get("annotations") or {})
    names: Properties = {name: metadata[name] for name in ("name", "namespace") if name in metadata}
    names["annotations"] = {name: value for name, value in annotations.items() if name.startswith("pulumi.com/")}
    return {**{name: inputs[name] for name in ("apiVersion", "kind") if name in inputs}, "metadata": names}


def _creating(instance: Instance, target: Target) -> Creating:
    return Creating(instance, "kubernetes", target.type)
