"""What the models say of themselves: which keys there are, and where they lead."""

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stacks.models.base import NotBuilt

DERIVED = ("environment",)
"""What the stack's name says; no stack file holds it."""


def plain(annotation: Any) -> Any:
    """An annotation without its metadata, and without the None that an absent value is."""
    if get_origin(annotation) is Annotated:
        return plain(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        given = [each for each in get_args(annotation) if each is not type(None)]
        return plain(given[0]) if len(given) == 1 else annotation
    return annotation


def model_of(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is, if it is one."""
    found = plain(annotation)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def element(annotation: Any) -> Any:
    """What a mapping of names, or a list, holds; None where it is neither."""
    found = plain(annotation)
    if get_origin(found) is dict:
        return get_args(found)[1]
    return get_args(found)[0] if get_origin(found) is tuple else None


def keys(model: type[BaseModel], path: Iterable[str | int]) -> list[str]:
    """The keys that are known at a path below `model`: none where it leads to no model."""
    here: Any = model
    for part in path:
        at = model_of(here)
        here = element(here) if at is None else at.model_fields[str(part)].annotation if part in at.model_fields else None
    at = model_of(here)
    return [name for name in at.model_fields if name not in DERIVED] if at else []


def description(model: type[BaseModel], path: Iterable[str | int]) -> str:
    """What the last field on the path says of itself, in one line; empty where it says nothing."""
    said = [field.description or "" for field in _fields(model, path)]
    return " ".join(said[-1].split()) if said else ""


def is_built(model: type[BaseModel], path: Iterable[str | int]) -> bool:
    """Whether something is made from the setting at a path: neither it nor a key above it is marked NotBuilt."""
    return not any(is_marked(field) for field in _fields(model, path))


def is_marked(field: FieldInfo) -> bool:
    """Whether a field itself is marked NotBuilt."""
    return any(isinstance(mark, NotBuilt) for mark in field.metadata)


def _fields(model: type[BaseModel], path: Iterable[str | int]) -> Iterator[FieldInfo]:
    """The fields that a path leads through; a name or an index of the stack file's own is none."""
    here: Any = model
    for part in path:
        at = model_of(here)
        field = at.model_fields.get(str(part)) if at else None
        if field:
            yield field
        here = field.annotation if field else element(here)


def flattened(value: Any, prefix: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """The values of a mapping by the path to each; a list is one value, and so is an empty mapping."""
    if not isinstance(value, Mapping) or (not value and prefix):
        return {prefix: value}
    return {path: inner for key, below in value.items() for path, inner in flattened(below, (*prefix, str(key))).items()}
