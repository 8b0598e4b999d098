"""What is still in the local AWS when a stack has been destroyed, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import jmespath

Dump = dict[str, dict[str, Any]]  # service → `STORE REGION KEY` → object, of one account (emulator.dump)


@dataclass(frozen=True)
class Rule:
    """Objects of one service that may be there after a destroy. `holds` is a JMESPath condition on {key, object, locked}:
    `locked` is whether it is of a bucket that locks what is written to it, or of a key that such a bucket is encrypted with."""

    service: str
    store: str  # a regular expression
    holds: str
    reason: str


_LOCKED = "the bucket of locked decisions and its key; each decision stays until its lock has ended, bucket and key until they are deleted"

# What AWS keeps when everything has been destroyed. The README lists the same, and a test holds them together.
PUBLISHED = (
    Rule("kms", "keys", "object.KeyState == 'PendingDeletion'", "a KMS key waits 7 to 30 days for its deletion; nothing can use it"),
    Rule("ec2", "nat_gateways", "object.State == 'deleted'", "a deleted NAT gateway is listed for about an hour"),
    Rule(
        "sns",
        "sub_arn_to_topic",
        "`true`",
        "a subscription that nobody confirmed stays until AWS drops it after 48 hours, or its topic is deleted",
    ),
    Rule(
        "secretsmanager",
        "secrets",
        "object.DeletedDate",
        "the secrets of an environment that may not be lost can be restored for 30 days; until then their names are taken",
    ),
    Rule("rds", "snapshots", "contains(key, '-final-')", "the final snapshot of a database that was retired; it stays until it is deleted"),
    Rule("s3", ".*", "locked", _LOCKED),
    Rule("kms", ".*", "locked", _LOCKED),
)

# What every account holds by itself, or what is only the emulator's own book-keeping.
_NOT_OURS = (
    Rule("athena", "data_catalogs|workgroups", "contains(['AwsDataCatalog', 'primary'], key)", "AWS's own catalog and workgroup"),
    Rule("ec2", ".*", "ends_with(key, '-00000001')", "the default VPC"),
    Rule("ec2", "subnets", "object.DefaultForAz", "the default VPC"),
    Rule("ec2", "tags", "`true`", "tags of something that is gone; something that is there is listed itself"),
    Rule("elasticache", "param_groups|param_group_params", "starts_with(key, 'default.')", "AWS's own parameter groups"),
    Rule("elasticache", "events", "`true`", "the log of what happened"),
    Rule("s3", "completed_multipart_uploads", "`true`", "uploads that ended; what they made is listed itself"),
    Rule("iam", "aws_managed_attachment_counts", "object == `0`", "AWS's own policies, attached to nothing"),
)


@dataclass(frozen=True)
class Leftover:
    """One object. `reason` is empty when nothing explains it: then it was orphaned."""

    service: str
    name: str
    reason: str


def leftovers(dump: Dump) -> list[Leftover]:
    """Everything in an account but what AWS itself makes there; what is published comes with its reason."""
    found: list[Leftover] = []
    locked = _locked(dump.get("s3", {}))
    for service, objects in sorted(dump.items()):
        for name, value in sorted(objects.items()):
            if not _matching(_NOT_OURS, service, name, value, locked):
                published = _matching(PUBLISHED, service, name, value, locked)
                found.append(Leftover(service, name, published.reason if published else ""))
    return found


def _locked(objects: dict[str, Any]) -> tuple[str, ...]:
    """The buckets that lock what is written to them, and the ids of the keys that they are encrypted with."""
    store = "bucket_object_lock global "
    buckets = [name.removeprefix(store) for name, lock in objects.items() if name.startswith(store) and lock["default_retention"]]
    encryption = " ".join(str(objects.get(f"bucket_encryption global {bucket}")) for bucket in buckets)
    return (*buckets, *re.findall(r":key/([A-Za-z0-9-]+)", encryption))


def _matching(rules: tuple[Rule, ...], service: str, name: str, value: Any, locked: tuple[str, ...]) -> Rule | None:
    store, _, key = name.split(" ", 2)
    asked = {"key": key, "object": value, "locked": any(each in key for each in locked)}
    for rule in rules:
        if rule.service == service and re.fullmatch(rule.store, store) and jmespath.search(rule.holds, asked):
            return rule
    return None
