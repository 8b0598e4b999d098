"""Production, whole, under the real engine: its stack file as it is, what refuses to destroy it, and how it is retired."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from localcloud import emulator
from localcloud.instance import CHECKOUT, Instance
from localcloud.leftovers import Dump, Leftover, leftovers
from tests.local.conftest import STATE_AT_THE_END, Stack, platform

DEV_ACCOUNT = "111111111111"

# What the layers below the tiers are made of, by what each is for: its type, and its names in the state.
LAYERS = {
    "a key for each domain of data": ("aws:kms/key:Key", "clusters features logs models"),
    "buckets for audit and for delivered logs": ("aws:s3/bucket:Bucket", "audit logs"),
    "images": ("aws:ecr/repository:Repository", "feature-server model-server trainer"),
    "images that go": ("aws:ecr/lifecyclePolicy:LifecyclePolicy", "feature-server model-server trainer"),
    "the permissions boundary": ("aws:iam/policy:Policy", "boundary"),
    "who is told of alarms": ("aws:sns/topic:Topic", "alarms"),
    "a subscription from the stack file": ("aws:sns/topicSubscription:TopicSubscription", "alarms-ml-platform-on-call@example.com"),
    "a monthly budget": ("aws:budgets/budget:Budget", "monthly"),
    "roles of CI": ("aws:iam/role:Role", "ci-preview ci-deploy"),
    "a runner in the VPC": ("aws:codebuild/project:Project", "runner"),
    "that reaches private endpoints": ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "serving-runner training-runner"),
    "the contract": ("aws:ssm/parameter:Parameter", "foundation network clusters feature_store serving training"),
    "subnets of three kinds": ("aws:ec2/subnet:Subnet", "main-public-eu-west-1a main-private-eu-west-1b main-data-eu-west-1c"),
    "addresses for prefixes": ("aws:ec2/subnetCidrReservation:SubnetCidrReservation", "main-eu-west-1a-20 main-eu-west-1c-23"),
    "NAT in each zone": ("aws:ec2/natGateway:NatGateway", "main-eu-west-1a main-eu-west-1b main-eu-west-1c"),
    "endpoints of both kinds": ("aws:ec2/vpcEndpoint:VpcEndpoint", "main-s3 main-dynamodb main-sts main-ecr.api"),
    "flow logs": ("aws:ec2/flowLog:FlowLog", "main"),
    "an empty default group": ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "main"),
    "clusters by name": ("aws:eks/cluster:Cluster", "serving training"),
    "kinds of nodes": ("kubernetes:eks.amazonaws.com/v1:NodeClass", "serving-platform-class serving-class training-cpu-class gpu-class"),
    "node pools": ("kubernetes:karpenter.sh/v1:NodePool", "serving-platform training-platform serving training-cpu gpu"),
    "nodes that are always there, in each zone": (
        "kubernetes:karpenter.sh/v1:NodePool",
        "serving-eu-west-1a serving-eu-west-1b serving-eu-west-1c",
    ),
    "named roles that get in": (
        "aws:eks/accessEntry:AccessEntry",
        "serving-admin training-deployer serving-viewer serving-team-credit-risk training-team-credit-risk",
    ),
    "logs of control planes": ("aws:cloudwatch/logGroup:LogGroup", "serving training"),
    "add-ons": ("aws:eks/addon:Addon", "serving-metrics-server training-amazon-cloudwatch-observability"),
    "encrypted volumes": ("kubernetes:storage.k8s.io/v1:StorageClass", "serving training"),
    "tagged load balancers": ("kubernetes:eks.amazonaws.com/v1:IngressClassParams", "serving-params training-params"),
    "namespaces": ("kubernetes:core/v1:Namespace", "feature-store serving training"),
    "what groups may do": ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "serving-deployer serving-viewer training-deployer"),
    "priorities": ("kubernetes:scheduling.k8s.io/v1:PriorityClass", "serving-ml-platform-real-time training-ml-platform-batch"),
    "enforced network policies": ("kubernetes:core/v1:ConfigMap", "serving-network-policy training-network-policy"),
    "default deny and DNS": ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "serving-default-deny training-allow-dns"),
    "fences that deployers cannot take down": (
        "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
        "serving-fence training-fence",
    ),
}
RETIRE = CHECKOUT / "scripts" / "retire.py"


@dataclass(frozen=True)
class Life:
    """What was seen of one production environment, from `up` to its retirement. The tests only read it."""

    database: dict[str, Any]
    cache: dict[str, Any]
    nat_zones: set[str]
    clusters: set[str]
    protected: set[str]
    there: set[tuple[str, str]]
    """Type and name of all that the state has."""
    second_up: str
    """What plain pulumi said to an `up` without a change."""
    destroyed: str
    """What it said to a plain `destroy`."""
    before: Dump
    """All that the account held before anybody tried to take it away."""
    after_destroy: Dump
    undestroyed: bool
    """Whether the state names after that what it named before."""
    refreshed_elsewhere: str
    """What it said to a `refresh` with another account's credentials."""
    unforgotten: bool
    """Whether the state names after that what it named before: nothing of it is in that account."""
    refusals: dict[str, subprocess.CompletedProcess[str]]
    """Of retirements that were not to happen, by what was wrong with them."""
    after_refusals: Dump
    retired: subprocess.CompletedProcess[str]
    stack_file_changed: bool
    """Whether retiring it changed its stack file."""
    left_in_state: int
    left: list[Leftover]
    """In the account, at the end."""


