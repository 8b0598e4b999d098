"""Encryption of streams: Kinesis.1."""

from collections.abc import Iterator

from policies.rule import Finding, Resource, ResourceRule, Violation, must_be


def _check(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "encryptionType", "KMS", "Events lie in the stream for a day at least.")
    key = resource.properties.get("kmsKeyId")
    # A key that is not known yet is a key.
    if not key or str(key).endswith("alias/aws/kinesis"):
        yield Violation(f"kmsKeyId is {'not set' if key is None else repr(key)}: encrypt with a key of ours.")


RULE = ResourceRule(
    name="kinesis-encrypted",
    description="Every stream is encrypted with a key of ours.",
    types=frozenset({"aws:kinesis/stream:Stream"}),
    check=_check,
)
