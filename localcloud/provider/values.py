"""Property values between the engine's wire form and plain Python.

On the wire a value is a protobuf Struct, where a marker string stands for *unknown* (a value that preview cannot
have yet) and an object with a signature key wraps a secret, an asset or a reference to a resource
(sdk/proto/pulumi/provider.proto and developer-docs of pulumi 3.259.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from google.protobuf import struct_pb2

Properties = dict[str, Any]

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
_UNKNOWN_MARKER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Unknown:
    """A value that is not known until the resource it comes from has been created. There is one: `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, memo: dict[int, Any]) -> Unknown:
        return self


UNKNOWN = Unknown()


class UnsupportedValue(ValueError):
    """A value of a kind that the local cloud does not take (an asset or an archive)."""


@dataclass(frozen=True)
class Decoded:
    """Plain properties, and the names of those top-level ones that hold a secret somewhere inside."""

    properties: Properties
    secret_names: frozenset[str]


def decode(struct: struct_pb2.Struct) -> Decoded:
    """Reads a Struct: whole numbers become `int`, unknowns `UNKNOWN`, secrets are unwrapped and their names kept."""
    secret_names: set[str] = set()
    properties: Properties = {}
    for name, value in struct.fields.items():
        seen: list[bool] = []
        properties[name] = _decode_value(value, seen)
        if seen:
            secret_names.add(name)
    return Decoded(properties, frozenset(secret_names))


def _decode_value(value: struct_pb2.Value, secrets: list[bool]) -> Any:
    match value.WhichOneof("kind"):
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return UNKNOWN if value.string_value == _UNKNOWN_MARKER else value.string_value
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_decode_value(item, secrets) for item in value.list_value.values]
        case "struct_value":
            return _decode_object(value.struct_value, secrets)
        case _:
            return None


def _decode_object(struct: struct_pb2.Struct, secrets: list[bool]) -> Any:
    fields = struct.fields
    if _SIGNATURE not in fields:
        return {name: _decode_value(item, secrets) for name, item in fields.items()}
    signature = fields[_SIGNATURE].string_value
    if signature == _SECRET:
        secrets.append(True)
        return _decode_value(fields["value"], secrets)
    if signature == _RESOURCE_REFERENCE:
        return _decode_value(fields["id"], secrets)
    raise UnsupportedValue("assets and archives are not taken by the local cloud: pass the text itself")


def encode(properties: Mapping[str, Any], secret_names: Iterable[str] = ()) -> struct_pb2.Struct:
    """Writes plain properties as a Struct; each top-level property of `secret_names` that is set is wrapped as a secret."""
    secrets = frozenset(secret_names)
    struct = struct_pb2.Struct()
    for name, value in properties.items():
        encoded = _encode_value(value)
        if name in secrets and value is not None:
            wrapper = struct_pb2.Struct()
            wrapper.fields[_SIGNATURE].string_value = _SECRET
            wrapper.fields["value"].CopyFrom(encoded)
            encoded = struct_pb2.Value(struct_value=wrapper)
        struct.fields[name].CopyFrom(encoded)
    return struct


def _encode_value(value: Any) -> struct_pb2.Value:
    match value:
        case None:
            return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
        case Unknown():
            return struct_pb2.Value(string_value=_UNKNOWN_MARKER)
        case bool():
            return struct_pb2.Value(bool_value=value)
        case int() | float():
            return struct_pb2.Value(number_value=value)
        case str():
            return struct_pb2.Value(string_value=value)
        case list() | tuple():
            items = cast("list[Any]", value)
            return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_encode_value(item) for item in items]))
        case dict():
            return struct_pb2.Value(struct_value=encode(cast("dict[str, Any]", value)))
        case _:
            raise TypeError(f"no wire form for {type(value).__name__}: {value!r}")


def has_unknown(value: Any) -> bool:
    """Whether `value` is unknown or holds an unknown anywhere inside."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in cast("list[Any]", value))
    return value is UNKNOWN
