"""What users of such platforms suffer from most, each planted and cured, on one small environment under the real engine.

| pain | proved by, here or in tests/ |
|---|---|
| destroy leaves things behind, the VPC hangs | test_what_controllers_left_behind_is_found |
| | test_what_controllers_left_behind_is_deleted |
| | test_a_sweep_touches_nothing_of_another_deployment |
| | test_what_is_in_the_state_is_never_swept |
| | unit/tiers/test_destroy_order.py::test_nodes_have_their_way_out_until_they_are_gone |
| | local/test_platform.py::test_destroy_leaves_nothing_but_what_is_published_and_a_planted_leftover_is_found |
| add-ons before the nodes that they need | unit/tiers/test_clusters.py::test_an_add_on_that_comes_before_nodes_for_it_is_found |
| | unit/tiers/test_clusters.py::test_add_ons_wait_for_the_nodes_that_they_run_on_and_for_no_tier |
| | unit/planning/test_add_ons.py::test_an_add_on_that_auto_mode_has_built_in_is_refused |
| nobody gets into the new cluster | test_a_lost_access_entry_comes_back_and_lets_its_role_in_again |
| | local/test_platform.py::test_principal_without_access_entry_gets_401 |
| | unit/tiers/test_clusters.py::test_nothing_is_in_the_cluster_before_its_administrator |
| kubeconfig differs with whoever previews | test_a_preview_is_the_same_for_everybody |
| | unit/planning/test_kubeconfig.py::test_nothing_of_whoever_made_it_is_in_it |
| security group rules come and go | test_a_rule_added_by_hand_disturbs_no_other |
| | unit/tiers/test_security_groups.py::test_only_eks_tags_a_security_group_for_a_cluster |
| names too long, or cut until they collide | test_a_name_that_would_be_too_long_is_refused_at_preview |
| | unit/planning/test_names.py::test_a_name_over_a_limit_is_refused_and_not_cut |
| | unit/planning/test_names.py::test_distinct_environments_and_purposes_have_distinct_names |
| addresses run out | test_a_network_too_small_for_its_pods_is_refused_at_preview |
| | unit/planning/test_capacity.py::test_prefixes_count_pods_warm_ones_surge_and_a_lost_zone |
| another account's credentials empty the state | test_destroy_with_another_accounts_credentials_touches_nothing |
| | local/test_production.py::test_refresh_with_another_accounts_credentials_does_not_empty_the_state |
| log groups left behind are in the way | test_a_log_group_that_was_left_behind_is_refused_with_the_remedy |
| | test_the_log_group_of_a_cluster_that_comes_back_is_ours |
| | unit/tiers/test_destroy_order.py::test_a_cluster_goes_before_its_log_group |
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from localcloud.instance import CHECKOUT, Instance
from tests.local.conftest import Stack, platform
from tests.local.left_behind import KINDS, plant, remove, there

DEV_ACCOUNT = "111111111111"
LOG_GROUP = "/aws/eks/pains-main/cluster"
GROUP, ENTRY = "aws:ec2/securityGroup:SecurityGroup", "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"


@dataclass(frozen=True)
class Life:
    """An environment that was destroyed, with things left behind, and is up again. Each test leaves it as it was."""

    stack: Stack
    sweep_of_living: subprocess.CompletedProcess[str]
    """Of the environment while it was up."""
    planted: dict[str, str]
    """What was left behind when it was destroyed: ids by kind."""
    looked: subprocess.CompletedProcess[str]
    swept: subprocess.CompletedProcess[str]
    swept_again: subprocess.CompletedProcess[str]
    left: set[str]
    """Which of `planted` were there after that."""
    neighbours_left: set[str]
    """Of what belongs to another deployment: the kinds."""
    up_in_the_way: str
    """What `up` said while a log group was in the way."""
    clusters_in_the_way: list[str]
    """Which clusters there were then."""


@pytest.fixture(scope="module")
def life(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Generator[Life]:
    stack = platform(cloud, tmp_path_factory.mktemp("pains"), "dev", "pains")
    logs = stack.aws("logs")
    stack.up()
    sweep_of_living = sweep(stack, "--confirm", stack.name)
    stack.destroy()

    planted, neighbours = plant(stack, "ml-platform/pains"), plant(stack, "ml-platform/pains-eu")
    looked, swept, swept_again = sweep(stack), sweep(stack, "--confirm", stack.name), sweep(stack)
    left, neighbours_left = there(stack, planted), there(stack, neighbours)
    remove(stack, {kind: id_ for kind, id_ in neighbours.items() if kind in neighbours_left})

    # As EKS does when a control plane writes its last lines after the destroy.
    logs.create_log_group(logGroupName=LOG_GROUP)
    up_in_the_way = stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    clusters_in_the_way = stack.aws("eks").list_clusters()["clusters"]
    logs.delete_log_group(logGroupName=LOG_GROUP)
    stack.up()
    yield Life(
        stack=stack,
        sweep_of_living=sweep_of_living,
        planted=planted,
        looked=looked,
        swept=swept,
        swept_again=swept_again,
        left=left,
        neighbours_left=neighbours_left,
        up_in_the_way=up_in_the_way,
        clusters_in_the_way=clusters_in_the_way,
    )
    stack.destroy()


@pytest.fixture
def stack(life: Life) -> Stack:
    return life.stack


def sweep(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHECKOUT / "scripts" / "sweep.py"), stack.name, *arguments]
    return subprocess.run(command, cwd=stack.project, env=stack.variables, capture_output=True, text=True, check=False)


def test_what_controllers_left_behind_is_found(life: Life) -> None:
    assert life.looked.returncode == 2, life.looked.stderr
    assert {kind for kind, id_ in life.planted.items() if f"{kind}  " in life.looked.stdout and id_ in life.looked.stdout} == set(KINDS)


def test_what_controllers_left_behind_is_deleted(life: Life) -> None:
    assert life.swept.returncode == 0, life.swept.stdout + life.swept.stderr
    assert life.left == set()
    assert life.swept_again.returncode == 0


def test_a_sweep_touches_nothing_of_another_deployment(life: Life) -> None:
    assert life.neighbours_left == set(KINDS)


def test_what_is_in_the_state_is_never_swept(life: Life) -> None:
    assert life.sweep_of_living.returncode == 1
    assert "the state of pains has" in life.sweep_of_living.stderr


def test_a_lost_access_entry_comes_back_and_lets_its_role_in_again(stack: Stack, tmp_path: Path) -> None:
    """Whoever administers the account gets the administrator's entry back without getting into the cluster."""
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(json.loads(stack.pulumi("stack", "output", "--json"))["kubeconfigs"]["main"])
    ask = ("get", "namespaces", "--output", "name", "--kubeconfig", str(kubeconfig))
    assert "namespace/serving" in stack.kubectl(*ask)
    cluster, entry = stack.resource("aws:eks/cluster:Cluster")["id"], stack.resource(ENTRY, "main-admin")
    stack.aws("eks").delete_access_entry(clusterName=cluster, principalArn=entry["inputs"]["principalArn"])
    _until(lambda: "must be logged in" in stack.kubectl(*ask, succeeds=False))
    lost = [each["urn"] for each in (entry, stack.resource(ASSOCIATION, "main-admin"))]
    stack.pulumi("up", "--yes", "--skip-preview", "--refresh", *(word for urn in lost for word in ("--target", urn)))
    _until(lambda: "namespace/serving" in stack.kubectl(*ask))
    stack.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")


