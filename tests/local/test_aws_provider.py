"""The local AWS provider under the real engine, with programs of a few resources."""

from __future__ import annotations

from collections.abc import Callable

from tests.local.conftest import REGION, Stack

Program = Callable[[str], Stack]

# ACCOUNT is replaced by the stack's own, NETWORK by another range.
NETWORK = f"""
import pulumi, pulumi_aws as aws
settings = pulumi.Config()
account = aws.Provider("aws", region="{REGION}", default_tags={{"tags": {{"environment": "probe"}}}})
inside = pulumi.ResourceOptions(provider=account)
vpc = aws.ec2.Vpc("vpc", cidr_block=settings.get("cidr") or "10.0.0.0/16", tags={{"Name": settings.get("name") or "first"}}, opts=inside)
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.0.1.0/24", availability_zone="{REGION}a", opts=inside)
"""
RESERVED = NETWORK + (
    'aws.ec2.SubnetCidrReservation("pods", subnet_id=subnet.id, cidr_block=settings.get("reserved") or "10.0.1.16/28",'
    ' reservation_type="prefix", opts=inside)\n'
)


def test_second_up_changes_nothing(program: Program) -> None:
    stack = program(NETWORK)
    stack.up()
    assert "4 unchanged" in stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")


def test_tag_changed_behind_pulumi_is_found_by_refresh_and_repaired_by_up(program: Program) -> None:
    stack = program(NETWORK)
    stack.up()
    ec2, vpc = stack.aws("ec2"), stack.resource("aws:ec2/vpc:Vpc")["id"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "meddled"}, {"Key": "stray", "Value": "yes"}])
    refreshed = stack.pulumi("refresh", "--yes", "--skip-preview", "--diff")
    assert '"first" => "meddled"' in refreshed
    stack.up()
    tags = {tag["Key"]: tag["Value"] for tag in ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"]}
    assert tags == {"Name": "first", "environment": "probe"}


def test_default_tag_removed_behind_pulumi_is_put_back(program: Program) -> None:
    stack = program(NETWORK)
    stack.up()
    ec2, vpc = stack.aws("ec2"), stack.resource("aws:ec2/vpc:Vpc")["id"]
    ec2.delete_tags(Resources=[vpc], Tags=[{"Key": "environment"}])
    stack.pulumi("refresh", "--yes", "--skip-preview")
    stack.up()
    assert {"Key": "environment", "Value": "probe"} in ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"]


def test_resource_deleted_behind_pulumi_is_made_again(program: Program) -> None:
    stack = program(NETWORK)
    stack.up()
    ec2, subnet = stack.aws("ec2"), stack.resource("aws:ec2/subnet:Subnet")["id"]
    ec2.delete_subnet(SubnetId=subnet)
    stack.pulumi("refresh", "--yes", "--skip-preview")
    stack.up()
    assert stack.resource("aws:ec2/subnet:Subnet")["id"] != subnet


def test_change_of_a_range_is_previewed_as_replacement(program: Program) -> None:
    stack = program(NETWORK)
    stack.up()
    preview = stack.pulumi("preview", "--diff", "--config", "probe:cidr=10.1.0.0/16")
    assert "aws:ec2/vpc:Vpc: (replace)" in preview
    assert '~ cidrBlock: "10.0.0.0/16" => "10.1.0.0/16"' in preview


def test_change_of_a_tag_is_an_update_in_place(program: Program) -> None:
    stack = program(NETWORK)
    stack.up()
    before = stack.resource("aws:ec2/vpc:Vpc")["id"]
    assert "1 updated" in stack.pulumi("up", "--yes", "--skip-preview", "--config", "probe:name=second")
    assert stack.resource("aws:ec2/vpc:Vpc")["id"] == before


def test_inputs_are_refused_all_at_once_before_anything_is_created(program: Program) -> None:
    stack = program(NETWORK.replace(", tags=", ", instance_tenancy=7.5, ipv4_netmask_length=16, tags="))
    refused = stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert "ipv4NetmaskLength is not modelled by the local cloud; extend its row in localcloud/aws/rows" in refused
    assert "cidrBlock conflicts with ipv4NetmaskLength" in refused
    assert not [name for name in stack.everything().get("ec2", {}) if name.startswith("vpcs") and "-00000001" not in name]


def test_type_without_a_row_is_refused_by_name(program: Program) -> None:
    stack = program(NETWORK + 'aws.sqs.Queue("queue", opts=inside)\n')
    refused = stack.pulumi("preview", succeeds=False)
    assert "aws:sqs/queue:Queue is not modelled by the local cloud; add its row to localcloud/aws/rows" in refused


def test_credentials_of_another_account_are_refused_before_anything_is_created(program: Program) -> None:
    stack = program(NETWORK.replace("default_tags", 'allowed_account_ids=["123456789012"], default_tags'))
    refused = stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert f"the credentials are of account {stack.account}; the stack file allows 123456789012" in refused
    assert stack.everything().get("ec2", {}) == {}


def test_secret_is_never_plain_in_the_state(program: Program) -> None:
    stack = program(NETWORK + 'aws.ssm.Parameter("p", name="/p", type="String", value=pulumi.Output.secret("plaintext-1"), opts=inside)\n')
    stack.up()
    stack.pulumi("refresh", "--yes", "--skip-preview")
    assert "plaintext-1" not in stack.pulumi("stack", "export")
    assert stack.aws("ssm").get_parameter(Name="/p")["Parameter"]["Value"] == "plaintext-1"


def test_failure_after_create_keeps_the_object_in_the_state_and_the_next_up_goes_on(program: Program) -> None:
    text = NETWORK + 'aws.cloudwatch.LogGroup("logs", name="/probe", retention_in_days=settings.get_int("days") or 11, opts=inside)\n'
    stack = program(text)
    # 11 days is no period that CloudWatch Logs knows: the group is made, setting its retention fails.
    failed = stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert "/probe was created, but: put_retention_policy" in failed
    assert stack.resource("aws:cloudwatch/logGroup:LogGroup")["id"] == "/probe"
    stack.pulumi("up", "--yes", "--skip-preview", "--config", "probe:days=14")
    assert stack.aws("logs").describe_log_groups(logGroupNamePrefix="/probe")["logGroups"][0]["retentionInDays"] == 14


def test_change_that_the_row_cannot_carry_is_refused_and_not_claimed(program: Program) -> None:
    text = (
        NETWORK
        + 'aws.ec2.RouteTableAssociation("a", subnet_id=subnet.id, route_table_id=tables[settings.get_int("to") or 0].id, opts=inside)'
    )
    stack = program(
        text.replace("subnet =", 'tables = [aws.ec2.RouteTable(f"t{i}", vpc_id=vpc.id, opts=inside) for i in (0, 1)]\nsubnet =')
    )
    stack.up()
    refused = stack.pulumi("up", "--yes", "--skip-preview", "--config", "probe:to=1", succeeds=False)
    assert "['routeTableId'] cannot be changed in place by the local cloud" in refused


def test_bucket_with_contents_goes_only_with_force_destroy(program: Program) -> None:
    text = NETWORK + 'aws.s3.Bucket("b", bucket="probe-contents", force_destroy=settings.get_bool("force"), opts=inside)\n'
    stack = program(text)
    stack.up()
    stack.aws("s3").put_object(Bucket="probe-contents", Key="model", Body=b"weights")
    assert "BucketNotEmpty" in stack.pulumi("destroy", "--yes", "--skip-preview", succeeds=False)
    stack.pulumi("up", "--yes", "--skip-preview", "--config", "probe:force=true")
    stack.destroy()
    assert [name for name in stack.everything().get("s3", {}) if "probe-contents" in name] == []


def test_type_that_the_emulator_does_not_have_is_made_kept_replaced_and_forgotten(program: Program) -> None:
    stack = program(RESERVED)
    stack.up()
    stack.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    assert "1 replaced" in stack.pulumi("up", "--yes", "--skip-preview", "--config", "probe:reserved=10.0.1.32/28")
    stack.destroy()
    assert stack.resources() == []
