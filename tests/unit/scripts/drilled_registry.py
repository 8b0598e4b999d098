"""A production registry in an account of moto's, for drills: what is called, and answers that are bent."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.unit.scripts.deployed_project import STACK, Project, resource

REGION = "eu-west-1"
NAME = "prod-registry"
TAGS = {
    "environment": "prod",
    "owner": "team",
    "cost-centre": "ml-1",
    "data-classification": "confidential",
    "profile": "production",
    "deployment": "ml-platform/prod",
}

# What moto leaves out of its descriptions.
LEFT_OUT = {
    "EngineLifecycleSupport": "open-source-rds-extended-support-disabled",
    "DatabaseInsightsMode": "advanced",
    "PerformanceInsightsEnabled": True,
    "PerformanceInsightsKMSKeyId": f"arn:aws:kms:{REGION}:123456789012:key/features",
    "PerformanceInsightsRetentionPeriod": 465,
}

Bend = Callable[[dict[str, Any]], None]
"""Changes one description in place."""


class Registry:
    """The account of a project whose stack `prod` is up, with the registry as a production environment has it."""

    def __init__(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        session = boto3.Session(region_name=REGION)
        # What the script's own clients come from.
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
        self._events = session.events
        self.calls: list[tuple[str, dict[str, Any]]] = []
        """Operation and parameters of each call, the tests' own included."""
        self.project = project
        self.rds, self.logs, self.kms, self.ec2 = (boto3.client(service) for service in ("rds", "logs", "kms", "ec2"))
        self._make()
        self._events.register("after-call.rds.DescribeDBInstances", _complete)
        project.state(STACK, resource("aws:rds/instance:Instance", "registry", identifier=NAME, manageMasterUserPassword=True))
        self._events.register("provide-client-params.*.*", lambda params, model, **_: self.calls.append((model.name, params)))

    def bend(self, operation: str, member: str, change: Bend) -> None:
        """Changes each description of the copy, or of its snapshot, that RDS answers with from now on."""

        def bent(parsed: dict[str, Any], **_: Any) -> None:
            for each in parsed.get(member, []):
                if "-drill-" in each.get("DBSnapshotIdentifier", each["DBInstanceIdentifier"]):
                    change(each)

        self._events.register(f"after-call.rds.{operation}", bent)

    def bend_registry(self, change: Bend) -> None:
        def bent(parsed: dict[str, Any], **_: Any) -> None:
            for each in parsed.get("DBInstances", []):
                if each["DBInstanceIdentifier"] == NAME:
                    change(each)

        self._events.register("after-call.rds.DescribeDBInstances", bent)

    def refuse(self, operation: str, code: str, times: int = 1_000) -> None:
        """Has RDS answer an operation with an error, so many times."""
        left = [times]

        def refused(model: Any, **_: Any) -> None:
            if left[0] > 0:
                left[0] -= 1
                raise ClientError({"Error": {"Code": code, "Message": "no"}}, model.name)

        self._events.register(f"before-call.rds.{operation}", refused)

    def called(self, operation: str) -> Mapping[str, Any]:
        """The parameters of the one call of an operation."""
        (parameters,) = [parameters for name, parameters in self.calls if name == operation]
        return parameters

    def names(self) -> set[str]:
        """Instances, snapshots that are not automated ones, and log groups."""
        snapshots = [each for each in self.rds.describe_db_snapshots()["DBSnapshots"] if each["SnapshotType"] == "manual"]
        return {
            *(each["DBInstanceIdentifier"] for each in self.rds.describe_db_instances()["DBInstances"]),
            *(each["DBSnapshotIdentifier"] for each in snapshots),
            *(each["logGroupName"] for each in self.logs.describe_log_groups()["logGroups"]),
        }

    def make(self, name: str, **changes: Any) -> None:
        """Another database, of the smallest kind."""
        given = {"Engine": "mysql", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20, "MasterUsername": "administrator"}
        self.rds.create_db_instance(DBInstanceIdentifier=name, **{**given, "ManageMasterUserPassword": True, **changes})

    def _make(self) -> None:
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
            for number, zone in enumerate("ab")
        ]
        self.rds.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription="data", SubnetIds=subnets)
        self.rds.create_db_parameter_group(DBParameterGroupName="tls-only", DBParameterGroupFamily="mysql8.4", Description="TLS only")
        tls = {"ParameterName": "require_secure_transport", "ParameterValue": "1", "ApplyMethod": "immediate"}
        self.rds.modify_db_parameter_group(DBParameterGroupName="tls-only", Parameters=[tls])
        key = self.kms.create_key()["KeyMetadata"]["Arn"]
        for log in ("error", "slowquery"):
            group = f"/aws/rds/instance/{NAME}/{log}"
            self.logs.create_log_group(logGroupName=group, kmsKeyId=key)
            self.logs.put_retention_policy(logGroupName=group, retentionInDays=365)
        self.make(
            NAME,
            EngineVersion="8.4",
            DBInstanceClass="db.m7g.large",
            AllocatedStorage=100,
            MaxAllocatedStorage=500,
            StorageType="gp3",
            StorageEncrypted=True,
            KmsKeyId=key,
            MasterUserSecretKmsKeyId=key,
            DBSubnetGroupName="data",
            VpcSecurityGroupIds=[self.ec2.create_security_group(GroupName="registry", Description="registry", VpcId=vpc)["GroupId"]],
            DBParameterGroupName="tls-only",
            MultiAZ=True,
            BackupRetentionPeriod=35,
            PreferredBackupWindow="02:00-03:00",
            PreferredMaintenanceWindow="sun:03:30-sun:04:30",
            CopyTagsToSnapshot=True,
            DeletionProtection=True,
            CACertificateIdentifier="rds-ca-rsa2048-g1",
            EnableCloudwatchLogsExports=["error", "slowquery"],
            AutoMinorVersionUpgrade=True,
            EnableIAMDatabaseAuthentication=True,
            MonitoringInterval=60,
            MonitoringRoleArn="arn:aws:iam::123456789012:role/prod-monitoring",
            Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
        )


def _complete(parsed: dict[str, Any], **_: Any) -> None:
    for each in parsed.get("DBInstances", []):
        each.update(LEFT_OUT)
