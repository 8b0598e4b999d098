"""What the two roles for environments of pull requests list, and the boundary that holds whatever these make. What IAM makes of it:
tests/local/test_ci_roles.py; that they can do their work: tests/unit/tiers/test_ephemeral_reach.py."""

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from planning.documents import ephemeral, ephemeral_boundary, limits
from planning.documents.removing import REMOVES_BY_A_CHANGE
from planning.names import LONGEST_ENVIRONMENT, Names
from tiers.foundation import CLUSTER_POLICIES, NODE_POLICIES

ACCOUNT, REGION = "111111111111", "eu-west-1"
DEV = Names(environment="dev", account=ACCOUNT)
CREATE, REAP = ephemeral.create(DEV, REGION), ephemeral.reap(DEV, REGION)
BOUNDARY = {"boundary": ephemeral_boundary.boundary(DEV, REGION)}
BOTH = pytest.mark.parametrize("policies", [CREATE, REAP], ids=["create", "reap"])
ALL = pytest.mark.parametrize("policies", [CREATE, REAP, BOUNDARY], ids=["create", "reap", "boundary"])
MANAGED: dict[str, Any] = json.loads(aws_managed_policies_data)
OURS = {"StringLike": {"aws:ResourceTag/deployment": "ml-platform/pr-*"}}


def statements(policies: Mapping[str, str]) -> list[dict[str, Any]]:
    return [each for policy in policies.values() for each in json.loads(policy)["Statement"]]


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def allowing(policies: Mapping[str, str], action: str, resource: str) -> list[dict[str, Any]]:
    """Statements that allow an action on a thing, under whatever conditions."""
    return [
        each
        for each in statements(policies)
        if each["Effect"] == "Allow"
        and any(fnmatchcase(action, pattern) for pattern in listed(each["Action"]))
        and any(fnmatchcase(resource, pattern) for pattern in listed(each["Resource"]))
    ]


def actions(policies: Mapping[str, str]) -> set[str]:
    return {action for each in statements(policies) if each["Effect"] == "Allow" for action in listed(each["Action"])}


HERE = f"{REGION}:{ACCOUNT}"
STATE = f"arn:aws:s3:::ml-platform-state-{ACCOUNT}/.pulumi/stacks/ml-platform"
# Of the platform itself, of a team's tenant on it, of another platform of the account.
NOT_THEIRS = [
    ("s3:PutBucketPolicy", f"arn:aws:s3:::ml-platform-dev-models-{ACCOUNT}"),
    ("s3:DeleteBucket", f"arn:aws:s3:::ml-platform-dev-offline-features-{ACCOUNT}"),
    ("s3:GetObject", f"arn:aws:s3:::ml-platform-dev-offline-features-{ACCOUNT}/credit_decisions/part"),
    ("s3:DeleteObjectVersion", f"arn:aws:s3:::ml-platform-dev-offline-features-{ACCOUNT}/credit_decisions/part"),
    ("s3:DeleteObjectVersion", f"arn:aws:s3:::ml-platform-dev-offline-features-{ACCOUNT}/features/pr_7_12345678/part"),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:dev-registry-mlflow_dml-AbCdEf"),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:rds!db-1-AbCdEf"),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:dev-tenant-risk/registry-ddl-AbCdEf"),
    ("secretsmanager:DeleteSecret", f"arn:aws:secretsmanager:{HERE}:secret:prod-tenant-pr-7/registry-ddl-AbCdEf"),
    ("rds:DeleteDBInstance", f"arn:aws:rds:{HERE}:db:dev-registry"),
    ("rds:DeleteDBInstance", f"arn:aws:rds:{HERE}:db:prod-registry"),
    ("elasticache:DeleteUser", f"arn:aws:elasticache:{HERE}:user:dev-credit-decisions-reader"),
    ("elasticache:DeleteUser", f"arn:aws:elasticache:{HERE}:user:dev-t-risk-rw"),
    ("elasticache:ModifyUserGroup", f"arn:aws:elasticache:{HERE}:user:dev-credit-decisions-reader"),
    ("elasticache:DeleteUserGroup", f"arn:aws:elasticache:{HERE}:usergroup:dev-online-store"),
    ("elasticache:DeleteReplicationGroup", f"arn:aws:elasticache:{HERE}:replicationgroup:dev-online-store"),
    ("eks:DeleteCluster", f"arn:aws:eks:{HERE}:cluster/dev-main"),
    ("eks:CreateAccessEntry", f"arn:aws:eks:{HERE}:cluster/dev-main"),
    ("eks:UpdateClusterConfig", f"arn:aws:eks:{HERE}:cluster/dev-main"),
    ("kinesis:DeleteStream", f"arn:aws:kinesis:{HERE}:stream/dev-feature-events"),
    ("glue:DeleteTable", f"arn:aws:glue:{HERE}:table/dev_features/decisions"),
    ("ssm:PutParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/dev/network"),
    ("ssm:DeleteParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/dev/tenants/risk"),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/prod/network"),
    ("ecr:DeleteRepository", f"arn:aws:ecr:{HERE}:repository/ml-platform/dev/trainer"),
    ("logs:DeleteLogGroup", f"arn:aws:logs:{HERE}:log-group:/aws/eks/dev-main/cluster"),
    ("budgets:ModifyBudget", f"arn:aws:budgets::{ACCOUNT}:budget/dev-monthly"),
    ("codebuild:UpdateProject", f"arn:aws:codebuild:{HERE}:project/dev-runner"),
    ("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/dev-anything"),
    ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/dev-ci-ephemeral"),
    ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/dev-ci-reap"),
    ("iam:DeleteRole", f"arn:aws:iam::{ACCOUNT}:role/dev-tenant-risk_trainer"),
    ("iam:DeleteRole", f"arn:aws:iam::{ACCOUNT}:role/dev-tenant-pr-7-cloudwatch-agent"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/dev-cluster-admin"),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/prod-cluster-admin"),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/dev-ci-deploy"),
    ("s3:GetObject", f"{STATE}/dev.json"),
    ("s3:PutObject", f"{STATE}/prod.json"),
    ("s3:DeleteObject", f"{STATE}/dev.pulumi-tags"),
]


