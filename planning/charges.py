"""How AWS bills each type of resource: which price, times what in a month."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from planning.billed import Resource
from planning.prices import HOURS_PER_MONTH, name


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What no resource says of itself; the fields are those of `usage` in a stack file, where each is explained."""

    nat_gib_per_month: int
    endpoint_gib_per_month: int
    s3_gib_per_bucket: int
    s3_writes_per_bucket_per_month: int
    s3_reads_per_bucket_per_month: int
    log_gib_per_group_per_month: int
    node_instance_type: str
    node_limit_share_percent: int
    node_hours_per_month: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class Charge:
    """`quantity` units of a price in a month. None: only AWS can tell how many."""

    what: str
    price: str
    quantity: Decimal | None


@dataclass(frozen=True)
class Stack:
    """All resources of a stack together: some share what they are billed for."""

    resources: Sequence[Resource]
    usage: Usage

    @cached_property
    def interfaces(self) -> int:
        return sum(is_interface(each) for each in self.resources)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many there are of a type."""
        return Counter(each.type for each in self.resources)


Rule: TypeAlias = Callable[[Resource, Stack], Iterator[Charge]]

# Without a charge of their own: what they lead to is billed elsewhere, or nowhere. Kubernetes' own objects run on nodes.
# See https://aws.amazon.com/vpc/pricing/ and https://aws.amazon.com/eks/pricing/; budgets that only notify are at 0.00 in
# AWS's price list. What SNS is paid for is requests, which planning/cost.py names among what is not counted.
FREE = (
    "aws:budgets/budget:",
    "aws:codebuild/webhook:",
    "aws:iam/",
    "aws:vpc/securityGroup",
    "aws:ec2/defaultSecurityGroup:",
    "aws:ec2/internetGateway:",
    "aws:ec2/route",
    "aws:ec2/securityGroup",
    "aws:ec2/subnet",
    "aws:ec2/vpc:",
    "aws:ecr/lifecyclePolicy:",
    "aws:eks/accessEntry:",
    "aws:eks/accessPolicyAssociation:",
    "aws:eks/addon:",
    "aws:eks/podIdentityAssociation:",
    "aws:elasticache/parameterGroup:",
    "aws:elasticache/subnetGroup:",
    "aws:elasticache/user",
    "aws:kms/alias:",
    "aws:cloudwatch/logStream:",
    "aws:rds/eventSubscription:",
    "aws:rds/parameterGroup:",
    "aws:rds/subnetGroup:",
    "aws:s3/bucketLifecycleConfiguration:",
    "aws:s3/bucketLogging:",
    "aws:s3/bucketObjectLockConfiguration:",
    "aws:s3/bucketOwnershipControls:",
    "aws:s3/bucketPolicy:",
    "aws:s3/bucketPublicAccessBlock:",
    "aws:s3/bucketServerSideEncryptionConfiguration:",
    "aws:s3/bucketVersioning:",
    "aws:secretsmanager/secretVersion:",
    "aws:sns/topic",
    "kubernetes:",
)


def is_interface(endpoint: Resource) -> bool:
    """Gateway endpoints are free: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html."""
    return endpoint.type == "aws:ec2/vpcEndpoint:VpcEndpoint" and endpoint.inputs.get("vpcEndpointType") == "Interface"


def times(quantity: Decimal | None, factor: Decimal | int | None) -> Decimal | None:
    return None if quantity is None or factor is None else quantity * factor


def nat_gateway(gateway: Resource, stack: Stack) -> Iterator[Charge]:
    share = Decimal(stack.usage.nat_gib_per_month) / stack.counts[gateway.type]
    yield Charge("NAT gateway", name("AmazonEC2", "NatGateway-Hours"), HOURS_PER_MONTH)
    yield Charge("data through it", name("AmazonEC2", "NatGateway-Bytes"), share)


def address(_eip: Resource, _stack: Stack) -> Iterator[Charge]:
    yield Charge("public IPv4 address", name("AmazonVPC", "PublicIPv4:InUseAddress"), HOURS_PER_MONTH)


def endpoint(made: Resource, stack: Stack) -> Iterator[Charge]:
    """An interface is billed in each zone: https://aws.amazon.com/privatelink/pricing/."""
    if is_interface(made):
        hours = times(made.count("subnetIds"), HOURS_PER_MONTH)
        yield Charge("interface endpoint, each zone", name("AmazonVPC", "VpcEndpoint-Hours"), hours)
        share = Decimal(stack.usage.endpoint_gib_per_month) / stack.interfaces
        yield Charge("data through it", name("AmazonVPC", "VpcEndpoint-Bytes"), share)


