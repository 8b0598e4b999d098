"""What the engine would do to each resource, out of the steps of a preview."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from operations.preview.document import Document
from planning.refusal import Refused
from scripts.diagram import CHANGES, NO_CHANGES
from scripts.diagram_things import tier_of
from scripts.mermaid import STRONGEST_FIRST

Action = Literal["create", "update", "replace", "delete"]
ACTIONS: Sequence[Action] = ("create", "update", "replace", "delete")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of one resource that a provider keeps."""

    urn: str
    type: str
    action: Action
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Its state; empty where it is created."""
    after: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Its state to be; empty where it is deleted."""
    reasons: Sequence[str] = ()
    """The properties that make the engine replace it."""
    differing: Sequence[str] = ()
    """The properties in which the engine sees a difference."""

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def tier(self) -> str:
        return tier_of(self.urn)

    @property
    def goes(self) -> bool:
        """Whether what is there now is deleted, or forgotten."""
        return self.action in ("replace", "delete")

    @property
    def protected(self) -> bool:
        """Whether the engine refuses to delete it."""
        return bool(self.before.get("protect"))

    @property
    def retained(self) -> bool:
        """Whether the engine forgets it in place of deleting it."""
        return bool(self.before.get("retainOnDelete"))


def changes(engine: Document) -> list[Change]:
    """What changes, components left out, in the order of the steps. Raises Refused."""
    steps: dict[str, list[Document]] = {}
    for step in engine.get("steps") or ():
        steps.setdefault(step["urn"], []).append(step)
    found = [_change(urn, of_one) for urn, of_one in steps.items()]
    return [each for each in found if each]


def _change(urn: str, steps: Sequence[Document]) -> Change | None:
    actions = {_action(step) for step in steps}
    action = next((each for each in STRONGEST_FIRST if each in actions), None)
    before = next((step["oldState"] for step in steps if step.get("oldState")), {})
    after = next((step["newState"] for step in steps if step.get("newState")), {})
    # A component is nothing outside of the engine, nor is the stack; a provider says whose credentials are used, and where.
    if action is None or not (after or before).get("custom"):
        return None
    reasons = [name for step in steps for name in _reasons(step)]
    differing = [name for step in steps for name in (*(step.get("detailedDiff") or ()), *(step.get("diffReasons") or ()))]
    return Change(
        urn=urn,
        type=(after or before)["type"],
        action=cast("Action", action),
        before=before,
        after={} if action == "delete" else after,
        reasons=tuple(dict.fromkeys(reasons)) if action == "replace" else (),
        differing=tuple(dict.fromkeys(differing)),
    )


def _action(step: Document) -> str | None:
    operation: str = step["op"]
    if operation not in CHANGES and operation not in NO_CHANGES:
        raise Refused(got=f"operation `{operation}`", expected="one of the engine's", remedy="add it to scripts/diagram.py")
    return CHANGES.get(operation)


def _reasons(step: Document) -> list[str]:
    """The paths of the detailed difference where it says which they are, and else the properties that hold them."""
    paths = [path for path, how in (step.get("detailedDiff") or {}).items() if how["kind"].endswith("-replace")]
    within = {top_of(path) for path in paths}
    return [*paths, *(name for name in step.get("replaceReasons") or () if name not in within)]


def top_of(path: str) -> str:
    """The property that a path of a detailed difference begins with: `tags` of `tags["a.b"]` and of `tags.c`."""
    found = re.match(r'\["((?:[^"\\]|\\.)*)"\]|[^.\[]+', path)
    return (found[1] or found[0]) if found else path
