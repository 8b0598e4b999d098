"""What a stack has that may be billed, out of a state or a preview: plain data for planning/cost.py."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from planning.refusal import Refused

Document: TypeAlias = Mapping[str, Any]

# What an input is that only AWS can tell, in a preview: sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi.
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

NO_TIER = "(no tier)"

_TIER = re.compile(r"ml-platform:tiers:(\w+)\$")
_GONE = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace", "forget"})


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource that the stack itself makes, with its inputs in the engine's names."""

    urn: str
    type: str
    parent: str
    inputs: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def tier(self) -> str:
        """The tier's component that it is under: `FeatureStore`."""
        found = _TIER.search(self.urn)
        return found[1] if found else NO_TIER

    def number(self, *path: str) -> Decimal | None:
        """The number at a path of the inputs; None where it is not known before it is made, or not said."""
        here: Any = self.inputs
        for key in path:
            here = here.get(key) if isinstance(here, Mapping) else None
        return Decimal(str(here)) if isinstance(here, int | float) and not isinstance(here, bool) else None

    def count(self, key: str) -> Decimal | None:
        """How many a list has; None where it is not known before it is made, or not said."""
        found = self.inputs.get(key)
        return Decimal(len(found)) if isinstance(found, Sequence) and not isinstance(found, str) else None


def of_state(resources: Sequence[Document]) -> list[Resource]:
    """The resources of a `pulumi stack export`; what is only read, or waits to be deleted after a replacement, is left out."""
    return [_resource(each) for each in resources if not each.get("delete") and _is_made(each)]


def before(preview: Document) -> list[Resource]:
    """What a `pulumi preview --json --show-sames` was made against. Raises Refused."""
    found = {step["urn"]: step["oldState"] for step in _steps(preview) if step.get("oldState")}
    return [_resource(each) for each in found.values() if _is_made(each)]


def after(preview: Document) -> list[Resource]:
    """What the stack would have, by a `pulumi preview --json --show-sames`. Raises Refused."""
    found = {step["urn"]: step["newState"] for step in _steps(preview) if step["op"] not in _GONE and step.get("newState")}
    return [_resource(each) for each in found.values() if _is_made(each)]


def _steps(preview: Document) -> Iterator[Document]:
    """Without --show-sames a preview leaves out what stays as it is: its bill would be too small."""
    if "steps" not in preview:
        raise Refused(got="a file without `steps`", expected="what `pulumi preview --json --show-sames` prints", remedy="give that")
    steps: list[Document] = preview["steps"]
    said = (preview.get("changeSummary") or {}).get("same", 0)
    shown = sum(step["op"] == "same" for step in steps)
    if shown < said:
        expected = f"all {said} that its summary counts"
        raise Refused(got=f"{shown} unchanged resources", expected=expected, remedy="preview with --show-sames")
    yield from steps


def _is_made(state: Document) -> bool:
    """Components, providers and what is only read cost nothing here."""
    return bool(state.get("custom", True)) and not state.get("external") and not state["type"].startswith("pulumi:")


def _resource(state: Document) -> Resource:
    return Resource(urn=state["urn"], type=state["type"], parent=state.get("parent", ""), inputs=state.get("inputs") or {})