@BOTH
@pytest.mark.parametrize(("action", "resource"), NOT_THEIRS)
def test_what_is_not_a_pull_requests_is_not_touched(policies: Mapping[str, str], action: str, resource: str) -> None:
    assert allowing(policies, action, resource) == []


@ALL
@pytest.mark.parametrize("action", ["iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy"])
def test_nobody_makes_or_changes_a_policy_that_could_be_a_boundary(policies: Mapping[str, str], action: str) -> None:
    assert allowing(policies, action, f"arn:aws:iam::{ACCOUNT}:policy/dev-ci-ephemeral-boundary") == []
    assert allowing(policies, action, f"arn:aws:iam::{ACCOUNT}:policy/pr-7-boundary") == []


ROLES = [f"arn:aws:iam::{ACCOUNT}:role/pr-7-eks-cluster", f"arn:aws:iam::{ACCOUNT}:role/dev-tenant-pr-7_worker"]


@ALL
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"])
def test_rights_are_given_only_to_roles_that_carry_the_boundary(policies: Mapping[str, str], role: str, action: str) -> None:
    carried = {"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/dev-ci-ephemeral-boundary"}}
    expected = [] if policies is REAP else [carried]
    assert [each["Condition"] for each in allowing(policies, action, role)] == expected


@ALL
def test_no_boundary_is_taken_off(policies: Mapping[str, str]) -> None:
    assert "iam:DeleteRolePermissionsBoundary" not in actions(policies)


@BOTH
def test_what_has_no_name_of_ours_is_left_alone_where_another_deployments_tag_is_on_it(policies: Mapping[str, str]) -> None:
    (others,) = [each for each in statements(policies) if each["Sid"] == "Others"]
    assert (others["Effect"], others["Condition"]) == (
        "Deny",
        {"StringNotLike": {"aws:ResourceTag/deployment": "ml-platform/pr-*"}, "Null": {"aws:ResourceTag/deployment": "false"}},
    )
    things = (f"arn:aws:ec2:{HERE}:vpc/vpc-1", f"arn:aws:rds:{HERE}:pg:registry-1", f"arn:aws:elasticache:{HERE}:subnetgroup:online-1")
    assert [thing for thing in things if not any(fnmatchcase(thing, of) for of in others["Resource"])] == []
    assert all(re.fullmatch(r"(ec2|elasticache|rds):(Describe|Get|List)\*", each) for each in others["NotAction"])


