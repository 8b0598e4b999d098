"""The development environment, whole, under the real engine: what is really there, and what is left after a destroy."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

import contract
from localcloud.aws.share import COMMITTED, share
from localcloud.instance import Instance
from localcloud.kubernetes import control_plane
from localcloud.kubernetes.control_plane import ClusterKey
from localcloud.leftovers import leftovers
from tests.local.callers import Caller, assumed
from tests.local.conftest import REGION, Stack, platform

TIERS = ("feature-store", "serving", "training")


@pytest.fixture(scope="module")
def dev(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """A development environment that the tests only look at; a test that changes one has a stack of its own."""
    stack = platform(cloud, tmp_path_factory.mktemp("dev"), "dev", "dev")
    stack.up()
    yield stack
    stack.destroy()


@pytest.fixture(scope="module")
def published(dev: Stack) -> dict[str, Any]:
    return json.loads(dev.pulumi("stack", "output", "--json"))


def test_second_up_changes_nothing(dev: Stack) -> None:
    assert "unchanged" in dev.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")


def test_refresh_finds_everything_as_it_was_made_but_a_group_that_users_have_joined(dev: Stack) -> None:
    joined = dev.pulumi("refresh", "--yes", "--skip-preview")
    assert ("aws:elasticache:UserGroup online-store updated" in joined, "~ 1 updated" in joined) == (True, True), joined
    assert "unchanged" in dev.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")


def test_previews_say_what_is_replaced_and_what_is_updated(dev: Stack, tmp_path: Path) -> None:
    other = dev.with_settings(tmp_path, network={"cidr": "10.99.0.0/16"}, feature_store={"registry": {"storage_gib": 50}})
    preview = other.pulumi("preview", "--diff")
    assert all(planned in preview for planned in ("aws:ec2/vpc:Vpc: (replace)", "aws:rds/instance:Instance: (update)"))
    assert "aws:eks/cluster:Cluster: (update)" in dev.with_settings(tmp_path, owner="another-team").pulumi("preview", "--diff")


def test_share_of_verified_properties_only_rises(dev: Stack) -> None:
    found = share(dev.resources())
    known = {(type, path) for type, path in map(str.split, COMMITTED.read_text().splitlines()[1:])}
    assert found.unverified <= known, f"not verified, and not known: {sorted(found.unverified - known)}; see docs/decisions/0013"
    assert found.committed() == COMMITTED.read_text(), f"{found}: write what share.committed() says into {COMMITTED.name}"


def test_wrong_settings_are_refused_before_anything_is_registered(dev: Stack, tmp_path: Path) -> None:
    refused = dev.with_settings(tmp_path, network={"zones": 9}).pulumi("preview", succeeds=False)
    assert "network.zones: got 9" in refused
    assert "aws:" not in refused


def test_database_is_private_encrypted_and_takes_only_tls(dev: Stack) -> None:
    rds = dev.aws("rds")
    database = rds.describe_db_instances()["DBInstances"][0]
    assert (database["Engine"], database["PubliclyAccessible"], database["StorageEncrypted"]) == ("mysql", False, True)
    group = database["DBParameterGroups"][0]["DBParameterGroupName"]
    parameters = rds.describe_db_parameters(DBParameterGroupName=group, Source="user")["Parameters"]
    assert {each["ParameterName"]: each.get("ParameterValue") for each in parameters}["require_secure_transport"] == "1"


def test_online_store_is_encrypted_in_transit_and_at_rest(dev: Stack) -> None:
    group = dev.aws("elasticache").describe_replication_groups()["ReplicationGroups"][0]
    assert (group["Engine"], group["TransitEncryptionMode"], group["AtRestEncryptionEnabled"]) == ("valkey", "required", True)


def test_every_bucket_is_versioned_encrypted_and_closed(dev: Stack) -> None:
    s3 = dev.aws("s3")
    buckets = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert len(buckets) == 8
    for bucket in buckets:
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
        assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}


def test_contract_is_in_ssm_as_in_the_outputs(dev: Stack, published: dict[str, Any]) -> None:
    ssm = dev.aws("ssm")
    for section, model in contract.SECTIONS.items():
        value = ssm.get_parameter(Name=contract.parameter_name("dev", section))["Parameter"]["Value"]
        assert model.model_validate_json(value).model_dump(mode="json") == published[section]


def test_each_tier_has_namespace_quota_default_deny_and_node_pool(dev: Stack) -> None:
    for tier in TIERS:
        quota = json.loads(dev.kubectl("get", "resourcequota", "--namespace", tier, "--output", "json"))["items"][0]
        # The controller fills the status in: it is the real one that counts.
        assert quota["status"]["hard"] == quota["spec"]["hard"]
        policies = json.loads(dev.kubectl("get", "networkpolicy", "--namespace", tier, "--output", "json"))["items"]
        assert any(policy["spec"]["podSelector"] == {} and "Ingress" in policy["spec"]["policyTypes"] for policy in policies)
    pools = json.loads(dev.kubectl("get", "nodepools", "--output", "json"))["items"]
    assert {pool["metadata"]["name"] for pool in pools} == {"platform", "feature-store", "serving", "training-cpu"}


def test_workloads_are_refused_while_there_are_no_nodes(dev: Stack) -> None:
    refused = dev.kubectl("create", "deployment", "web", "--image=web", "--namespace", "serving", succeeds=False)
    assert "no nodes" in refused


def test_principal_without_access_entry_gets_401(dev: Stack, published: dict[str, Any], tmp_path: Path) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{dev.account}:root"}, "Action": "sts:AssumeRole"}]}
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam = dev.aws("iam")
    outsider = iam.create_role(RoleName="outsider", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **trust}))["Role"]["Arn"]
    iam.put_role_policy(RoleName="outsider", PolicyName="all", PolicyDocument=json.dumps(everything))
    try:
        cluster = published["clusters"]["clusters"]["main"]
        assert "namespace/serving" in _namespaces(dev, cluster, tmp_path, assumed(dev, cluster["admin_role_arn"]))
        assert "Unauthorized" in _namespaces(dev, cluster, tmp_path, assumed(dev, outsider))
        # Not even the account's root, for which no entry was made.
        assert "Unauthorized" in _namespaces(dev, cluster, tmp_path, {})
    finally:
        iam.delete_role_policy(RoleName="outsider", PolicyName="all")
        iam.delete_role(RoleName="outsider")


def test_destroy_leaves_nothing_but_what_is_published_and_a_planted_leftover_is_found(cloud: Instance, tmp_path: Path) -> None:
    stack = platform(cloud, tmp_path, "dev", "gone")
    stack.up()
    cluster = ClusterKey(stack.account, REGION, "gone-main")

    inside = [each["urn"] for each in stack.resources() if each["type"].startswith("kubernetes:")]
    stack.pulumi("destroy", "--yes", "--skip-preview", "--target-dependents", *(word for urn in inside for word in ("--target", urn)))
    planted = ("configmap", "forgotten", "--namespace", "default", "--kubeconfig", str(control_plane.admin_kubeconfig(cloud, cluster)))
    stack.kubectl("create", *planted)
    with pytest.raises(AssertionError, match="forgotten"):
        _assert_cluster_is_empty(cloud, stack, cluster)
    stack.kubectl("delete", *planted)
    _assert_cluster_is_empty(cloud, stack, cluster)

    stack.destroy()
    assert control_plane.endpoint(cloud, cluster) is None
    stack.aws("s3").create_bucket(Bucket="forgotten", CreateBucketConfiguration={"LocationConstraint": REGION})
    with pytest.raises(AssertionError, match="forgotten"):
        _assert_account_is_empty(stack)
    stack.aws("s3").delete_bucket(Bucket="forgotten")
    _assert_account_is_empty(stack)


def _namespaces(stack: Stack, cluster: dict[str, Any], directory: Path, credentials: dict[str, str]) -> str:
    """What the API server says to whoever has these credentials and asks for the namespaces."""
    return Caller.of(stack, cluster, directory, credentials).kubectl("get", "namespaces", "--output", "name")


def _assert_cluster_is_empty(cloud: Instance, stack: Stack, cluster: ClusterKey) -> None:
    """The API server holds what one holds that was just started."""
    untouched = ClusterKey(stack.account, REGION, "untouched")
    network = stack.resource("aws:eks/cluster:Cluster")["outputs"]["kubernetesNetworkConfig"]
    control_plane.start(cloud, untouched, "1.36", service_cidr=network["serviceIpv4Cidr"])
    try:
        expected = _objects(cloud, stack, untouched)
    finally:
        control_plane.delete(cloud, untouched)
    assert _objects(cloud, stack, cluster) == expected


def _objects(cloud: Instance, stack: Stack, key: ClusterKey) -> list[str]:
    """Every object of every kind. Events and leases come and go by themselves."""
    kubeconfig = ["--kubeconfig", str(control_plane.admin_kubeconfig(cloud, key))]
    kinds = stack.kubectl(*kubeconfig, "api-resources", "--verbs=list", "--output", "name").split()
    kinds = [kind for kind in kinds if kind not in {"events", "events.events.k8s.io", "leases.coordination.k8s.io"}]
    columns = "custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name"
    return sorted(stack.kubectl(*kubeconfig, "get", ",".join(kinds), "--all-namespaces", "--no-headers", "--output", columns).splitlines())


def _assert_account_is_empty(stack: Stack) -> None:
    unexplained = [f"{each.service}: {each.name}" for each in leftovers(stack.everything()) if not each.reason]
    assert unexplained == []
