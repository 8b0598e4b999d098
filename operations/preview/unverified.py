"""What of a preview's changes the local cloud only takes the program's word for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What `python -m localcloud gaps --json` calls a whole type, and an output that is not what AWS returns: no change is made of one.
WHOLE_TYPE = "the whole type"
_STAND_IN = "stand-in"
_CREATES = frozenset({"create", "create-replacement", "import", "import-replacement"})
_OF_CHANGES = frozenset({"change refused", "replacement not known"})


@dataclass(frozen=True)
class Gap:
    """A property that the local cloud does not prove."""

    type: str
    path: str
    kind: str
    reason: str


def unverified(steps: Sequence[Mapping[str, Any]], gaps: Sequence[Gap]) -> tuple[str, ...]:
    """Each gap that a changed resource uses, once, as `type.property: reason`, sorted."""
    by_type: dict[str, list[Gap]] = {}
    for gap in gaps:
        if gap.kind != _STAND_IN:
            by_type.setdefault(gap.type, []).append(gap)
    return tuple(sorted({text for each in steps for text in _of_step(each, by_type)}))


def _of_step(step: Mapping[str, Any], gaps: Mapping[str, Sequence[Gap]]) -> Iterator[str]:
    state: Mapping[str, Any] = step.get("newState") or {}
    if not state:
        return
    inputs: Mapping[str, Any] = state.get("inputs") or {}
    made = step["op"] in _CREATES
    changed = [path.removeprefix("inputs.") for path in step.get("detailedDiff") or {}] or list(step.get("diffReasons") or [])
    for gap in gaps.get(state["type"], ()):
        whole = gap.path == WHOLE_TYPE
        if made:
            concerned = gap.kind not in _OF_CHANGES and (whole or _given(inputs, gap.path))
        else:
            concerned = any(whole or _meet(_plain(path), gap.path) for path in changed)
        if concerned:
            yield f"{gap.type}: {gap.reason}" if whole else f"{gap.type}.{gap.path}: {gap.reason}"


def _given(inputs: Any, path: str) -> bool:
    name, _, rest = path.partition(".")
    if isinstance(inputs, list):
        return any(_given(each, path) for each in inputs)
    if not isinstance(inputs, Mapping) or inputs.get(name) is None:
        return False
    return not rest or _given(inputs[name], rest)


def _plain(path: str) -> str:
    """The path without what is only a place in a list: `rules[0].status` is `rules.status`."""
    return ".".join(part.partition("[")[0] for part in path.split("."))


def _meet(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
