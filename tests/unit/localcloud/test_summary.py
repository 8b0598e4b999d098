"""What `make demo` says about the state."""

from typing import Any

from localcloud.summary import by_tier


def _resource(kind: str, name: str, parent: str | None = None, *, custom: bool = True) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:dev::ml-platform::{kind}::{name}", "type": kind.rpartition("$")[2], "custom": custom, "parent": parent}


def test_resources_are_counted_under_the_tier_above_them() -> None:
    tier = _resource("ml-platform:tiers:Network", "network", custom=False)
    component = _resource("ml-platform:tiers:Network$ml-platform:components:Vpc", "main", tier["urn"], custom=False)
    kind = "ml-platform:tiers:Network$ml-platform:components:Vpc$aws:ec2/vpc:Vpc"
    resources = [tier, component, _resource(kind, "main", component["urn"]), _resource(kind, "second", component["urn"])]
    assert by_tier(resources) == {"network": {"aws:ec2/vpc:Vpc": 2}}


def test_providers_are_not_counted_and_what_has_no_tier_is_said_to_have_none() -> None:
    resources = [_resource("pulumi:providers:aws", "aws"), _resource("aws:s3/bucket:Bucket", "lonely")]
    assert by_tier(resources) == {"(no tier)": {"aws:s3/bucket:Bucket": 1}}
