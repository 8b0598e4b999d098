"""What a preview would do, in a form that can be compared: two that would apply the same are the same, whatever their order and time.

A value is kept as its hash. Of a secret that is the hash of the engine's own mask: that it changes is seen, to what is not
(docs/decisions/0018).
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Document: TypeAlias = Mapping[str, Any]

# What does nothing in the cloud, and what makes something: pkg/resource/deploy/step.go of pulumi/pulumi. A `replace` stands between the
# making of the new one and the deletion of the old one.
IDLE = frozenset({"same", "read", "read-replacement", "read-discard", "refresh", "replace"})
_MAKING = frozenset({"create", "create-replacement"})

# What the engine does with a resource beside its inputs; a change of these alone is no step of its own.
OPTIONS = ("protect", "retainOnDelete", "deletedWith", "replaceWith", "ignoreChanges", "replaceOnChanges", "customTimeouts", "importID")
ONLY_OPTIONS = "options"

# Where an object is that names no namespace. Whether a kind that is not Kubernetes' own has namespaces only the cluster knows: who may not
# enter it is told that it has, so that of a node pool one preview says `default` where another says nothing, and both make the same
# (Check in provider/pkg/provider/provider.go of pulumi/pulumi-kubernetes).
_NAMESPACE, _DEFAULT_NAMESPACE = "metadata.namespace", "default"

_BOOKKEEPING = "__defaults"
_AUTONAMED = "pulumi.com/autonamed"
_SUFFIX = re.compile(r"[0-9a-f]{7,8}$")
_PLAIN_KEY = re.compile(r"[\w:/-]+")


@dataclass(frozen=True, order=True)
class Change:
    """One property of a step. `before` and `after` are hashes, empty where there is no value."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, order=True)
class Step:
    """One thing that an update would do. `reasons` are the properties because of which it replaces."""

    urn: str
    op: str
    reasons: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def type(self) -> str:
        return type_of(self.urn)


def type_of(urn: str) -> str:
    """The type of a resource out of its URN, without those of its parents."""
    return urn.split("::")[-2].rpartition("$")[2]


def steps(preview: Document) -> tuple[Step, ...]:
    """What a `pulumi preview --json --show-sames --show-replacement-steps` would do, in an order that does not depend on the run.

    Without the last of these options a preview hides that what an earlier update has replaced is still to be deleted.
    """
    found: Sequence[Document] = preview.get("steps") or []
    drawn = _drawn(found)
    made: list[Step] = []
    deleted: set[str] = set()
    for each in found:
        step = _step(each, drawn, deleted_first=each["urn"] in deleted)
        made += [step] if step else []
        deleted |= {each["urn"]} if each["op"] == "delete-replaced" else set()
    return tuple(sorted(made))


def digest(stack: str, found: Sequence[Step]) -> str:
    """The same for the same steps of the same stack, and for nothing else."""
    content = [stack, [[each.urn, each.op, each.reasons, [[*vars(change).values()] for change in each.changes]] for each in found]]
    return f"sha256:{hashlib.sha256(_canonical(content)).hexdigest()}"


def _step(step: Document, drawn: Mapping[str, str], *, deleted_first: bool) -> Step | None:
    old, new = step.get("oldState") or {}, step.get("newState") or {}
    if not (new or old).get("custom"):
        # A component: nothing of it is in the cloud.
        return None
    if step["op"] in IDLE:
        changed = tuple(each for each in _changes(_options(old), _options(new)) if each.before != each.after)
        return Step(step["urn"], ONLY_OPTIONS, (), changed) if step["op"] == "same" and changed else None
    before, after = ({**_options(each), **_inputs(step["urn"], each)} for each in (old, new))
    after = {path: _named(value, drawn) for path, value in after.items()}
    # Which object it is that is changed or deleted: another one of the same name is another step.
    before |= {"(id)": old["id"]} if old.get("id") else {}
    after |= {"(deleted first)": True} if deleted_first and step["op"] == "create-replacement" else {}
    return Step(step["urn"], step["op"], tuple(sorted(step.get("replaceReasons") or [])), _changes(before, after))


def _changes(before: Document, after: Document) -> tuple[Change, ...]:
    paths = sorted({*before, *after})
    return tuple(Change(path, *(_hash(side[path]) if path in side else "" for side in (before, after))) for path in paths)


def _options(state: Document) -> dict[str, Any]:
    found = {f"({name})": state[name] for name in OPTIONS if state.get(name)}
    # With its id, which a preview does not know of a provider that is yet to be made.
    return found | ({"(provider)": state["provider"].rpartition("::")[0]} if state.get("provider") else {})


def _inputs(urn: str, state: Document) -> dict[str, Any]:
    found = dict(_leaves(state.get("inputs") or {}))
    if type_of(urn).startswith("kubernetes:") and found.get(_NAMESPACE) == _DEFAULT_NAMESPACE:
        del found[_NAMESPACE]
    return found


def _leaves(value: Document, path: str = "") -> Iterator[tuple[str, Any]]:
    for key, each in value.items():
        if key == _BOOKKEEPING:
            continue
        here = f"{path}.{key}".lstrip(".") if _PLAIN_KEY.fullmatch(key) else f"{path}[{json.dumps(key)}]"
        if isinstance(each, Mapping) and each:
            yield from _leaves(each, here)
        else:
            yield here, each


def _drawn(found: Sequence[Document]) -> dict[str, str]:
    """Names that the engine draws anew in every preview, with what stands for them: whoever gives no name approves of any."""
    names: dict[str, str] = {}
    for step in found:
        old, new = ((step.get(state) or {}).get("inputs") or {} for state in ("oldState", "newState"))
        if step["op"] not in _MAKING:
            continue
        metadata: Document = new["metadata"] if isinstance(new.get("metadata"), Mapping) else {}
        own = [new.get(key) for key in new.get(_BOOKKEEPING, ()) if new.get(key) != old.get(key)]
        own += [metadata.get("name")] if (metadata.get("annotations") or {}).get(_AUTONAMED) == "true" else []
        drawn = [each for each in own if isinstance(each, str) and _SUFFIX.search(each)]
        names |= {each: f"{_SUFFIX.sub('', each)}({step['urn']})" for each in drawn}
    return names


def _named(value: Any, drawn: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, meant in drawn.items():
            value = value.replace(name, meant)
        return value
    if isinstance(value, Mapping):
        return {key: _named(each, drawn) for key, each in value.items()}
    return [_named(each, drawn) for each in value] if isinstance(value, list) else value


def _hash(value: Any) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()[:32]


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
