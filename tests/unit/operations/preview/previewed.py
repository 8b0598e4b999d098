"""Previews of a few resources, in the form of `pulumi preview --json --show-sames`; what real ones look like is in recorded/."""

from collections.abc import Mapping, Sequence
from typing import Any

from operations.preview.document import StackPreview

BUCKET, DATABASE, ROLE = "aws:s3/bucket:Bucket", "aws:rds/instance:Instance", "aws:iam/role:Role"
CACHE, SUBNET, PARAMETER = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:ec2/subnet:Subnet", "aws:ssm/parameter:Parameter"

Step = Mapping[str, Any]


def urn(type_: str, name: str, tier: str = "FeatureStore") -> str:
    return f"urn:pulumi:dev::ml-platform::ml-platform:tiers:{tier}${type_}::{name}"


def state(type_: str, name: str, inputs: Mapping[str, Any], tier: str = "FeatureStore", **more: Any) -> dict[str, Any]:
    return {"urn": urn(type_, name, tier), "type": type_, "custom": True, "inputs": inputs, **more}


def step(
    operation: str,
    type_: str,
    name: str = "main",
    /,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    *,
    tier: str = "FeatureStore",
    old: Mapping[str, Any] | None = None,
    **more: Any,
) -> Step:
    """`old` is what its state has besides inputs; `more` what the step has."""
    found: dict[str, Any] = {"op": operation, "urn": urn(type_, name, tier), "detailedDiff": None, **more}
    if before is not None:
        found["oldState"] = state(type_, name, before, tier, **(old or {}))
    if after is not None:
        found["newState"] = state(type_, name, after, tier)
    return found


def created(type_: str, name: str = "main", /, tier: str = "FeatureStore", **inputs: Any) -> Step:
    return step("create", type_, name, after=inputs, tier=tier)


def updated(type_: str, before: Mapping[str, Any], after: Mapping[str, Any], name: str = "main", **more: Any) -> Step:
    return step("update", type_, name, before, after, **more)


def deleted(type_: str, name: str = "main", /, tier: str = "FeatureStore", old: Mapping[str, Any] | None = None, **inputs: Any) -> Step:
    return step("delete", type_, name, before=inputs, tier=tier, old=old)


def same(type_: str = SUBNET, name: str = "kept", /) -> Step:
    return step("same", type_, name, before={}, after={})


def replaced(type_: str, before: Mapping[str, Any], after: Mapping[str, Any], *properties: str, name: str = "main") -> Sequence[Step]:
    """The three steps that the engine has for it; without --show-replacement-steps a preview shows the second alone."""
    why: dict[str, Any] = {
        "replaceReasons": list(properties),
        "detailedDiff": {each: {"kind": "update-replace", "inputDiff": False} for each in properties},
    }
    return (
        step("create-replacement", type_, name, before, after, **why),
        step("replace", type_, name, before, after, **why),
        step("delete-replaced", type_, name, before, **why),
    )


def cost(before: str = "100", after: str = "100", tiers: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """A bill, as scripts/cost.py has it in JSON."""
    return {
        "stack": "dev",
        "region": "eu-west-1",
        "prices_published": "2026-09-29",
        "usd_per_hour": "0.1370",
        "usd_per_month": after,
        "before_usd_per_month": before,
        "tiers": tiers or {"FeatureStore": after},
        "before_tiers": {"FeatureStore": before},
        "lines": [],
        "unpriced": [],
        "usage": {},
        "not_counted": [],
        **more,
    }


def preview(*steps: Step, **more: Any) -> StackPreview:
    """Without a step of its own it has one of what stays."""
    fields: dict[str, Any] = {
        "stack": "dev",
        "kind": "platform",
        "made": "local",
        "base": "1" * 40,
        "head": "2" * 40,
        "before_exists": True,
        "engine": {"steps": list(steps) or [same()]},
        "cost": cost(),
    }
    return StackPreview(**{**fields, **more})
