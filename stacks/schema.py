"""The JSON Schema of a stack file, for editors: completion, descriptions and errors while it is written."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from stacks import checking
from stacks.inventory import Entry, entries
from stacks.source import CONFIG, OF_PULUMI, SETTINGS

PATH = Path(__file__).with_name("schema.json")

# What yaml-language-server reads, which VS Code and others use: https://github.com/redhat-developer/yaml-language-server (November 2026).
_DRAFT = "http://json-schema.org/draft-07/schema#"
_KEPT = ("type", "enum", "const", "pattern", "format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")


def text() -> str:
    """What stacks/schema.json must hold."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """The schema of a whole stack file, of both kinds."""
    profiles = checking.profiles()
    tenant = _mapping(entries(checking.KINDS["tenant"], {}))
    platform = _mapping(entries(checking.KINDS["platform"], profiles))
    of_pulumi: dict[str, Any] = {key: {} for key in OF_PULUMI if key != "config"}
    settings = {
        "type": "object",
        "if": {"properties": {"kind": {"const": "tenant"}}, "required": ["kind"]},
        "then": tenant,
        "else": platform,
    }
    encrypted = {"type": "object", "properties": {"secure": {"type": "string"}}, "required": ["secure"], "additionalProperties": False}
    config = {
        "type": "object",
        "properties": {SETTINGS: settings, **{key: {} for key in CONFIG if key != SETTINGS}},
        "required": [SETTINGS],
        "additionalProperties": encrypted,
    }
    return {
        "$schema": _DRAFT,
        "title": "A stack file of ml-platform",
        "type": "object",
        "properties": {"config": config, **of_pulumi},
        "required": ["config"],
        "additionalProperties": False,
    }


def told(entry: Entry) -> str:
    """What an editor shows: what it is, its unit, its defaults, and whether anything is made from it."""
    parts = [entry.description]
    if entry.unit:
        parts.append(f"In {entry.unit}.")
    if not entry.children:
        parts.append(_defaults(entry.defaults))
    if not entry.built:
        parts.append("Checked; nothing is built from it yet.")
    return " ".join(part for part in parts if part)


def _defaults(defaults: Mapping[str, Any]) -> str:
    shown = {profile: json.dumps(value, ensure_ascii=False) for profile, value in defaults.items() if value is not None}
    if not shown:
        return ""
    # Of one profile alone: the others have the section only where a stack file does.
    if len(set(shown.values())) == 1 and (len(shown) > 1 or "" in shown):
        return f"Default: {next(iter(shown.values()))}."
    return f"Default: {', '.join(f'{profile} {value}' for profile, value in shown.items())}."


def _mapping(below: Iterable[Entry]) -> dict[str, Any]:
    children = list(below)
    required = [entry.path[-1] for entry in children if entry.required]
    return {
        "type": "object",
        "properties": {entry.path[-1]: _of(entry) for entry in children},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _of(entry: Entry) -> dict[str, Any]:
    about = {"description": told(entry)} if told(entry) else {}
    if not entry.children:
        return {**about, **_value(entry.schema)}
    below = _mapping(entry.children)
    if entry.named:
        names = {"propertyNames": _names(entry.schema)} if _names(entry.schema) else {}
        least = {"minProperties": entry.schema["minProperties"]} if "minProperties" in entry.schema and entry.required else {}
        below = {"type": "object", **names, **least, "additionalProperties": below}
    nullable = any(each.get("type") == "null" for each in entry.schema.get("anyOf", ()))
    return {**about, **({"anyOf": [below, {"type": "null"}]} if nullable else below)}


def _names(schema: Mapping[str, Any]) -> dict[str, Any]:
    patterns = [{"pattern": pattern} for pattern in schema.get("patternProperties", {})]
    return {**(patterns[0] if patterns else {}), **schema.get("propertyNames", {})}


def _value(schema: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: schema[key] for key in _KEPT if key in schema}
    if schema.get("format") == "date":
        # Validators need not look at formats, and most do not.
        found["pattern"] = r"^\d{4}-\d{2}-\d{2}$"
    if "items" in schema:
        found["items"] = _value(schema["items"])
    if "patternProperties" in schema:
        (below,) = schema["patternProperties"].values()
        found |= {"propertyNames": _names(schema), "additionalProperties": _value(below)}
    if "anyOf" in schema:
        found["anyOf"] = [_value(each) for each in schema["anyOf"]]
    return found