@pytest.mark.parametrize(
    "action", sorted({action for action in actions(CREATE) if action.startswith(("ec2:", "rds:")) and "Describe" not in action})
)
def test_everything_that_changes_networks_and_databases_of_no_name_is_held_by_the_tag(action: str) -> None:
    (others,) = [each for each in statements(CREATE) if each["Sid"] == "Others"]
    looks = action.split(":")[1].startswith(("Get", "List"))
    assert any(fnmatchcase(action, each) for each in others["NotAction"]) is looks


@pytest.mark.parametrize("action", ["eks:DeletePodIdentityAssociation", "eks:UpdatePodIdentityAssociation", "eks:UntagResource"])
def test_of_the_platforms_associations_those_of_slices_alone_are_changed(action: str) -> None:
    found = allowing(CREATE, action, f"arn:aws:eks:{HERE}:podidentityassociation/dev-main/a-1")
    assert [each["Condition"] for each in found] == [OURS]


def test_no_association_of_the_platforms_is_tagged_as_a_slices() -> None:
    found = allowing(CREATE, "eks:TagResource", f"arn:aws:eks:{HERE}:podidentityassociation/dev-main/a-1")
    new = {"StringLike": {"aws:RequestTag/deployment": "ml-platform/pr-*"}, "Null": {"aws:ResourceTag/deployment": "true"}}
    assert [each["Condition"] for each in found] == [new, OURS]


@BOTH
def test_the_platforms_key_is_used_for_secrets_only(policies: Mapping[str, str]) -> None:
    keys = [each["Condition"] for each in statements(policies) if each["Effect"] == "Allow" and "kms:Decrypt" in listed(each["Action"])]
    own = [each for each in keys if each.get("StringLike") == {"aws:ResourceTag/deployment": "ml-platform/pr-*"}]
    state = [each for each in keys if each == {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/pulumi-state"}}]
    (shared,) = [each for each in keys if each not in own and each not in state]
    assert (len(own), len(state)) == (1, 1)
    assert shared == {
        "StringEquals": {
            "aws:ResourceTag/deployment": "ml-platform/dev",
            "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
        }
    }


@BOTH
def test_of_the_platforms_it_becomes_the_clusters_administrator_and_nobody_else(policies: Mapping[str, str]) -> None:
    becoming = {
        resource
        for each in statements(policies)
        if "sts:AssumeRole" in listed(each.get("Action", ()))
        for resource in listed(each["Resource"])
    }
    assert becoming == {f"arn:aws:iam::{ACCOUNT}:role/pr-*-cluster-admin", f"arn:aws:iam::{ACCOUNT}:role/dev-cluster-admin"}


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:DeleteObjectVersion"])
def test_what_pods_of_slices_wrote_is_deleted_by_who_reaps_alone(action: str) -> None:
    arn = f"arn:aws:s3:::ml-platform-dev-offline-features-{ACCOUNT}/pr_7_12345678/part"
    assert [bool(allowing(policies, action, arn)) for policies in (CREATE, REAP)] == [False, True]


LOOKS = ("Describe", "Get", "List", "View", "BatchGet")
REMOVES = ("Delete", "Detach", "Disassociate", "Release", "Remove", "Retire", "Revoke", "Schedule", "Terminate", "Unsubscribe")
# The state, as the engine keeps it while it destroys; and the credentials with which it enters a cluster, or opens its state.
BESIDE = {"s3:PutObject", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "sts:AssumeRole"}


def test_a_reaper_only_looks_and_removes() -> None:
    others = {action for action in actions(REAP) if not action.split(":")[1].startswith((*LOOKS, *REMOVES))}
    assert others - {*REMOVES_BY_A_CHANGE} == BESIDE


def test_a_reaper_writes_states_of_pull_requests_and_no_other_object() -> None:
    written = {
        resource for each in statements(REAP) if "s3:PutObject" in listed(each.get("Action", ())) for resource in listed(each["Resource"])
    }
    before = rf"arn:aws:s3:::ml-platform-state-{ACCOUNT}/\.pulumi/(stacks|backups|history|locks/organization)/ml-platform/pr-\*"
    assert [each for each in written if not re.match(before, each)] == []


def test_what_controllers_made_is_deleted_by_its_tag_only() -> None:
    (found,) = [each for each in statements(REAP) if "ec2:TerminateInstances" in listed(each.get("Action", ()))]
    assert found["Condition"] == OURS


@BOTH
def test_actions_are_listed_one_by_one(policies: Mapping[str, str]) -> None:
    assert {action for action in actions(policies) if "*" in action} <= {"kms:GenerateDataKey*"}


@pytest.mark.parametrize("policy", [*CLUSTER_POLICIES, *NODE_POLICIES])
def test_everything_that_auto_modes_policies_allow_is_let_through(policy: str) -> None:
    document = MANAGED[policy]["Document"]["Statement"]
    allowed = {action for each in document if each["Effect"] == "Allow" for action in listed(each["Action"])}
    through = [pattern for each in statements(BOUNDARY) if each["Effect"] == "Allow" for pattern in listed(each["Action"])]
    assert allowed
    assert [action for action in allowed if not any(fnmatchcase(action, pattern) for pattern in through)] == []


@BOTH
def test_everything_that_the_roles_are_allowed_is_let_through(policies: Mapping[str, str]) -> None:
    asked = {
        (action, resource)
        for each in statements(policies)
        if each["Effect"] == "Allow"
        for action in listed(each["Action"])
        for resource in listed(each["Resource"])
    }
    assert [each for each in sorted(asked) if not allowing(BOUNDARY, *each)] == []


CI_ROLES = {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:role/dev-ci-ephemeral", f"arn:aws:iam::{ACCOUNT}:role/dev-ci-reap"]}


def of_boundary(sid: str) -> dict[str, Any]:
    (found,) = [each for each in statements(BOUNDARY) if each["Sid"] == sid]
    return found


def test_what_has_the_tag_of_another_deployment_is_nobodys_but_cis() -> None:
    others = of_boundary("Others")
    assert (others["Effect"], others["NotAction"], others["Resource"]) == ("Deny", ["kms:Decrypt", "kms:GenerateDataKey*", "s3:*"], "*")
    assert others["Condition"] == {
        "StringNotLike": {"aws:ResourceTag/deployment": "ml-platform/pr-*"},
        "Null": {"aws:ResourceTag/deployment": "false"},
        "ArnNotLike": CI_ROLES,
    }


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", f"{STATE}/pr-7.json"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/dev-cluster-admin"),
        ("iam:DeleteInstanceProfile", f"arn:aws:iam::{ACCOUNT}:instance-profile/eks-1"),
    ],
)
def test_states_and_the_platforms_clusters_are_reached_by_the_roles_of_ci_only(action: str, resource: str) -> None:
    assert [each["Condition"] for each in allowing(BOUNDARY, action, resource)] == [{"ArnLike": CI_ROLES}]


