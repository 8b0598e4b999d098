"""Encryption of what Firehose holds and writes: DataFirehose.1."""

from collections.abc import Iterator
from typing import Any

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_SOURCES = ("kinesisSourceConfiguration", "mskSourceConfiguration")


def _check(resource: Resource) -> Iterator[Finding]:
    destination: Any = resource.properties.get("extendedS3Configuration")
    if isinstance(destination, dict):
        yield from _key(destination.get("kmsKeyArn"), "extendedS3Configuration.kmsKeyArn")
    # What comes from a stream is encrypted there: Firehose has no encryption of its own for it.
    if not any(resource.properties.get(source) for source in _SOURCES):
        own: Any = resource.properties.get("serverSideEncryption") or {}
        if own is UNKNOWN:
            yield Unverified("serverSideEncryption is not known yet.")
            return
        if own.get("enabled") is not True:
            yield Violation("serverSideEncryption.enabled is not on: what is written to it directly lies there in plain text.")
        yield from _key(own.get("keyArn"), "serverSideEncryption.keyArn")


def _key(key: Any, name: str) -> Iterator[Finding]:
    # A key that is not known yet is a key.
    if not key:
        yield Violation(f"{name} is not set: encrypt with a key of ours.")


RULE = ResourceRule(
    name="firehose-encrypted",
    description="Firehose holds and writes nothing that a key of ours does not encrypt.",
    types=frozenset({"aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"}),
    check=_check,
)
