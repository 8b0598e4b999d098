"""What a `pulumi refresh --preview-only --json` found: property by property, what the state has and what the cloud has."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from operations.deploy.digest import type_of

Document: TypeAlias = Mapping[str, Any]

# What an engine writes in place of a secret: pkg/backend/display/json.go of pulumi/pulumi.
SECRET = "[secret]"

# A path as sdk/go/common/resource/property_path.go of pulumi/pulumi writes it: `tags.owner`, `rules[0].port`, `labels["a/b"]`.
_STEP = re.compile(r'\.?([^.\[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')
_ABSENT = object()


@dataclass(frozen=True, order=True)
class Difference:
    """One property that is otherwise in the cloud than in the state, or, without a path, a resource that is gone.

    A value is JSON, of a list only the elements that the other one lacks; None where there is none.
    """

    urn: str
    path: str
    in_state: str | None = None
    in_cloud: str | None = None

    @property
    def type(self) -> str:
        return type_of(self.urn)

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def is_deletion(self) -> bool:
        return not self.path


def differences(refresh: Document) -> list[Difference]:
    """Everything that differs, sorted."""
    return sorted({each for step in refresh.get("steps") or [] for each in _of(step)}, key=lambda each: (each.urn, each.path))


def _of(step: Document) -> Iterator[Difference]:
    if step["op"] == "delete":
        yield Difference(step["urn"], "")
    elif step["op"] == "update":
        paths: Sequence[str] = sorted(step.get("detailedDiff") or step.get("diffReasons") or ["(unknown)"])
        # `tagsAll` has the tags of the provider too; what is said of `tags` is not said twice.
        said = {path for path in paths if not path.startswith("tagsAll")}
        yield from (_difference(step, path) for path in paths if path in said or path.replace("tagsAll", "tags", 1) not in said)


def _difference(step: Document, path: str) -> Difference:
    kind = ((step.get("detailedDiff") or {}).get(path) or {}).get("kind", "update")
    state, cloud = (_value(step.get(side) or {}, path) for side in ("oldState", "newState"))
    if isinstance(state, list) and isinstance(cloud, list) and (lacking := _lacking(state, cloud)) != ([], []):
        state, cloud = lacking
    # What was added is in the state as nothing, though its outputs may have a default.
    return Difference(
        step["urn"], path, None if kind.startswith("add") else _shown(state), None if kind.startswith("delete") else _shown(cloud)
    )


def _lacking(state: list[Any], cloud: list[Any]) -> tuple[list[Any], list[Any]]:
    return [each for each in state if each not in cloud], [each for each in cloud if each not in state]


def _value(resource: Document, path: str) -> Any:
    """What a resource has at a path: in its inputs, else in its outputs."""
    found = (_at(resource.get(side) or {}, path) for side in ("inputs", "outputs"))
    return next((each for each in found if each is not _ABSENT), _ABSENT)


def _at(value: Any, path: str) -> Any:
    for match in _STEP.finditer(path):
        key, index, quoted = match.groups()
        if index is not None:
            value = value[int(index)] if isinstance(value, list) and int(index) < len(value) else _ABSENT
        else:
            name = json.loads(f'"{quoted}"') if quoted is not None else key
            value = value.get(name, _ABSENT) if isinstance(value, Mapping) else _ABSENT
    return value


def _shown(value: Any) -> str | None:
    return None if value is _ABSENT else json.dumps(value, ensure_ascii=False, sort_keys=True)
