"""Every setting there is, from the models and the profiles: what the editors' schema and stacks/README.md are made of."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stacks.outline import DERIVED, element, is_marked, model_of, plain

ANY_NAME = "*"

_UNITS: Mapping[str, str] = {
    "_usd_per_month": "USD per month",
    "_ms_per_request": "ms per request",
    "_gib": "GiB",
    "_bytes": "bytes",
    "_days": "days",
    "_hours": "hours",
    "_minutes": "minutes",
    "_ms": "ms",
    "_percent": "%",
    "_rps": "requests per second",
    "_vcpus": "vCPUs",
}
_PROFILE = ("profile",)


@dataclass(frozen=True)
class Entry:
    """A setting or a section of them. `*` in a path is a name that the stack file chooses."""

    path: tuple[str, ...]
    description: str
    schema: Mapping[str, Any]
    """JSON Schema of its value; of a section, without what is below it."""
    children: tuple["Entry", ...]
    required: bool
    """Whether every stack file must say it: no profile and no model has a default."""
    needed: bool
    """Whether its section is wrong without it: its model has no default."""
    built: bool
    defaults: Mapping[str, Any]
    """By profile; where none has one, that of the model under an empty name."""

    @property
    def unit(self) -> str:
        return next((unit for suffix, unit in _UNITS.items() if self.path[-1].endswith(suffix)), "")

    @property
    def named(self) -> bool:
        """Whether it holds names that the stack file chooses, each with the same settings below."""
        return bool(self.children) and self.children[0].path[-2:-1] == (ANY_NAME,)


def entries(model: type[BaseModel], profiles: Mapping[str, Any]) -> tuple[Entry, ...]:
    """The settings of a kind of stack file, in the order of its model, with what each of `profiles` supplies."""
    schema = model.model_json_schema()
    return tuple(_Walk(schema.get("$defs", {}), profiles).below(model, schema, (), built=True))


@dataclass(frozen=True)
class _Walk:
    definitions: Mapping[str, Any]
    profiles: Mapping[str, Any]

    def below(self, model: type[BaseModel], schema: Mapping[str, Any], path: tuple[str, ...], *, built: bool) -> Iterator[Entry]:
        for name, field in model.model_fields.items():
            if (*path, name) != DERIVED:
                yield self._entry(field, schema["properties"][name], (*path, name), built=built)

    def _entry(self, field: FieldInfo, schema: Mapping[str, Any], path: tuple[str, ...], *, built: bool) -> Entry:
        own = {**self._resolved(schema), **({"enum": list(self.profiles)} if path == _PROFILE and self.profiles else {})}
        built = built and not is_marked(field)
        inner, inner_path = model_of(field.annotation), path
        if inner is None and get_origin(plain(field.annotation)) is dict:
            inner, inner_path = model_of(element(field.annotation)), (*path, ANY_NAME)
        children: tuple[Entry, ...] = ()
        if inner:
            children = tuple(self.below(inner, self._object(own, inner), inner_path, built=built))
        defaults = {name: value for name, supplied in self.profiles.items() if (value := _at(supplied, path)) is not None}
        if not defaults and not field.is_required() and not inner:
            defaults = {"": field.get_default(call_default_factory=True)}
        required = field.is_required() and (not defaults or (any(child.required for child in children) and inner_path == path))
        said = field.description or (inner.__doc__ if inner else None) or ""
        return Entry(path, " ".join(said.split()), own, children, required, field.is_required(), built, defaults)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in schema:
            return schema
        target = self.definitions[str(schema["$ref"]).rpartition("/")[2]]
        return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}

    def _object(self, schema: Mapping[str, Any], model: type[BaseModel]) -> Mapping[str, Any]:
        """The schema that holds a model's properties: of a section itself, or of what may be absent, or of what has names."""
        candidates = [schema, *schema.get("anyOf", ()), *schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
        resolved = [self._resolved(each) for each in candidates if isinstance(each, Mapping)]
        return next(each for each in resolved if each.get("properties", {}).keys() == model.model_fields.keys())


def _at(supplied: Any, path: tuple[str, ...]) -> Any:
    """What a profile has at a path: below a name of the stack file's choice, what all of its own have, or each by its name."""
    if not path:
        return supplied
    if not isinstance(supplied, Mapping):
        return None
    if path[0] != ANY_NAME:
        return _at(supplied.get(path[0]), path[1:])
    found = {name: value for name, below in supplied.items() if (value := _at(below, path[1:])) is not None}
    alike = len({json.dumps(value) for value in found.values()}) == 1
    return next(iter(found.values())) if alike else found or None
