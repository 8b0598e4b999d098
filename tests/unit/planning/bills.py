"""Resources, prices and usage for the tests of bills: round numbers, so that a bill can be worked out by hand."""

from decimal import Decimal
from typing import Any

from planning.billed import Resource
from planning.charges import Usage
from planning.prices import Price

USAGE = Usage(
    nat_gib_per_month=100,
    endpoint_gib_per_month=60,
    s3_gib_per_bucket=50,
    s3_writes_per_bucket_per_month=1000,
    s3_reads_per_bucket_per_month=2000,
    log_gib_per_group_per_month=3,
    node_instance_type="m6i.xlarge",
    node_limit_share_percent=25,
)

_USD = {
    "AmazonEKS AmazonEKS-Hours:perCluster": "0.10",
    "AmazonEKS EKS-Auto:m6i.xlarge-management-hours": "0.02",
    "AmazonEKS EKS-Auto:g5.12xlarge-management-hours": "0.50",
    "AmazonEC2 BoxUsage:m6i.xlarge": "0.20",
    "AmazonEC2 BoxUsage:m6i.large": "0.10",
    "AmazonEKS EKS-Auto:m6i.large-management-hours": "0.01",
    "AmazonEC2 BoxUsage:g5.12xlarge": "5",
    "AmazonEC2 EBS:VolumeUsage.gp3": "0.08",
    "AmazonEC2 NatGateway-Hours": "0.05",
    "AmazonEC2 NatGateway-Bytes": "0.04",
    "AmazonVPC PublicIPv4:InUseAddress": "0.005",
    "AmazonVPC VpcEndpoint-Hours": "0.01",
    "AmazonVPC VpcEndpoint-Bytes": "0.02",
    "AmazonRDS InstanceUsage:db.t4g.medium MySQL": "0.07",
    "AmazonRDS Multi-AZUsage:db.t4g.medium MySQL": "0.14",
    "AmazonRDS RDS:GP3-Storage MySQL": "0.12",
    "AmazonRDS RDS:Multi-AZ-GP3-Storage MySQL": "0.24",
    "AmazonElastiCache NodeUsage:cache.r7g.large Valkey": "0.20",
    "AmazonS3 TimedStorage-ByteHrs": "0.02",
    "AmazonS3 Requests-Tier1": "0.000005",
    "AmazonS3 Requests-Tier2": "0.0000005",
    "AmazonCloudWatch DataProcessing-Bytes": "0.50",
    "AmazonCloudWatch CW:AlarmMonitorUsage": "0.10",
    "awskms KMS-Keys": "1",
    "AWSSecretsManager AWSSecretsManager-Secrets": "0.40",
}
PRICES = {name: Price(usd=Decimal(usd), unit="units", published=None, source="a test") for name, usd in _USD.items()}


def resource(type_: str, name: str = "it", in_tier: str = "Network", **inputs: Any) -> Resource:
    urn = f"urn:pulumi:dev::ml-platform::ml-platform:tiers:{in_tier}$ml-platform:components:Some${type_}::{name}"
    return Resource(urn=urn, type=type_, parent=f"{in_tier}-{name}", inputs=inputs)


def node_pool(name: str, limits: dict[str, str], *requirements: dict[str, Any], **spec: Any) -> Resource:
    made = {"limits": limits, "template": {"spec": {"requirements": list(requirements)}}, **spec}
    return resource("kubernetes:karpenter.sh/v1:NodePool", name, metadata={"name": name}, spec=made)


def node_class(name: str, size: str) -> Resource:
    return resource("kubernetes:eks.amazonaws.com/v1:NodeClass", name, spec={"ephemeralStorage": {"size": size}})
