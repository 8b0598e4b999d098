"""What a resource's properties were and would be, as text that shows no secret."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from operations.preview.changes import Change, top_of
from operations.preview.secrecy import MASK as SECRET
from planning.billed import UNKNOWN
from stacks.hiding import names_a_secret, without_secrets

"""As the engine writes it in the place of what is a secret to it: pkg/backend/display/json.go of pulumi/pulumi."""
KNOWN_AFTER = "(known after the update)"
ABSENT = "(none)"

# What is secret in some types though its name does not say so: https://kubernetes.io/docs/concepts/configuration/secret/
_HIDDEN: Mapping[str, frozenset[str]] = {"kubernetes:core/v1:Secret": frozenset({"data", "stringData"})}
_PARAMETER, _SECURE = "aws:ssm/parameter:Parameter", "SecureString"


@dataclass(frozen=True)
class Difference:
    """One property, or part of one, with what it was and would be: text without secrets."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class _Leaf:
    value: Any
    shown: str


def differences(change: Change) -> list[Difference]:
    """What differs between the inputs, and what the engine says differs though they do not show it."""
    hidden = _hidden(change)
    before, after = (_leaves(state.get("inputs") or {}, hidden) for state in (change.before, change.after))
    before = _folded(before, [path for path, leaf in after.items() if leaf.value == UNKNOWN])
    paths = [path for path in {**before, **after} if _value(before.get(path)) != _value(after.get(path))]
    found = [Difference(path, _shown(before.get(path)), _shown(after.get(path))) for path in paths]
    said = {_top(path) for path in paths}
    # A secret is the same text before and after; of what was changed outside of Pulumi only the outputs have the value.
    outputs = _leaves(change.before.get("outputs") or {}, hidden)
    for path in change.differing:
        if top_of(path) not in said:
            was = outputs.get(path) or before.get(path)
            found.append(Difference(path, _shown(was), _shown(after.get(path))))
    return found


def at(change: Change, path: str) -> Difference:
    """What a property that the engine names was and would be; of one with parts, the parts that differ."""
    found = [each for each in differences(change) if each.path == path or _top(each.path) == top_of(path)]
    exact = [each for each in found if each.path == path] or found
    return exact[0] if len(exact) == 1 else Difference(path, "", "")


def _folded(leaves: dict[str, _Leaf], unknown: Sequence[str]) -> dict[str, _Leaf]:
    """With one leaf in place of all the parts of what is not known as a whole: which of them stay is not known either."""
    for path in unknown:
        parts = [each for each in leaves if each.startswith((f"{path}.", f"{path}["))]
        if parts:
            leaves = {each: leaf for each, leaf in leaves.items() if each not in parts}
            leaves[path] = _Leaf(None, f"({len(parts)} part{'' if len(parts) == 1 else 's'})")
    return leaves


def _top(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _value(leaf: _Leaf | None) -> str | None:
    """In JSON, where 1 is not true."""
    return None if leaf is None else json.dumps(leaf.value, sort_keys=True)


def _shown(leaf: _Leaf | None) -> str:
    return ABSENT if leaf is None else leaf.shown


def _hidden(change: Change) -> frozenset[str]:
    """The properties of this resource that are secret whatever they are called."""
    states = (change.before, change.after)
    named: list[str] = [name for state in states for name in state.get("additionalSecretOutputs") or ()]
    secure = change.type == _PARAMETER and any((state.get("inputs") or {}).get("type") == _SECURE for state in states)
    return frozenset({*named, *_HIDDEN.get(change.type, ()), *(("value", "insecureValue") if secure else ())})


def _leaves(properties: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, _Leaf]:
    return dict(leaf for name, value in properties.items() for leaf in _walk(value, name, secret=name in hidden or names_a_secret(name)))


def _walk(value: Any, path: str, *, secret: bool) -> Iterator[tuple[str, _Leaf]]:
    """Every part with its path. What is below a secret is secret."""
    value = _parsed(value)
    if isinstance(value, Mapping) and value:
        # `{name: DB_PASSWORD, value: ...}`, as containers and builds have their variables.
        called = any(names_a_secret(str(value.get(key, ""))) for key in ("name", "key", "parameterName"))
        for name, each in value.items():
            below = secret or names_a_secret(name) or (called and name.lower().endswith("value"))
            yield from _walk(each, f"{path}.{name}", secret=below)
    elif isinstance(value, list) and any(isinstance(_parsed(each), Mapping | list) for each in value):
        for index, each in enumerate(value):
            yield from _walk(each, f"{path}[{index}]", secret=secret)
    else:
        yield path, _Leaf(value, _text(value, secret=secret))


def _parsed(value: Any) -> Any:
    """A document in JSON as what it says: a policy is compared by its statements."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _text(value: Any, *, secret: bool) -> str:
    if value == UNKNOWN:
        return KNOWN_AFTER
    # Whether something is on, or there at all, tells no secret.
    if secret and not isinstance(value, bool | None):
        return SECRET
    if isinstance(value, Sequence) and not isinstance(value, str):
        # Of `--password`, and the word after it.
        named = [False, *(str(each).startswith("-") and names_a_secret(str(each)) for each in value)]
        return f"[{', '.join(_text(each, secret=hidden) for each, hidden in zip(value, named, strict=False))}]"
    return without_secrets(value) if isinstance(value, str) else json.dumps(value)