def cluster(_cluster: Resource, _stack: Stack) -> Iterator[Charge]:
    yield Charge("EKS control plane", name("AmazonEKS", "AmazonEKS-Hours:perCluster"), HOURS_PER_MONTH)


def database(instance: Resource, _stack: Stack) -> Iterator[Charge]:
    """One price covers both instances, and both copies of the storage, of a Multi-AZ database."""
    usage, storage = (
        ("Multi-AZUsage", "RDS:Multi-AZ-GP3-Storage") if instance.inputs.get("multiAz") else ("InstanceUsage", "RDS:GP3-Storage")
    )
    engine = {"mysql": "MySQL"}.get(str(instance.inputs.get("engine")), str(instance.inputs.get("engine")))
    yield Charge("RDS instance", name("AmazonRDS", f"{usage}:{instance.inputs.get('instanceClass')}", engine), HOURS_PER_MONTH)
    yield Charge("its storage", name("AmazonRDS", storage, engine), instance.number("allocatedStorage"))


def cache(group: Resource, _stack: Stack) -> Iterator[Charge]:
    shards, replicas = group.number("numNodeGroups"), group.number("replicasPerNodeGroup")
    hours = times(times(shards, None if replicas is None else 1 + replicas), HOURS_PER_MONTH)
    engine = str(group.inputs.get("engine")).capitalize()
    yield Charge("ElastiCache nodes", name("AmazonElastiCache", f"NodeUsage:{group.inputs.get('nodeType')}", engine), hours)


def key(_key: Resource, _stack: Stack) -> Iterator[Charge]:
    yield Charge("KMS key", name("awskms", "KMS-Keys"), Decimal(1))


def secret(_secret: Resource, _stack: Stack) -> Iterator[Charge]:
    yield Charge("secret", name("AWSSecretsManager", "AWSSecretsManager-Secrets"), Decimal(1))


def bucket(_bucket: Resource, stack: Stack) -> Iterator[Charge]:
    usage = stack.usage
    yield Charge("objects in S3 Standard", name("AmazonS3", "TimedStorage-ByteHrs"), Decimal(usage.s3_gib_per_bucket))
    yield Charge("writes", name("AmazonS3", "Requests-Tier1"), Decimal(usage.s3_writes_per_bucket_per_month))
    yield Charge("reads", name("AmazonS3", "Requests-Tier2"), Decimal(usage.s3_reads_per_bucket_per_month))


def log_group(_group: Resource, stack: Stack) -> Iterator[Charge]:
    taken_in = Decimal(stack.usage.log_gib_per_group_per_month)
    yield Charge("logs taken in", name("AmazonCloudWatch", "DataProcessing-Bytes"), taken_in)


def alarm(made: Resource, _stack: Stack) -> Iterator[Charge]:
    """Each metric of an alarm is billed."""
    metrics = made.count("metricQueries") if "metricQueries" in made.inputs else Decimal(1)
    yield Charge("alarm, each metric", name("AmazonCloudWatch", "CW:AlarmMonitorUsage"), metrics)


def parameter(made: Resource, _stack: Stack) -> Iterator[Charge]:
    """Standard ones, the default, are free."""
    tier = str(made.inputs.get("tier", "Standard"))
    if tier != "Standard":
        yield Charge(f"parameter, {tier}", name("AWSSystemsManager", f"parameter:{tier}"), Decimal(1))


RULES: Mapping[str, Rule] = {
    "aws:cloudwatch/logGroup:LogGroup": log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
    "aws:ec2/eip:Eip": address,
    "aws:ec2/natGateway:NatGateway": nat_gateway,
    "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
    "aws:eks/cluster:Cluster": cluster,
    "aws:elasticache/replicationGroup:ReplicationGroup": cache,
    "aws:kms/key:Key": key,
    "aws:rds/instance:Instance": database,
    "aws:s3/bucket:Bucket": bucket,
    "aws:secretsmanager/secret:Secret": secret,
    "aws:ssm/parameter:Parameter": parameter,
}
