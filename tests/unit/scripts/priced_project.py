"""A stack of a few resources, as `pulumi stack export` and `pulumi preview --json --show-sames` tell of it."""

from typing import Any

TIER = "urn:pulumi:dev::ml-platform::ml-platform:tiers:{}$"


def state(tier: str, type_: str, name: str, **inputs: Any) -> dict[str, Any]:
    return {
        "urn": f"{TIER.format(tier)}{type_}::{name}",
        "type": type_,
        "id": f"{name}-id",
        "custom": True,
        "inputs": inputs,
    }


NAT = state("Network", "aws:ec2/natGateway:NatGateway", "main")
CLUSTER = state("Clusters", "aws:eks/cluster:Cluster", "main")
STREAM = state("FeatureStore", "aws:kinesis/stream:Stream", "events")
STATE = {"deployment": {"resources": [NAT, CLUSTER, STREAM]}}


def step(op: str, of: dict[str, Any]) -> dict[str, Any]:
    states = {"oldState": of} if op == "delete" else {"newState": of} if op == "create" else {"oldState": of, "newState": of}
    return {"op": op, "urn": of["urn"], **states}


# A second cluster, and no NAT gateway any more.
PREVIEW: dict[str, Any] = {
    "steps": [step("delete", NAT), step("same", CLUSTER), step("create", {**CLUSTER, "urn": f"{CLUSTER['urn']}-2"}), step("same", STREAM)],
    "changeSummary": {"same": 2, "create": 1, "delete": 1},
}
