"""What controllers leave behind, planted in an account of moto's."""

from collections.abc import Callable
from itertools import count
from typing import Any

import boto3
from botocore.exceptions import ClientError

from scripts.leftovers import Clients

REGION = "eu-west-1"
OURS = "ml-platform/prod"

Tag = tuple[str, str] | None
_numbers = count()


class Account:
    """An account with a VPC in which things can be left behind."""

    def __init__(self) -> None:
        self.clients = Clients(*(boto3.client(service, region_name=REGION) for service in ("ec2", "elbv2", "iam", "rds")))  # pyright: ignore[reportArgumentType]
        self.vpc = self.clients.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            self.clients.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
                "SubnetId"
            ]
            for number, zone in enumerate("ab")
        ]

    def plant(self, kind: str, tag: Tag = ("deployment", OURS)) -> str:
        """Makes one object of a kind, with that tag; returns its id."""
        return getattr(self, f"_{kind.replace(' ', '_')}")(tag)

    def exists(self, kind: str, id_: str) -> bool:
        describe: Callable[[], Any] = {
            "load balancer": lambda: self.clients.elbv2.describe_load_balancers(LoadBalancerArns=[id_])["LoadBalancers"],
            "target group": lambda: self.clients.elbv2.describe_target_groups(TargetGroupArns=[id_])["TargetGroups"],
            "instance": lambda: self._living(id_),
            "launch template": lambda: self.clients.ec2.describe_launch_templates(LaunchTemplateIds=[id_])["LaunchTemplates"],
            "volume": lambda: self.clients.ec2.describe_volumes(VolumeIds=[id_])["Volumes"],
            "snapshot": lambda: self.clients.ec2.describe_snapshots(SnapshotIds=[id_])["Snapshots"],
            "network interface": lambda: self.clients.ec2.describe_network_interfaces(NetworkInterfaceIds=[id_])["NetworkInterfaces"],
            "security group": lambda: self.clients.ec2.describe_security_groups(GroupIds=[id_])["SecurityGroups"],
            "database": lambda: self.clients.rds.describe_db_instances(DBInstanceIdentifier=id_)["DBInstances"],
            "database snapshot": lambda: self.clients.rds.describe_db_snapshots(DBSnapshotIdentifier=id_)["DBSnapshots"],
            "instance profile": lambda: [self.clients.iam.get_instance_profile(InstanceProfileName=id_)],
        }[kind]
        try:
            return bool(describe())
        except ClientError:
            return False

    def _living(self, id_: str) -> list[Any]:
        found = self.clients.ec2.describe_instances(InstanceIds=[id_])["Reservations"][0]["Instances"]
        return [each for each in found if each["State"]["Name"] != "terminated"]

    def _load_balancer(self, tag: Tag) -> str:
        made = self.clients.elbv2.create_load_balancer(Name=f"lb-{next(_numbers)}", Subnets=self.subnets, **_tags(tag))
        return made["LoadBalancers"][0]["LoadBalancerArn"]

    def _target_group(self, tag: Tag) -> str:
        made = self.clients.elbv2.create_target_group(
            Name=f"group-{next(_numbers)}", Protocol="HTTP", Port=80, VpcId=self.vpc, TargetType="ip", **_tags(tag)
        )
        return made["TargetGroups"][0]["TargetGroupArn"]

    def _instance(self, tag: Tag) -> str:
        made = self.clients.ec2.run_instances(
            ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=self.subnets[0], **_specified("instance", tag)
        )
        return made["Instances"][0]["InstanceId"]

    def _launch_template(self, tag: Tag) -> str:
        made = self.clients.ec2.create_launch_template(
            LaunchTemplateName=f"template-{next(_numbers)}", LaunchTemplateData={"EbsOptimized": True}, **_specified("launch-template", tag)
        )
        return made["LaunchTemplate"]["LaunchTemplateId"]

    def _volume(self, tag: Tag) -> str:
        return self.clients.ec2.create_volume(Size=1, AvailabilityZone=f"{REGION}a", **_specified("volume", tag))["VolumeId"]

    def _snapshot(self, tag: Tag) -> str:
        return self.clients.ec2.create_snapshot(VolumeId=self._volume(None), **_specified("snapshot", tag))["SnapshotId"]

    def _network_interface(self, tag: Tag) -> str:
        made = self.clients.ec2.create_network_interface(SubnetId=self.subnets[0], **_specified("network-interface", tag))
        return made["NetworkInterface"]["NetworkInterfaceId"]

    def _security_group(self, tag: Tag) -> str:
        return self.clients.ec2.create_security_group(
            GroupName=f"group-{next(_numbers)}", Description="a controller's", VpcId=self.vpc, **_specified("security-group", tag)
        )["GroupId"]

    def _instance_profile(self, tag: Tag) -> str:
        name, role = (f"{kind}-{next(_numbers)}" for kind in ("profile", "role"))
        self.clients.iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
        self.clients.iam.create_instance_profile(InstanceProfileName=name, **_tags(tag))
        self.clients.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return name

    def _database(self, tag: Tag) -> str:
        name = f"prod-registry-drill-{next(_numbers)}"
        self.clients.rds.create_db_instance(
            DBInstanceIdentifier=name,
            Engine="mysql",
            DBInstanceClass="db.t4g.micro",
            AllocatedStorage=20,
            MasterUsername="administrator",
            ManageMasterUserPassword=True,
            DeletionProtection=True,
            **_tags(tag),
        )
        return name

    def _database_snapshot(self, tag: Tag) -> str:
        name = f"prod-registry-drill-{next(_numbers)}"
        self.clients.rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier=self._database(None), **_tags(tag))
        return name


def _tags(tag: Tag) -> dict[str, Any]:
    return {"Tags": [{"Key": tag[0], "Value": tag[1]}]} if tag else {}


def _specified(kind: str, tag: Tag) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, **_tags(tag)}]} if tag else {}