@pytest.mark.parametrize(
    "colleague",
    [
        {"AWS_PROFILE": "colleague"},
        {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"},
        {"HOME": "/nonexistent"},
        {"USER": "colleague", "LOGNAME": "colleague"},
    ],
    ids="-".join,
)
def test_a_preview_is_the_same_for_everybody(stack: Stack, tmp_path: Path, colleague: dict[str, str]) -> None:
    profiles = tmp_path / "config"
    profiles.write_text("[profile colleague]\nregion = us-east-1\n")
    another = replace(stack, variables={**stack.variables, "AWS_CONFIG_FILE": str(profiles), **colleague})
    assert "unchanged" in another.pulumi("preview", "--expect-no-changes")


def test_a_rule_added_by_hand_disturbs_no_other(stack: Stack) -> None:
    ec2, group = stack.aws("ec2"), stack.resource(GROUP, "registry")["id"]
    before = _rules(stack, group)
    by_hand = {"IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3306, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[by_hand])
    try:
        with_it = _rules(stack, group)
        assert len(with_it) == len(before) + 1
        stack.pulumi("up", "--yes", "--skip-preview", "--refresh")
        assert _rules(stack, group) == with_it
    finally:
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[by_hand])
    stack.pulumi("up", "--yes", "--skip-preview", "--refresh")
    assert _rules(stack, group) == before


def test_a_name_that_would_be_too_long_is_refused_at_preview(stack: Stack, tmp_path: Path) -> None:
    clusters = {"the-cluster-for-everything": {"version": "1.36"}}
    refused = stack.with_settings(tmp_path, clusters=clusters).pulumi("preview", succeeds=False)
    assert "clusters.the-cluster-for-everything" in refused
    assert "at most 16" in refused


def test_a_network_too_small_for_its_pods_is_refused_at_preview(stack: Stack, tmp_path: Path) -> None:
    refused = stack.with_settings(tmp_path, network={"cidr": "10.20.0.0/22"}).pulumi("preview", succeeds=False)
    assert "expected private subnets with" in refused
    assert "use a /" in refused


def test_destroy_with_another_accounts_credentials_touches_nothing(stack: Stack) -> None:
    state, held = stack.resources(), stack.everything()
    another = replace(stack, variables={**stack.variables, "AWS_ACCESS_KEY_ID": DEV_ACCOUNT})
    refused = another.pulumi("destroy", "--yes", "--skip-preview", succeeds=False)
    # Whoever is asked first refuses: AWS names the account, a cluster gets no token because its administrator's role is not to be had.
    assert any(said in refused for said in (f"the credentials are of account {DEV_ACCOUNT}", "credential command gave no token"))
    assert {each["urn"] for each in stack.resources()} == {each["urn"] for each in state}
    assert stack.everything() == held


def test_a_log_group_that_was_left_behind_is_refused_with_the_remedy(life: Life) -> None:
    assert f"{LOG_GROUP} exists already and was not made by this resource: import it with `pulumi import" in life.up_in_the_way
    assert life.clusters_in_the_way == []


def test_the_log_group_of_a_cluster_that_comes_back_is_ours(stack: Stack) -> None:
    """Not the one that EKS would have made: unencrypted, and kept for ever."""
    (group,) = stack.aws("logs").describe_log_groups(logGroupNamePrefix=LOG_GROUP)["logGroups"]
    assert group["kmsKeyId"].startswith("arn:aws:kms:")
    assert group["retentionInDays"] > 0


def test_every_proof_in_the_table_exists() -> None:
    proofs = [line.split("|")[2].strip() for line in (__doc__ or "").splitlines() if "test_" in line]
    here = Path(__file__).relative_to(CHECKOUT / "tests")
    missing = [proof for proof in proofs if proof.rpartition("::")[2] not in _functions(proof.rpartition("::")[0] or str(here))]
    assert (len(proofs) > 0, missing) == (True, [])


def _functions(file: str) -> set[str]:
    parsed = ast.parse((CHECKOUT / "tests" / file).read_text(encoding="utf-8"))
    return {node.name for node in parsed.body if isinstance(node, ast.FunctionDef)}


def _rules(stack: Stack, group: str) -> list[dict[str, Any]]:
    found = stack.aws("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    return sorted(found, key=lambda rule: rule["SecurityGroupRuleId"])


def _until(holds: Callable[[], bool]) -> None:
    """The API server believes what it was told of a token for some seconds."""
    deadline, last = time.monotonic() + 30, "it was never so"
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except AssertionError as error:
            last = str(error)
    raise AssertionError(f"not within 30 s: {last}")
