"""Lost objects under the real engine: a provider that is killed, answers that never come, and names that are somebody else's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from localcloud import faults
from localcloud.faults import Fault
from localcloud.instance import CHECKOUT
from tests.local.conftest import REGION, Stack
from tests.local.interruptions import ACCOUNT, local_cloud

Program = Callable[[str], Stack]

ADDRESSES = f"""
import pulumi, pulumi_aws as aws
account = aws.Provider("aws", region="{REGION}", default_tags={{"tags": {{"deployment": "probe"}}}})
inside = pulumi.ResourceOptions(provider=account)
"""
TWO_ALIKE = ADDRESSES + 'for name in ("a", "b"):\n    aws.ec2.Eip(name, domain="vpc", opts=inside)\n'
BUCKET = ADDRESSES + 'aws.s3.Bucket("b", bucket="probe-adoption", opts=inside)\n'
# The parameter is what a destroy finds in the state: without any object of AWS in it, the engine starts no provider.
VPC = (
    ADDRESSES
    + 'first = aws.ssm.Parameter("first", name="/first", type="String", value="1", opts=inside)\n'
    + 'aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=account, depends_on=[first]))\n'
)
ROLE = (
    ADDRESSES
    + """
import json
statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
trust = {"Version": "2012-10-17", "Statement": [statement]}
aws.iam.Role("role", assume_role_policy=json.dumps(trust), opts=inside)
"""
)
# The second provider makes its address while the first has made its own and not said so yet.
TWO_PROVIDERS = (
    ADDRESSES
    + f"""
other = aws.Provider("other", region="{REGION}", default_tags={{"tags": {{"deployment": "probe"}}}})
also = pulumi.ResourceOptions(provider=other)
aws.ec2.Eip("one", domain="vpc", opts=inside)
later = aws.ssm.Parameter("later", name="/later", type="String", value="1", opts=also)
aws.ec2.Eip("two", domain="vpc", opts=pulumi.ResourceOptions(provider=other, depends_on=[later]))
"""
)
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


def _roles(stack: Stack) -> list[str]:
    return [each["RoleName"] for each in stack.aws("iam").list_roles()["Roles"]]


def _vpcs(stack: Stack) -> list[str]:
    return [each["CidrBlock"] for each in stack.aws("ec2").describe_vpcs()["Vpcs"] if not each["IsDefault"]]


def test_object_with_an_automatic_name_is_found_again_under_it(program: Program) -> None:
    stack = program(ROLE)
    faults.set_faults(stack.instance, Fault("killed", "create_role"))
    stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    stack.up()
    assert _roles(stack) == [stack.resource("aws:iam/role:Role")["id"]]


def test_object_whose_answer_was_lost_is_in_the_state_whatever_comes_next(program: Program) -> None:
    stack = program(VPC)
    faults.set_faults(stack.instance, Fault("lost", "create_vpc"))
    stack.up()
    (stack.project / "__main__.py").write_text(VPC.replace("10.0.", "10.1."))
    faults.set_faults(stack.instance, Fault("lost", "create_vpc"))
    stack.up()
    assert _vpcs(stack) == ["10.1.0.0/16"]
    stack.destroy()
    assert _vpcs(stack) == []


def test_object_that_was_begun_with_inputs_that_changed_since_is_replaced(program: Program) -> None:
    stack = program(VPC)
    faults.set_faults(stack.instance, Fault("killed", "create_vpc"))
    stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    (stack.project / "__main__.py").write_text(VPC.replace("10.0.", "10.1."))
    assert "run `pulumi up` again, it replaces it" in stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    stack.up()
    assert _vpcs(stack) == ["10.1.0.0/16"]


def test_destroy_after_a_kill_names_what_up_takes_up(program: Program) -> None:
    stack = program(VPC)
    faults.set_faults(stack.instance, Fault("killed", "create_vpc"))
    stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert "Vpc::vpc: an update that broke off may have made it, and no state has it. If it is still in the program" in stack.destroy()
    assert _vpcs(stack) == ["10.0.0.0/16"]
    stack.up()
    assert "broke off" not in stack.destroy()
    assert _vpcs(stack) == []


def test_down_after_a_kill_leaves_nothing(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "scripts").symlink_to(CHECKOUT / "scripts")
    (project / "Pulumi.yaml").write_text("name: probe\nruntime: python\nstackConfigDir: stacks\n")
    (project / "stacks").mkdir()
    (project / "stacks" / "Pulumi.down.yaml").write_text(f"config: {{'ml-platform:settings': {{account: '{ACCOUNT}', region: {REGION}}}}}")
    (project / "__main__.py").write_text(VPC)
    with local_cloud(tmp_path / "cloud") as instance:
        stack = Stack.init(instance, project, "down", ACCOUNT)
        faults.set_faults(instance, Fault("killed", "create_vpc"))
        stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
        down = "import sys; from pathlib import Path; from localcloud import demo; from localcloud.instance import Instance; "
        down += "sys.exit(demo.down(Instance.here(), Path.cwd(), 'down'))"
        environment = {**stack.variables, "PYTHONPATH": str(CHECKOUT)}
        done = subprocess.run([sys.executable, "-c", down], cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "An update of stack down broke off while it made vpc: that is taken up first." in done.stdout
        assert "Nothing is left in its account." in done.stdout


def test_two_providers_of_a_stack_do_not_adopt_each_other_s_objects(program: Program) -> None:
    stack = program(TWO_PROVIDERS)
    faults.set_faults(stack.instance, Fault("slow", "put_parameter", seconds=1.0), Fault("slow", "describe_addresses", nth=2, seconds=3.0))
    stack.up()
    recorded = sorted(each["id"] for each in stack.resources() if each["type"] == "aws:ec2/eip:Eip")
    assert len(set(recorded)) == 2
    assert _addresses(stack) == recorded