def test_the_key_of_the_states_is_used_by_the_roles_of_ci_only() -> None:
    refused = of_boundary("StateKey")
    others = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/pulumi-state"}, "ArnNotLike": CI_ROLES}
    assert (refused["Effect"], refused["Action"], refused["Condition"]) == ("Deny", "kms:*", others)


def test_a_role_of_a_slice_reaches_its_prefixes_of_the_platforms_buckets_and_no_other() -> None:
    bucket = f"arn:aws:s3:::ml-platform-dev-offline-features-{ACCOUNT}"
    reached = {key: bool(allowing(BOUNDARY, "s3:GetObject", f"{bucket}/{key}")) for key in ("pr_7_12345678/part", "credit_decisions/part")}
    assert reached == {"pr_7_12345678/part": True, "credit_decisions/part": False}


def test_no_table_of_another_environment_is_reached_which_no_tag_can_say() -> None:
    tables = [f"arn:aws:glue:{HERE}:table/{name}" for name in ("pr_7_features/decisions", "dev_features/decisions")]
    assert [bool(allowing(BOUNDARY, "glue:DeleteTable", each)) for each in tables] == [True, False]


def test_nothing_global_but_what_has_no_region_escapes_the_region() -> None:
    region = of_boundary("Region")
    assert region["NotAction"] == ["budgets:*", "iam:*", "shield:*", "sts:*"]
    assert region["Condition"] == {"StringNotEquals": {"aws:RequestedRegion": REGION}}


@pytest.mark.parametrize("environment", ["dev", "e" * LONGEST_ENVIRONMENT])
def test_policies_are_as_many_and_as_long_as_iam_takes(environment: str) -> None:
    names = Names(environment=environment, account=ACCOUNT)
    for policies in (ephemeral.create(names, "ap-southeast-1"), ephemeral.reap(names, "ap-southeast-1")):
        assert len(policies) <= 10
    text = ephemeral_boundary.boundary(names, "ap-southeast-1")
    assert len("".join(text.split())) <= limits.MANAGED_POLICY
