"""The whole program, assembled from production's stack file: what sets it apart from development."""

from typing import Any

import pytest

from tests.unit.conftest import platform, stack_file
from tests.unit.registrations import Recorded, record
from tiers.assembly import assemble

CLUSTER, DATABASE, CACHE = "aws:eks/cluster:Cluster", "aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"
BUCKET, KEY = "aws:s3/bucket:Bucket", "aws:kms/key:Key"
REPOSITORY = "aws:ecr/repository:Repository"
CLUSTERS = ("serving", "training")
STATEFUL = {CLUSTER, DATABASE, CACHE, BUCKET, KEY}


@pytest.fixture(scope="module")
def retiring() -> Recorded:
    """Production in the one update that scripts/retire.py makes before it destroys."""
    settings = platform("prod", {**stack_file("prod"), "retiring": "20261123-130501"})
    return record(lambda: assemble(settings), stack="prod")


def client_groups(recorded: Recorded, service: str) -> set[Any]:
    rules = [each for each in recorded.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") if each.name.startswith(service)]
    return {rule.inputs["referencedSecurityGroupId"] for rule in rules}


def test_everything_that_holds_data_is_protected_and_nothing_else(prod: Recorded) -> None:
    assert {each.type for each in prod.registrations if each.protect} == STATEFUL
    assert [each.name for each in prod.registrations if each.type in STATEFUL and not each.protect] == []


def test_aws_protects_what_it_can(prod: Recorded) -> None:
    assert prod.one(DATABASE).inputs["deletionProtection"] is True
    assert {each.inputs["deletionProtection"] for each in prod.all(CLUSTER)} == {True}
    assert {each.inputs["forceDestroy"] for each in prod.all(BUCKET)} == {False}
    assert {each.inputs["deletionWindowInDays"] for each in prod.all(KEY)} == {30}
    assert {each.inputs["forceDelete"] for each in prod.all(REPOSITORY)} == {False}


def test_final_snapshots_have_names_before_they_are_needed(prod: Recorded) -> None:
    assert prod.one(DATABASE).inputs["skipFinalSnapshot"] is False
    assert prod.one(DATABASE).inputs["finalSnapshotIdentifier"] == "prod-registry-final"
    assert prod.one(CACHE).inputs["finalSnapshotIdentifier"] == "prod-online-store-final"


def test_development_and_staging_are_not_protected(dev: Recorded, staging: Recorded) -> None:
    assert [each.name for each in (*dev.registrations, *staging.registrations) if each.protect] == []


def test_the_key_of_locked_decisions_outlives_the_environment_and_no_other(prod: Recorded, dev: Recorded) -> None:
    assert [each.name for each in prod.all(KEY) if each.retained] == ["features"]
    assert [each.name for each in dev.all(KEY) if each.retained] == []


def test_a_retirement_takes_every_protection_off(retiring: Recorded) -> None:
    assert [each.name for each in retiring.registrations if each.protect] == []
    assert retiring.one(DATABASE).inputs["deletionProtection"] is False
    assert {each.inputs["deletionProtection"] for each in retiring.all(CLUSTER)} == {False}
    # Locked decisions outlive it: components/bucket.py.
    assert [each.name for each in retiring.all(BUCKET) if not each.inputs["forceDestroy"]] == ["decision-log"]
    assert {each.inputs["forceDelete"] for each in retiring.all(REPOSITORY)} == {True}


def test_a_retirement_leaves_final_snapshots_under_names_of_its_own(retiring: Recorded) -> None:
    assert retiring.one(DATABASE).inputs["skipFinalSnapshot"] is False
    assert retiring.one(DATABASE).inputs["finalSnapshotIdentifier"] == "prod-registry-final-20261123-130501"
    assert retiring.one(CACHE).inputs["finalSnapshotIdentifier"] == "prod-online-store-final-20261123-130501"


def test_a_retirement_changes_nothing_but_protections(prod: Recorded, retiring: Recorded) -> None:
    taken_off = {"deletionProtection", "forceDelete", "forceDestroy", "finalSnapshotIdentifier"}
    before, after = ({each.urn: each for each in recorded.registrations} for recorded in (prod, retiring))
    assert before.keys() == after.keys()
    for urn, each in before.items():
        differing = {name for name in each.inputs if each.inputs[name] != after[urn].inputs.get(name)}
        assert differing <= taken_off, urn


def test_each_zone_has_subnets_and_a_way_out_of_its_own(prod: Recorded) -> None:
    subnets = prod.all("aws:ec2/subnet:Subnet")
    assert len({subnet.inputs["availabilityZone"] for subnet in subnets}) == 3
    assert len(subnets) == 9
    assert len(prod.all("aws:ec2/natGateway:NatGateway")) == 3


def test_databases_survive_a_zone(prod: Recorded) -> None:
    assert prod.one(DATABASE).inputs["multiAz"] is True
    assert prod.one(CACHE).inputs["multiAzEnabled"] is True
    assert prod.one(CACHE).inputs["replicasPerNodeGroup"] == 2


def test_clusters_move_away_from_a_failing_zone(prod: Recorded) -> None:
    assert [each.inputs["zonalShiftConfig"] for each in prod.all(CLUSTER)] == [{"enabled": True}] * 2


FEATURE_STORE = ("event-writer", "feature-reader", "materializer", "registry-admin")


def test_serving_and_training_have_clusters_of_their_own(prod: Recorded) -> None:
    hosts = {each.name: each.inputs["clusterName"] for each in prod.all("aws:eks/podIdentityAssociation:PodIdentityAssociation")}
    assert hosts == {
        **dict.fromkeys((f"feature-store-{who}" for who in FEATURE_STORE), "prod-serving"),
        "serving-model-server": "prod-serving",
        "training-trainer": "prod-training",
    }


@pytest.mark.parametrize(("tier", "cluster"), [("feature-store", "serving"), ("serving", "serving"), ("training", "training")])
def test_what_a_tier_has_in_kubernetes_is_in_its_own_cluster(prod: Recorded, tier: str, cluster: str) -> None:
    objects = [each for each in prod.registrations if each.type.startswith("kubernetes:") and each.name.startswith(tier)]
    assert len(objects) >= 6
    assert {each.provider for each in objects} == {prod.one("pulumi:providers:kubernetes", cluster).urn}


def test_nothing_of_one_cluster_refers_to_the_other(prod: Recorded) -> None:
    own = {name: {each.urn for each in prod.registrations if each.name in (name, f"{name}-admin", f"{name}-nodes")} for name in CLUSTERS}
    for name, other in (CLUSTERS, CLUSTERS[::-1]):
        of_it = [each for each in prod.registrations if each.name.startswith(f"{name}-") and "clusters" in each.parent.lower()]
        assert len(of_it) > 20
        for each in of_it:
            assert not each.dependencies & own[other], each.name
            assert each.provider not in own[other], each.name
            assert f"prod-{other}" not in str(each.inputs), each.name


def test_both_clusters_reach_the_registry_and_only_the_one_that_serves_reaches_features(prod: Recorded) -> None:
    assert client_groups(prod, "registry") == {"sg-cluster-serving", "sg-cluster-training"}
    assert client_groups(prod, "online-store") == {"sg-cluster-serving"}
