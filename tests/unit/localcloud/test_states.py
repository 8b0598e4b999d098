"""States are read while other processes write and remove them."""

from __future__ import annotations

import json
from pathlib import Path

from localcloud import states
from localcloud.instance import Instance

VPC = "urn:pulumi:dev::probe::aws:ec2/vpc:Vpc::vpc"


def _record(instance: Instance, account: str) -> Path:
    outputs = {"arn": f"arn:aws:ec2:eu-west-1:{account}:vpc/vpc-1"}
    resource = {"urn": VPC, "id": "vpc-1", "type": "aws:ec2/vpc:Vpc", "outputs": outputs}
    path = instance.path("state", ".pulumi", "stacks", "probe", "dev.json")
    path.write_text(json.dumps({"checkpoint": {"latest": {"resources": [resource]}}}))
    return path


def test_stack_that_is_removed_while_it_is_looked_for_has_nothing(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    path = _record(instance, "111111111111")
    # Listed, and not there when it is read.
    path.with_name("gone.json").symlink_to(tmp_path / "nowhere")
    assert states.recorded(instance) == {(VPC, "vpc-1")}


def test_object_of_another_account_is_another_object(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    _record(instance, "111111111111")
    assert states.urn_of(instance, "aws:ec2/vpc:Vpc", "vpc-1", "111111111111") == VPC
    assert states.urn_of(instance, "aws:ec2/vpc:Vpc", "vpc-1", "222222222222") is None