@pytest.fixture(scope="module")
def life(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Life:
    stack = platform(cloud, tmp_path_factory.mktemp("prod"), "prod", "prod")
    stack.up()
    ec2 = stack.aws("ec2")
    stack.aws("s3").put_object(Bucket=f"ml-platform-prod-models-{stack.account}", Key="release/model", Body=b"weights")
    zones = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in ec2.describe_subnets()["Subnets"]}
    seen: dict[str, Any] = {
        "database": stack.aws("rds").describe_db_instances()["DBInstances"][0],
        "cache": stack.aws("elasticache").describe_replication_groups()["ReplicationGroups"][0],
        "nat_zones": {zones[nat["SubnetId"]] for nat in ec2.describe_nat_gateways()["NatGateways"]},
        "clusters": set(stack.aws("eks").list_clusters()["clusters"]),
        "protected": {each["type"] for each in stack.resources() if each.get("protect")},
        "there": {(each["type"], each["urn"].rpartition("::")[2]) for each in stack.resources()},
        "second_up": stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes"),
    }
    before, in_state = stack.everything(), urns(stack)
    destroyed = stack.pulumi("destroy", "--yes", succeeds=False)
    after_destroy, undestroyed = stack.everything(), urns(stack) == in_state
    refreshed_elsewhere = as_account(stack, DEV_ACCOUNT).pulumi("refresh", "--yes", "--skip-preview", succeeds=False)
    unforgotten = urns(stack) == in_state
    refusals = {
        "unconfirmed": retire(stack, stack.name),
        "another name": retire(stack, stack.name, "--confirm", "staging"),
        "another account": retire(as_account(stack, DEV_ACCOUNT), stack.name, "--confirm", stack.name),
    }
    after_refusals, stack_file = stack.everything(), stack.project / "Pulumi.prod.yaml"
    written = stack_file.read_bytes()
    retired = retire(stack, stack.name, "--confirm", stack.name)
    return Life(
        **seen,
        before=before,
        destroyed=destroyed,
        after_destroy=after_destroy,
        undestroyed=undestroyed,
        refreshed_elsewhere=refreshed_elsewhere,
        unforgotten=unforgotten,
        refusals=refusals,
        after_refusals=after_refusals,
        retired=retired,
        stack_file_changed=stack_file.read_bytes() != written,
        left_in_state=len(stack.resources()),
        left=leftovers(stack.everything()),
    )


def retire(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RETIRE), *arguments]
    return subprocess.run(
        command, cwd=stack.project, env={**stack.variables, **STATE_AT_THE_END}, capture_output=True, text=True, check=False
    )


