"""Values on the engine's wire."""

from __future__ import annotations

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.rpc import UNKNOWN as WIRE_UNKNOWN

from localcloud.provider.interface import Target
from localcloud.provider.values import UNKNOWN, UnsupportedValue, decode, encode, has_unknown

SIGNATURE = "4dabf18193072939515e22adb298388d"


def _struct(value: dict[str, object]) -> struct_pb2.Struct:
    return json_format.ParseDict(value, struct_pb2.Struct())


def test_secret_is_unwrapped_remembered_and_wrapped_again() -> None:
    wrapped = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": "hidden"}
    struct = _struct({"password": wrapped, "nested": {"inner": [wrapped]}, "open": "x"})
    decoded = decode(struct)
    assert decoded.properties == {"password": "hidden", "nested": {"inner": ["hidden"]}, "open": "x"}
    assert decoded.secret_names == {"password", "nested"}
    again = decode(encode(decoded.properties, decoded.secret_names))
    assert again == decoded


def test_unknown_survives_the_way_there_and_back() -> None:
    decoded = decode(_struct({"id": WIRE_UNKNOWN, "list": ["a", WIRE_UNKNOWN]}))
    assert decoded.properties == {"id": UNKNOWN, "list": ["a", UNKNOWN]}
    assert has_unknown(decoded.properties["list"])
    assert encode(decoded.properties).fields["id"].string_value == WIRE_UNKNOWN


def test_whole_numbers_stay_whole() -> None:
    properties = decode(encode({"days": 7, "share": 0.5, "on": True, "none": None})).properties
    assert properties == {"days": 7, "share": 0.5, "on": True, "none": None}
    assert isinstance(properties["days"], int)


def test_asset_is_refused() -> None:
    with pytest.raises(UnsupportedValue):
        decode(_struct({"source": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}}))


def test_target_is_read_from_a_urn_with_parents() -> None:
    target = Target.of("urn:pulumi:dev::ml-platform::ml-platform:tiers:Serving$aws:s3/bucket:Bucket::models")
    assert (target.type, target.name) == ("aws:s3/bucket:Bucket", "models")
