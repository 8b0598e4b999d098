"""What controllers leave behind in the local AWS, planted; it keeps no tags of network interfaces, and instance profiles are IAM's."""

from __future__ import annotations

from collections.abc import Callable

from tests.local.conftest import Stack

KINDS = ("instance", "launch template", "load balancer", "security group", "snapshot", "target group", "volume")


def plant(stack: Stack, deployment: str) -> dict[str, str]:
    """One object of each of KINDS with the tag of a deployment, made as a controller makes it; their ids."""
    ec2, elbv2, suffix = stack.aws("ec2"), stack.aws("elbv2"), deployment.rpartition("/")[2]
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]]
    (vpc,) = [each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]]
    tags = [{"Key": "deployment", "Value": deployment}]
    volume = ec2.create_volume(Size=1, AvailabilityZone="eu-west-1a")["VolumeId"]
    made = {
        "instance": ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"],
        "launch template": ec2.create_launch_template(LaunchTemplateName=suffix, LaunchTemplateData={"EbsOptimized": True})[
            "LaunchTemplate"
        ]["LaunchTemplateId"],
        "load balancer": elbv2.create_load_balancer(Name=suffix, Subnets=subnets[:2], Tags=tags)["LoadBalancers"][0]["LoadBalancerArn"],
        "security group": ec2.create_security_group(GroupName=suffix, Description="a controller's", VpcId=vpc)["GroupId"],
        "snapshot": ec2.create_snapshot(VolumeId=volume)["SnapshotId"],
        "target group": elbv2.create_target_group(Name=suffix, Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip", Tags=tags)[
            "TargetGroups"
        ][0]["TargetGroupArn"],
        "volume": volume,
    }
    ec2.create_tags(Resources=[id_ for id_ in made.values() if not id_.startswith("arn:")], Tags=tags)
    return made


def there(stack: Stack, planted: dict[str, str]) -> set[str]:
    """The kinds of which the planted object is still there."""
    ec2, elbv2 = stack.aws("ec2"), stack.aws("elbv2")
    instances = [each for reservation in ec2.describe_instances()["Reservations"] for each in reservation["Instances"]]
    found = {
        *(each["InstanceId"] for each in instances if each["State"]["Name"] != "terminated"),
        *(each["LaunchTemplateId"] for each in ec2.describe_launch_templates()["LaunchTemplates"]),
        *(each["LoadBalancerArn"] for each in elbv2.describe_load_balancers()["LoadBalancers"]),
        *(each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]),
        *(each["SnapshotId"] for each in ec2.describe_snapshots()["Snapshots"]),
        *(each["TargetGroupArn"] for each in elbv2.describe_target_groups()["TargetGroups"]),
        *(each["VolumeId"] for each in ec2.describe_volumes()["Volumes"]),
    }
    return {kind for kind, id_ in planted.items() if id_ in found}


def remove(stack: Stack, planted: dict[str, str]) -> None:
    ec2, elbv2 = stack.aws("ec2"), stack.aws("elbv2")
    by_kind: dict[str, Callable[[str], object]] = {
        "instance": lambda id_: ec2.terminate_instances(InstanceIds=[id_]),
        "launch template": lambda id_: ec2.delete_launch_template(LaunchTemplateId=id_),
        "load balancer": lambda arn: elbv2.delete_load_balancer(LoadBalancerArn=arn),
        "security group": lambda id_: ec2.delete_security_group(GroupId=id_),
        "snapshot": lambda id_: ec2.delete_snapshot(SnapshotId=id_),
        "target group": lambda arn: elbv2.delete_target_group(TargetGroupArn=arn),
        "volume": lambda id_: ec2.delete_volume(VolumeId=id_),
    }
    for kind, id_ in planted.items():
        by_kind[kind](id_)
