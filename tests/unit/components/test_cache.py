import pytest

from components.cache import Cache, CacheArgs
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def cache(*, replicas: int = 0, snapshots: int = 0, protected: bool = False, final_snapshot: str | None = None) -> Recorded:
    args = CacheArgs(
        replication_group="dev-online-store",
        description="Online features",
        version="8.1",
        node_type="cache.t4g.small",
        replicas=replicas,
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        clients={"nodes": "sg-nodes"},
        key_arn=KEY,
        snapshot_retention_days=snapshots,
        snapshot_window="02:00-03:00",
        maintenance_window="sun:03:30-sun:04:30",
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
        ("parameterGroupName", "default.valkey8.cluster.on"),
        ("numNodeGroups", 1),
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
