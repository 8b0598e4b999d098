"""Lost objects under the real engine: a provider that is killed, answers that never come, and names that are somebody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localcloud import faults
from localcloud.faults import Fault
from tests.local.conftest import REGION, Stack

Program = Callable[[str], Stack]

ADDRESSES = f"""
import pulumi, pulumi_aws as aws
account = aws.Provider("aws", region="{REGION}", default_tags={{"tags": {{"deployment": "probe"}}}})
inside = pulumi.ResourceOptions(provider=account)
"""
TWO_ALIKE = ADDRESSES + 'for name in ("a", "b"):\n    aws.ec2.Eip(name, domain="vpc", opts=inside)\n'
BUCKET = ADDRESSES + 'aws.s3.Bucket("b", bucket="probe-adoption", opts=inside)\n'
GROUP = ADDRESSES + 'aws.cloudwatch.LogGroup("logs", name="/probe/adoption", opts=inside)\n'


def _addresses(stack: Stack) -> list[str]:
    return sorted(each["AllocationId"] for each in stack.aws("ec2").describe_addresses()["Addresses"])


@pytest.mark.parametrize("kind", ["killed", "lost"])
def test_objects_that_are_alike_are_each_adopted_once(program: Program, kind: faults.Kind) -> None:
    stack = program(TWO_ALIKE)
    faults.set_faults(stack.instance, Fault(kind, "allocate_address", nth=2))
    stack.pulumi("up", "--yes", "--skip-preview", succeeds=kind == "lost")
    stack.up()
    recorded = sorted(each["id"] for each in stack.resources() if each["type"] == "aws:ec2/eip:Eip")
    assert len(set(recorded)) == 2
    assert _addresses(stack) == recorded


def test_bucket_without_its_tags_is_adopted_after_a_kill(program: Program) -> None:
    stack = program(BUCKET)
    faults.set_faults(stack.instance, Fault("killed", "create_bucket"))
    stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    stack.up()
    assert stack.aws("s3").get_bucket_tagging(Bucket="probe-adoption")["TagSet"] == [{"Key": "deployment", "Value": "probe"}]


def test_bucket_of_somebody_else_is_refused_with_the_remedy_and_stays_as_it_is(program: Program) -> None:
    stack = program(BUCKET)
    location = {"LocationConstraint": REGION}
    stack.aws("s3").create_bucket(Bucket="probe-adoption", CreateBucketConfiguration=location)
    refused = stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert "probe-adoption exists already and was not made by this resource: import it with `pulumi import" in refused
    # And once more: the first refusal must not be taken for an attempt that got through.
    stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert [each["type"] for each in stack.resources() if each["type"] == "aws:s3/bucket:Bucket"] == []


def test_object_of_another_resource_of_the_stack_is_not_adopted(program: Program) -> None:
    stack = program(GROUP)
    stack.up()
    (stack.project / "__main__.py").write_text(GROUP + 'aws.cloudwatch.LogGroup("twin", name="/probe/adoption", opts=inside)\n')
    refused = stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert "LogGroup::logs; give one of them another name" in refused


def test_a_replacement_that_is_forced_makes_a_new_object(program: Program) -> None:
    stack = program(TWO_ALIKE)
    stack.up()
    before = _addresses(stack)
    urn = next(each["urn"] for each in stack.resources() if each["urn"].endswith("Eip::a"))
    stack.pulumi("up", "--yes", "--skip-preview", "--replace", urn)
    after = _addresses(stack)
    assert len(after) == 2
    assert len({*before, *after}) == 3
    assert sorted(each["id"] for each in stack.resources() if each["type"] == "aws:ec2/eip:Eip") == after


def test_creation_that_broke_off_is_completed_after_a_refresh_too(program: Program) -> None:
    stack = program(ADDRESSES + 'aws.ec2.SecurityGroup("g", description="d", opts=inside)\n')
    faults.set_faults(stack.instance, Fault("error", "revoke_security_group_egress"))
    stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    stack.pulumi("refresh", "--yes", "--skip-preview")
    stack.up()
    group = stack.resource("aws:ec2/securityGroup:SecurityGroup")["id"]
    assert stack.aws("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"] == []
