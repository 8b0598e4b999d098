"""Comparing objects: what an update changes, and what somebody else has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from localcloud.provider.interface import Change

Object = dict[str, Any]


def changes(old: Object, new: Object, replaced_by: tuple[str, ...]) -> tuple[Change, ...]:
    """Each property that differs, with its path; it replaces the object when it is at, below or above one of `replaced_by`."""
    return tuple(Change(path, kind, _hits(path, replaced_by)) for path, kind in _walk("", old, new))


def observed(inputs: Object, desired: Object, live: Object) -> Object:
    """The inputs as they would have to be to get the live object.

    `desired` is what the server makes of the inputs. Where it equals the live object the input stays as the program wrote it
    ("1000m" is stored as "1", a false is not stored at all: no drift); where it does not, the live value takes its place, and
    what is gone is left out. Fields that no input mentions belong to others and are not looked at.
    """
    result: Object = {}
    for name, given in inputs.items():
        wanted, real = desired.get(name), live.get(name)
        if isinstance(given, dict) and isinstance(wanted, dict) and isinstance(real, dict):
            result[name] = observed(cast("Object", given), cast("Object", wanted), cast("Object", real))
        elif wanted == real:
            result[name] = given
        elif name in live:
            result[name] = real
    return result


def without_nulls(value: Any) -> Any:
    """A manifest without its nulls: to server-side apply they would mean "remove", to the SDK they mean "not given"."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in cast("Object", value).items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in cast("list[Any]", value)]
    return value


def _walk(path: str, old: Any, new: Any) -> Iterator[tuple[str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        olds, news = cast("Object", old), cast("Object", new)
        for name in sorted({*olds, *news}):
            below = _member(path, name)
            if name not in news:
                yield below, "delete"
            elif name not in olds:
                yield below, "add"
            else:
                yield from _walk(below, olds[name], news[name])
    elif isinstance(old, list) and isinstance(new, list):
        olds_list, news_list = cast("list[Any]", old), cast("list[Any]", new)
        for index in range(max(len(olds_list), len(news_list))):
            below = f"{path}[{index}]"
            if index >= len(news_list):
                yield below, "delete"
            elif index >= len(olds_list):
                yield below, "add"
            else:
                yield from _walk(below, olds_list[index], news_list[index])
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield path, "update"


def _member(path: str, name: str) -> str:
    # Label and annotation keys hold dots: the engine takes those in quotes.
    if not name.replace("_", "").replace("-", "").isalnum():
        return f'{path}["{name}"]'
    return f"{path}.{name}" if path else name


def _hits(path: str, replaced_by: tuple[str, ...]) -> bool:
    return any(_below(path, each) or _below(each, path) for each in replaced_by)


def _below(path: str, root: str) -> bool:
    return path == root or path.startswith((f"{root}.", f"{root}["))
