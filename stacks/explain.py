"""The effective settings of a stack, and for every value where it came from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from stacks import checking, scalars
from stacks.outline import DERIVED, flattened, is_built
from stacks.source import SETTINGS, Source, checked

MODELINE = "# yaml-language-server: $schema=schema.json"

Origin = Literal["stack file", "profile", "default", "derived"]


@dataclass(frozen=True)
class Value:
    """One setting: its key path, its value as in JSON, and who gave it; `line` is that of the stack file, where it gave it."""

    path: tuple[str, ...]
    value: Any
    origin: Origin
    line: int | None
    built: bool

    @property
    def key(self) -> str:
        return ".".join(self.path)


def explain(source: Source) -> tuple[Value, ...]:
    """Every value that a stack has, in the order of the models. Raises StackFileRefused."""
    settings = checked(source)
    given, supplied = flattened(source.given), flattened(checking.supplied(source.given))

    def value(path: tuple[str, ...], found: Any) -> Value:
        built = is_built(type(settings), path)
        if path[0] in DERIVED:
            return Value(path, found, "derived", None, built)
        if path in given:
            return Value(path, found, "stack file", source.line(".".join(path)), built)
        return Value(path, found, "profile" if path in supplied else "default", None, built)

    return tuple(value(path, found) for path, found in flattened(settings.model_dump(mode="json")).items())


def not_built(given: Mapping[str, Any]) -> Iterator[str]:
    """The key paths of what a stack file sets although nothing is built from it yet."""
    model = checking.KINDS[given.get("kind", "platform")]
    return (".".join(path) for path in flattened(given) if not is_built(model, path))


def as_text(source: Source, values: tuple[Value, ...]) -> str:
    """A table with a line for each value."""
    rows = [("setting", "value", "from"), *((value.key, _shown(value.value), _told(source, value)) for value in values)]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    return "\n".join(f"{key:{widths[0]}}  {shown:{widths[1]}}  {told}" for key, shown, told in rows)


def as_json(source: Source, values: tuple[Value, ...]) -> str:
    """The same for programs."""
    told = {
        value.key: {"value": value.value, "from": value.origin, **({"line": value.line} if value.line else {}), "built": value.built}
        for value in values
    }
    return json.dumps({"stack": source.stack, "settings": told}, indent=2, ensure_ascii=False)


def as_yaml(values: tuple[Value, ...]) -> str:
    """A stack file that says everything and leaves nothing to a profile or a default: the same settings come out of it."""
    settings: dict[str, Any] = {}
    for value in values:
        if value.origin == "derived" or (value.origin == "default" and value.value is None):
            continue
        here = settings
        for part in value.path[:-1]:
            here = here.setdefault(part, {})
        here[value.path[-1]] = value.value
    dumped = yaml.dump({"config": {SETTINGS: settings}}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return f"{MODELINE}\n{dumped}"


class _Dumper(yaml.SafeDumper):
    """Quotes what Pulumi would not read back as text, which PyYAML does not always see: 012345678901."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if text and isinstance(scalars.read(text), str) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _shown(value: Any) -> str:
    return "–" if value is None else json.dumps(value, ensure_ascii=False)


def _told(source: Source, value: Value) -> str:
    where = {
        "stack file": f"{source.shown}:{value.line}",
        "profile": f"profile {source.given.get('profile')}",
        "default": "default",
        "derived": "the file's name",
    }[value.origin]
    return where if value.built else f"{where}; checked, nothing is built from it yet"
