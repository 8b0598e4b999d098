"""Steps of a preview, as `pulumi preview --json --show-sames --show-replacement-steps` writes them."""

from __future__ import annotations

from typing import Any

PROJECT = "urn:pulumi:staging::ml-platform::"
PROVIDER = f"{PROJECT}pulumi:providers:aws::aws"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

VPC, BUCKET, GROUP = "aws:ec2/vpc:Vpc::main", "aws:s3/bucket:Bucket::models", "aws:ec2/securityGroup:SecurityGroup::caches"
PARAMETER, POOL = "aws:ssm/parameter:Parameter::contract", "kubernetes:karpenter.sh/v1:NodePool::general"


def urn(resource: str) -> str:
    return f"{PROJECT}ml-platform:tiers:Network${resource}"


def state(resource: str, inputs: dict[str, Any] | None, **options: Any) -> dict[str, Any] | None:
    if inputs is None:
        return None
    known = {"urn": urn(resource), "custom": True, "type": resource.rpartition("::")[0], "inputs": inputs, "outputs": {}}
    return {**known, "provider": f"{PROVIDER}::{UNKNOWN}", **options}


def step(op: str, resource: str, old: dict[str, Any] | None, new: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A step of one resource; its object is called `ID-1` where it is there already."""
    before, after = state(resource, old, id="ID-1"), state(resource, new)
    found = {"op": op, "urn": urn(resource), "oldState": before, "newState": after, **more}
    return {key: value for key, value in found.items() if value is not None}


def preview(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"steps": list(steps), "duration": 4_000_000_000, "changeSummary": {}}
