"""What a stack costs: each bill is worked out by hand, at the prices of tests/unit/planning/bills.py and 730 hours."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from planning import cost
from planning.billed import Resource
from planning.charges import Usage
from tests.unit.planning.bills import PRICES, USAGE, node_class, node_pool, resource

NAT = resource("aws:ec2/natGateway:NatGateway")
INTERFACE: dict[str, Any] = {"vpcEndpointType": "Interface", "subnetIds": ["a", "b", "c"]}
REGISTRY: dict[str, Any] = {"engine": "mysql", "instanceClass": "db.t4g.medium", "allocatedStorage": 20}
ONLINE_STORE: dict[str, Any] = {"engine": "valkey", "nodeType": "cache.r7g.large", "numNodeGroups": 2, "replicasPerNodeGroup": 2}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

# Two static nodes; a quarter of 16 vCPUs, which is one node of 4; half of a pool's hours said; GPUs for 10 hours.
STATIC = node_pool("serving-a", {"nodes": "3"}, replicas=2)
GROWING = node_pool("serving", {"cpu": "16", "memory": "64Gi"})
GPUS = node_pool("gpu", {"nvidia.com/gpu": "16"}, {"key": "node.kubernetes.io/instance-type", "values": ["g5.12xlarge", "g6.12xlarge"]})

BILLS: dict[str, tuple[list[Resource], str]] = {
    "a NAT gateway: 730 x 0.05 + 100 x 0.04": ([NAT], "40.5"),
    "two share the data: 2 x 36.5 + 100 x 0.04": ([NAT, resource(NAT.type, "other")], "77"),
    "an address: 730 x 0.005": ([resource("aws:ec2/eip:Eip")], "3.65"),
    "an interface in three zones: 3 x 730 x 0.01 + 60 x 0.02": ([resource("aws:ec2/vpcEndpoint:VpcEndpoint", **INTERFACE)], "23.1"),
    "a gateway endpoint: free": ([resource("aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpointType="Gateway")], "0"),
    "a cluster: 730 x 0.10": ([resource("aws:eks/cluster:Cluster")], "73"),
    "a database: 730 x 0.07 + 20 x 0.12": ([resource("aws:rds/instance:Instance", **REGISTRY)], "53.5"),
    "with a standby: 730 x 0.14 + 20 x 0.24": ([resource("aws:rds/instance:Instance", **REGISTRY, multiAz=True)], "107"),
    "2 shards of 3 nodes: 6 x 730 x 0.20": ([resource("aws:elasticache/replicationGroup:ReplicationGroup", **ONLINE_STORE)], "876"),
    "a key": ([resource("aws:kms/key:Key")], "1"),
    "a secret": ([resource("aws:secretsmanager/secret:Secret")], "0.4"),
    "a bucket: 50 x 0.02 + 1000 x 0.000005 + 2000 x 0.0000005": ([resource("aws:s3/bucket:Bucket")], "1.006"),
    "a log group: 3 x 0.50": ([resource("aws:cloudwatch/logGroup:LogGroup")], "1.5"),
    "an alarm on a metric": ([resource("aws:cloudwatch/metricAlarm:MetricAlarm", metricName="CPU")], "0.1"),
    "an alarm on two metrics": ([resource("aws:cloudwatch/metricAlarm:MetricAlarm", metricQueries=[{}, {}])], "0.2"),
    "a standard parameter: free": ([resource("aws:ssm/parameter:Parameter")], "0"),
    "a role: free": ([resource("aws:iam/role:Role")], "0"),
    "a quarter of 16 vCPUs: 730 x (0.20 + 0.02) + 80 x 0.08": ([GROWING, node_class("serving", "80Gi")], "167"),
    "two static nodes: 1460 x (0.20 + 0.02) + 2 x 80 x 0.08": ([STATIC, node_class("serving-a", "80Gi")], "334"),
    "GPUs, of which nothing is said": ([GPUS, node_class("gpu", "500Gi")], "0"),
}


@pytest.mark.parametrize(("resources", "usd"), BILLS.values(), ids=BILLS.keys())
def test_a_bill_is_what_it_is_by_hand(resources: list[Resource], usd: str) -> None:
    bill = cost.of(resources, PRICES, USAGE)
    assert not bill.unpriced
    assert bill.usd_per_month == Decimal(usd)


USAGES: dict[str, tuple[Resource, Usage, str]] = {
    "hours of a pool that are said: 100 x (0.20 + 0.02)": (GROWING, replace(USAGE, node_hours_per_month={"serving": 100}), "22"),
    "hours of GPUs that are said: 10 x (5 + 0.50)": (GPUS, replace(USAGE, node_hours_per_month={"gpu": 10}), "55"),
    "no hours, said": (STATIC, replace(USAGE, node_hours_per_month={"serving-a": 0}), "0"),
    "half of 16 vCPUs: 2 nodes": (GROWING, replace(USAGE, node_limit_share_percent=50), "321.2"),
    "nodes of 2 vCPUs: 2 at half the price": (GROWING, replace(USAGE, node_instance_type="m6i.large"), "160.6"),
}


@pytest.mark.parametrize(("pool", "usage", "usd"), USAGES.values(), ids=USAGES.keys())
def test_nodes_cost_what_the_usage_says(pool: Resource, usage: Usage, usd: str) -> None:
    lines = [line for line in cost.of([pool], PRICES, usage).lines if line.what != "their data volumes"]
    assert sum(line.usd_per_month for line in lines) == Decimal(usd)


MISSING = {
    "a type without a rule": (resource("aws:kinesis/stream:Stream"), "nothing here knows how AWS bills it"),
    "an engine without a price": (
        resource("aws:rds/instance:Instance", **{**REGISTRY, "engine": "postgres"}),
        "no price of `AmazonRDS InstanceUsage:db.t4g.medium postgres`",
    ),
    "a class without a price": (
        resource("aws:rds/instance:Instance", **{**REGISTRY, "instanceClass": "db.m7g.large"}),
        "no price of `AmazonRDS InstanceUsage:db.m7g.large MySQL`",
    ),
    "a number that only AWS can tell": (
        resource("aws:rds/instance:Instance", **{**REGISTRY, "allocatedStorage": UNKNOWN}),
        "how many is not known before it is made",
    ),
    "subnets that only AWS can tell": (
        resource("aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpointType="Interface", subnetIds=UNKNOWN),
        "how many is not known before it is made",
    ),
    "an advanced parameter": (
        resource("aws:ssm/parameter:Parameter", tier="Advanced"),
        "no price of `AWSSystemsManager parameter:Advanced`",
    ),
    "a pool without a limit of vCPUs": (node_pool("odd", {}), "how many is not known before it is made"),
}


@pytest.mark.parametrize(("made", "reason"), MISSING.values(), ids=MISSING.keys())
def test_what_has_no_price_is_listed(made: Resource, reason: str) -> None:
    assert reason in {each.reason for each in cost.of([made], PRICES, USAGE).unpriced}


def test_a_charge_is_either_in_the_total_or_listed() -> None:
    prices = {name: price for name, price in PRICES.items() if name != "AmazonEC2 NatGateway-Hours"}
    bill = cost.of([NAT], prices, USAGE)
    assert [line.what for line in bill.lines] == ["data through it"]
    assert [each.what for each in bill.unpriced] == ["NAT gateway"]
    assert bill.usd_per_month == Decimal(4)


def test_a_tier_is_the_component_that_a_resource_is_under() -> None:
    keys = [resource("aws:kms/key:Key", str(number), tier) for number, tier in enumerate(["Foundation", "Foundation", "Serving"])]
    assert cost.of(keys, PRICES, USAGE).tiers == {"Foundation": Decimal(2), "Serving": Decimal(1)}


def test_a_tier_without_any_price_is_named() -> None:
    assert cost.of([resource("aws:kms/key:Key", in_tier="Serving")], {}, USAGE).tiers == {"Serving": Decimal(0)}


def test_what_is_under_no_tier_is_said_to_be() -> None:
    alone = Resource(urn="urn:pulumi:dev::ml-platform::aws:kms/key:Key::it", type="aws:kms/key:Key", parent="", inputs={})
    assert cost.of([alone], PRICES, USAGE).tiers == {"(no tier)": Decimal(1)}


def test_an_hour_is_a_730th_of_a_month() -> None:
    assert cost.of([resource("aws:eks/cluster:Cluster")], PRICES, USAGE).usd_per_hour == Decimal("0.1")
