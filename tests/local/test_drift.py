"""A whole platform, planned and applied as CI does it, and then changed by hand."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

import pytest

from localcloud.instance import Instance
from operations.deploy.plan import Plan, differences
from planning.documents import ci, trust
from planning.names import Names
from tests.local.callers import with_token
from tests.local.conftest import Stack, platform
from tests.local.deploys import run, with_policies

_REPOSITORY = "example/ml-platform"
"""That of the stack file of dev."""


@dataclass(frozen=True)
class Life:
    """What was seen of it. The tests only read it."""

    digests: list[str]
    """Of two previews before anything was made."""
    applied: int
    of_pools: tuple[Plan, Plan]
    """Of a change of node pools: by a job that previews, which enters no cluster, and by who enters it."""
    untouched: tuple[int, str]
    """The exit code of scripts/drift.py and what it said, after the update."""
    changed: tuple[int, str]
    """The same when it was changed by hand."""
    without_clusters: tuple[int, str]
    """The same, asked of AWS alone."""


@pytest.fixture(scope="module")
def life(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Generator[Life]:
    stack = with_policies(platform(cloud, tmp_path_factory.mktemp("drift"), "dev", "drift"))
    digests = [_planned(stack).digest, _planned(stack).digest]
    applied = run(stack, "deploy", "apply", stack.name, "--approved", digests[0])
    assert applied.returncode == 0, applied.stdout + applied.stderr
    untouched = _drift(stack)
    pools = with_policies(stack.with_settings(tmp_path_factory.mktemp("pools"), clusters=_LARGER, training=_GPUS))
    of_pools = (_planned(pools, _previewing(stack)), _planned(pools, {}))
    _change_by_hand(stack)
    yield Life(digests, applied.returncode, of_pools, untouched, _drift(stack), _drift(stack, "--without-clusters"))
    stack.destroy()


_LARGER = {"main": {"public_access_cidrs": ["203.0.113.0/24"], "platform_nodes": {"cpu_limit": 9}}}
_GPUS = {"gpu_nodes": {"instance_types": ["g4dn.2xlarge"], "gpu_limit": 4}}


def _planned(stack: Stack, keys: Mapping[str, str] | None = None) -> Plan:
    done = run(stack, "deploy", "plan", stack.name, "--output", "plan.json", **(keys or {}))
    assert done.returncode == 0, done.stdout + done.stderr
    return Plan.read(stack.project / "plan.json")


def _previewing(stack: Stack) -> dict[str, str]:
    job = trust.deployment(_REPOSITORY, ci.environments(stack.name)[ci.PREVIEW][0])
    role = Names(environment=stack.name, account=stack.account).role(ci.PREVIEW)
    return with_token(stack, role, f"https://{trust.GITHUB}", trust.AUDIENCE, job)


def _drift(stack: Stack, *options: str) -> tuple[int, str]:
    done = run(stack, "drift", stack.name, *options)
    return done.returncode, done.stdout + done.stderr


def _change_by_hand(stack: Stack) -> None:
    ec2 = stack.aws("ec2")
    vpc = stack.resource("aws:ec2/vpc:Vpc", "main")["id"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "owner", "Value": "somebody"}])
    rule = stack.resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "registry-main")["outputs"]
    wider = {"IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3310, "ReferencedGroupId": rule["referencedSecurityGroupId"]}
    changed = {"SecurityGroupRuleId": rule["securityGroupRuleId"], "SecurityGroupRule": wider}
    ec2.modify_security_group_rules(GroupId=rule["securityGroupId"], SecurityGroupRules=[changed])
    group = stack.resource("aws:rds/parameterGroup:ParameterGroup", "registry")["id"]
    plain = {"ParameterName": "require_secure_transport", "ParameterValue": "0", "ApplyMethod": "immediate"}
    stack.aws("rds").modify_db_parameter_group(DBParameterGroupName=group, Parameters=[plain])
    stack.kubectl("patch", "nodepool", "feature-store", "--type", "merge", "--patch", '{"spec": {"limits": {"cpu": "999"}}}')
    stack.kubectl("delete", "networkpolicy", "--namespace", "serving", "default-deny")


def test_two_previews_of_a_whole_platform_have_one_digest(life: Life) -> None:
    assert life.digests[0] == life.digests[1]


def test_who_may_not_enter_the_clusters_finds_the_digest_of_who_may(life: Life) -> None:
    without, within = life.of_pools
    assert without.digest == within.digest, differences(without, within)


def test_change_of_node_pools_makes_some_and_updates_another(life: Life) -> None:
    """Kinds that the cluster alone knows: those of which a preview from outside it knows less."""
    pools = [(each.op, each.name) for each in life.of_pools[0].steps if each.type.endswith(("NodePool", "NodeClass"))]
    assert {op for op, _ in pools} == {"create", "update"}, pools


def test_platform_that_nobody_has_touched_has_no_drift(life: Life) -> None:
    code, said = life.untouched
    assert code == 0, said
    assert said.startswith("## Drift of `drift`: none\n")


def test_members_that_joined_the_user_group_by_associations_are_known_noise(life: Life) -> None:
    assert "- `aws:elasticache/userGroup:UserGroup` online-store, `userIds`: " in life.untouched[1]


@pytest.mark.parametrize(
    "row",
    [
        '| `aws:ec2/vpc:Vpc` main | `tagsAll.owner` | `"ml-platform-team"` | `"somebody"` |',
        "| `aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule` registry-main | `toPort` | `3306` | `3310` |",
        '| `kubernetes:karpenter.sh/v1:NodePool` feature-store | `spec.limits.cpu` | `"16"` | `"999"` |',
    ],
    ids=["tag", "security-group rule", "node pool"],
)
def test_what_was_changed_by_hand_is_reported_with_both_values(life: Life, row: str) -> None:
    assert row in life.changed[1]


def test_parameter_that_was_changed_by_hand_is_reported_alone_of_its_group(life: Life) -> None:
    (row,) = [line for line in life.changed[1].splitlines() if "| `aws:rds/parameterGroup:ParameterGroup` registry | " in line]
    assert '"name": "require_secure_transport", "value": "1"' in row
    assert '"name": "require_secure_transport", "value": "0"' in row
    assert "max_connections" not in row


def test_what_was_deleted_by_hand_is_reported_as_gone(life: Life) -> None:
    (row,) = [line for line in life.changed[1].splitlines() if "serving-default-deny" in line]
    assert row.endswith("| there | **gone** |")


def test_nothing_else_is_reported(life: Life) -> None:
    code, said = life.changed
    assert code == 1
    assert said.startswith("## Drift of `drift`: 5 resources\n")


def test_without_clusters_aws_is_looked_at_and_what_is_in_them_is_not(life: Life) -> None:
    code, said = life.without_clusters
    assert code == 1
    assert said.startswith("## Drift of `drift`: 3 resources\n")
    assert "kubernetes:" not in said
