import pytest

from components.cache import Cache, CacheArgs
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
LOG_KEY = "arn:aws:kms:eu-west-1:111111111111:key/logs"
TOPIC = "arn:aws:sns:eu-west-1:111111111111:dev-alarms"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def cache(
    *,
    shards: int = 1,
    replicas: int = 0,
    node_type: str = "cache.t4g.small",
    snapshots: int = 0,
    protected: bool = False,
    final_snapshot: str | None = None,
) -> Recorded:
    args = CacheArgs(
        replication_group="dev-online-store",
        description="Online features",
        version="8.1",
        node_type=node_type,
        shards=shards,
        replicas=replicas,
        eviction="noeviction",
        user_group="dev-users",
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        clients={"nodes": "sg-nodes"},
        key_arn=KEY,
        snapshot_retention_days=snapshots,
        snapshot_window="02:00-03:00",
        maintenance_window="sun:03:30-sun:04:30",
        log_groups={"slow-log": "/slow", "engine-log": "/engine"},
        log_key_arn=LOG_KEY,
        log_retention_days=30,
        alarm_topic_arn=TOPIC,
        apply_immediately=True,
        protected=protected,
        final_snapshot=final_snapshot,
    )
    return record(lambda: Cache("online-store", args))


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return cache()


@pytest.mark.parametrize(
    ("property_", "value"),
    [
        ("engine", "valkey"),
        ("clusterMode", "enabled"),
        ("parameterGroupName", "online-store"),
        ("userGroupIds", ["dev-users"]),
        ("notificationTopicArn", TOPIC),
        ("automaticFailoverEnabled", True),
        ("transitEncryptionEnabled", True),
        ("transitEncryptionMode", "required"),
        ("atRestEncryptionEnabled", True),
        ("kmsKeyId", KEY),
        ("autoMinorVersionUpgrade", True),
    ],
)
def test_it_is_an_encrypted_valkey_in_cluster_mode(recorded: Recorded, property_: str, value: object) -> None:
    assert recorded.one(GROUP).inputs[property_] == value


@pytest.mark.parametrize("shards", [1, 3])
def test_keys_are_spread_over_its_shards(shards: int) -> None:
    assert cache(shards=shards).one(GROUP).inputs["numNodeGroups"] == shards


@pytest.mark.parametrize(("node_type", "reserved"), [("cache.t4g.micro", "50"), ("cache.t4g.small", "30"), ("cache.r7g.large", "25")])
def test_its_parameters_are_its_own(node_type: str, reserved: str) -> None:
    group = cache(node_type=node_type).one("aws:elasticache/parameterGroup:ParameterGroup").inputs
    assert group["family"] == "valkey8"
    assert {each["name"]: each["value"] for each in group["parameters"]} == {
        "cluster-enabled": "yes",
        "maxmemory-policy": "noeviction",
        "reserved-memory-percent": reserved,
    }


def test_its_logs_are_delivered_to_log_groups_of_ours(recorded: Recorded) -> None:
    groups = {each.inputs["name"]: each.inputs for each in recorded.all("aws:cloudwatch/logGroup:LogGroup")}
    assert {(each["kmsKeyId"], each["retentionInDays"]) for each in groups.values()} == {(LOG_KEY, 30)}
    deliveries = recorded.one(GROUP).inputs["logDeliveryConfigurations"]
    assert {each["logType"]: each["destination"] for each in deliveries} == {"slow-log": "/slow", "engine-log": "/engine"}
    assert {(each["logFormat"], each["destinationType"]) for each in deliveries} == {("json", "cloudwatch-logs")}


@pytest.mark.parametrize(("replicas", "multi_az"), [(0, False), (1, True)])
def test_replicas_are_in_other_zones(replicas: int, multi_az: bool) -> None:
    inputs = cache(replicas=replicas).one(GROUP).inputs
    assert (inputs["replicasPerNodeGroup"], inputs["multiAzEnabled"]) == (replicas, multi_az)


@pytest.mark.parametrize(("snapshots", "window"), [(0, None), (1, "02:00-03:00")])
def test_it_names_a_time_for_snapshots_where_it_keeps_some(snapshots: int, window: str | None) -> None:
    assert cache(snapshots=snapshots).one(GROUP).inputs.get("snapshotWindow") == window


def test_it_is_in_the_subnets_it_was_given(recorded: Recorded) -> None:
    assert recorded.one("aws:elasticache/subnetGroup:SubnetGroup").inputs["subnetIds"] == ["subnet-a", "subnet-b"]


def test_only_its_clients_reach_it(recorded: Recorded) -> None:
    assert recorded.one(GROUP).inputs["securityGroupIds"] == ["online-store-id"]
    rule = recorded.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs
    assert (rule["referencedSecurityGroupId"], rule["fromPort"], rule["toPort"]) == ("sg-nodes", 6379, 6379)


@pytest.mark.parametrize("protected", [True, False])
def test_a_protected_one_is_not_deleted(protected: bool) -> None:
    assert cache(protected=protected).one(GROUP).protect is protected


@pytest.mark.parametrize("name", [None, "last"])
def test_it_leaves_the_final_snapshot_that_was_asked_for(name: str | None) -> None:
    assert cache(final_snapshot=name).one(GROUP).inputs.get("finalSnapshotIdentifier") == name