def as_account(stack: Stack, account: str) -> Stack:
    """The same stack, met with the credentials of another account."""
    return replace(stack, variables={**stack.variables, "AWS_ACCESS_KEY_ID": account})


def urns(stack: Stack) -> set[str]:
    return {each["urn"] for each in stack.resources()}


def test_every_zone_has_a_nat_gateway(life: Life) -> None:
    assert life.nat_zones == {"eu-west-1a", "eu-west-1b", "eu-west-1c"}


def test_databases_are_in_several_zones_and_kept(life: Life) -> None:
    assert (life.database["MultiAZ"], life.database["BackupRetentionPeriod"]) == (True, 35)
    assert (life.cache["MultiAZ"], life.cache["AutomaticFailover"], life.cache["SnapshotRetentionLimit"]) == ("enabled", "enabled", 14)
    assert len(life.cache["MemberClusters"]) == 3


def test_serving_and_training_have_clusters_of_their_own(life: Life) -> None:
    assert life.clusters == {"prod-serving", "prod-training"}


@pytest.mark.parametrize("what", LAYERS)
def test_the_layers_below_the_tiers_are_complete(life: Life, what: str) -> None:
    type_, names = LAYERS[what]
    assert {(type_, name) for name in names.split()} - life.there == set()


def test_what_holds_data_is_protected_by_pulumi_and_the_database_by_rds_too(life: Life) -> None:
    assert life.protected == {
        "aws:eks/cluster:Cluster",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:kms/key:Key",
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
    }
    assert life.database["DeletionProtection"] is True


def test_second_up_changes_nothing(life: Life) -> None:
    assert "unchanged" in life.second_up


def test_plain_destroy_is_refused_by_name_of_the_protection(life: Life) -> None:
    for name in ("registry", "online-store", "serving", "training", "models"):
        assert f"::{name}" in life.destroyed
    assert "cannot be deleted" in life.destroyed
    assert "because it is protected" in life.destroyed


def test_plain_destroy_touches_nothing(life: Life) -> None:
    assert life.after_destroy == life.before
    assert life.undestroyed


def test_refresh_with_another_accounts_credentials_does_not_empty_the_state(life: Life) -> None:
    assert f"the credentials are of account {DEV_ACCOUNT}; the stack file allows 3" in life.refreshed_elsewhere
    assert life.unforgotten


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("unconfirmed", "nothing was touched: --confirm got nothing; expected `prod`"),
        ("another name", "nothing was touched: --confirm got `staging`; expected `prod`"),
        ("another account", f"the credentials are of account {DEV_ACCOUNT}; the stack file of prod says 3"),
    ],
)
def test_retirement_is_refused_unless_confirmed_and_in_the_right_account(life: Life, wrong: str, said: str) -> None:
    assert life.refusals[wrong].returncode == 1
    assert said in life.refusals[wrong].stderr


def test_refused_retirements_touch_nothing(life: Life) -> None:
    assert life.after_refusals == life.before


def test_retirement_empties_the_state_and_leaves_the_stack_file_alone(life: Life) -> None:
    assert life.retired.returncode == 0, life.retired.stdout + life.retired.stderr
    assert life.left_in_state == 0
    assert not life.stack_file_changed


def test_retirement_leaves_nothing_in_the_account_but_what_is_published(life: Life) -> None:
    assert [each for each in life.left if not each.reason] == []


def test_retirement_leaves_the_final_snapshot_that_it_named(life: Life) -> None:
    (snapshot,) = [each.name.split()[-1] for each in life.left if each.service == "rds"]
    assert f"  {snapshot}\n" in life.retired.stdout


def test_credentials_of_another_account_are_refused_before_anything_is_touched(cloud: Instance, tmp_path: Path) -> None:
    stack = platform(cloud, tmp_path, "prod", "elsewhere")
    before = emulator.dump(cloud).get(DEV_ACCOUNT)
    refused = as_account(stack, DEV_ACCOUNT).pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert f"the credentials are of account {DEV_ACCOUNT}; the stack file allows {stack.account}" in refused
    assert emulator.dump(cloud).get(DEV_ACCOUNT) == before
    assert stack.everything() == {}
