"""What the permissions boundary lets through and what it never does. What it does to a role's calls: tests/local/test_ci_roles.py."""

import json
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from planning.documents import auto_mode, boundary, buckets, ci, delivery, keys, limits, replication, runner, workloads
from planning.documents.replication import Replica
from planning.documents.statements import allow, document
from planning.names import LONGEST_ENVIRONMENT, Names
from planning.refusal import Refused
from tiers.foundation import CLUSTER_POLICIES, NODE_POLICIES

DEV = Names(environment="dev", account="111111111111")
REGION = "eu-west-1"
MANAGED: dict[str, Any] = json.loads(aws_managed_policies_data)


REPLICA = Replica(bucket_arn="arn:aws:s3:::features-copy", key_arn="arn:aws:kms:eu-central-1:222222222222:key/1")
OF_ANOTHER_REGION = Replica(bucket_arn="arn:aws:s3:::decisions-copy", key_arn="arn:aws:kms:eu-west-3:222222222222:key/2")


def statements(*, keeps_audit_logs: bool = True, replicas: Sequence[Replica] = ()) -> dict[str, dict[str, Any]]:
    found = json.loads(boundary.boundary(DEV, REGION, keeps_audit_logs=keeps_audit_logs, replicas=replicas))["Statement"]
    return {each["Sid"]: each for each in found}


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def actions(policy: dict[str, Any]) -> set[str]:
    return {action for each in policy["Statement"] if each["Effect"] == "Allow" for action in listed(each["Action"])}


def let_through(action: str, resource: str = "*") -> bool:
    return any(
        any(fnmatchcase(action, pattern) for pattern in listed(each["Action"]))
        and (resource == "*" or any(fnmatchcase(resource, pattern) for pattern in listed(each["Resource"])))
        for each in statements().values()
        if each["Effect"] == "Allow"
    )


@pytest.mark.parametrize("policy", [*CLUSTER_POLICIES, *NODE_POLICIES])
def test_everything_that_auto_modes_policies_allow_is_let_through(policy: str) -> None:
    allowed = actions(MANAGED[policy]["Document"])
    assert allowed
    assert {action for action in allowed if not let_through(action)} == set()


@pytest.mark.parametrize(
    "policy",
    [
        auto_mode.custom_tags(),
        buckets.role_access([buckets.Access(bucket=DEV.bucket("models"), read=True, write=True)]),
        keys.use_through(REGION, "arn:aws:kms:eu-west-1:111111111111:key/k", ["kinesis", "s3", "secretsmanager"]),
        workloads.secrets(REGION, "111111111111", [DEV.secret("registry", "mlflow_dml")]),
        workloads.streams(REGION, "111111111111", [DEV.stream("feature-events")]),
        workloads.database_user(REGION, "111111111111", "db-1", "registry_admin"),
        runner.network(),
        runner.logs(REGION, "111111111111", "l"),
        runner.interfaces(REGION, "111111111111", ["s"]),
        delivery.events(REGION, "111111111111", stream="s", bucket=DEV.bucket("decision-log"), prefixes=("decisions/",), log=("l", "s")),
        delivery.key(REGION, "111111111111", "arn:aws:kms:eu-west-1:111111111111:key/k", stream="s", bucket=DEV.bucket("decision-log")),
        replication.keys(REGION, DEV.bucket("offline-features"), "arn:aws:kms:eu-west-1:111111111111:key/k", REPLICA),
        *ci.preview(DEV, REGION).values(),
        *ci.deploy(DEV, REGION, destroyable=True).values(),
    ],
)
def test_everything_that_our_own_policies_allow_is_let_through(policy: str) -> None:
    allowed = [each for each in json.loads(policy)["Statement"] if each["Effect"] == "Allow"]
    asked = {(action, of) for each in allowed for action in listed(each["Action"]) for of in listed(each["Resource"])}
    assert asked
    assert {each for each in asked if not let_through(*each)} == set()


def test_auto_mode_passes_roles_of_the_environment_to_instances_only() -> None:
    passing = statements()["PassRoles"]
    assert passing["Resource"] == "arn:aws:iam::111111111111:role/dev-*"
    assert "ec2.amazonaws.com" in passing["Condition"]["StringEquals"]["iam:PassedToService"]


def test_no_role_is_given_rights_that_does_not_carry_the_boundary() -> None:
    granting = statements()["GrantRights"]
    assert {"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"} <= set(granting["Action"])
    assert granting["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/dev-boundary"}}


def test_no_role_of_another_name_than_the_environments_is_given_rights() -> None:
    assert statements()["GrantRights"]["Resource"] == "arn:aws:iam::111111111111:role/dev-*"


def test_no_role_of_ci_is_given_more() -> None:
    refused = statements()["CiRoles"]
    assert (refused["Effect"], refused["Resource"]) == ("Deny", "arn:aws:iam::111111111111:role/dev-ci-*")
    assert {*boundary.GRANT_RIGHTS, *boundary.MANAGE_ROLES} == set(refused["Action"])


OTHERS = [
    ("s3:GetObject", "arn:aws:s3:::ml-platform-prod-models-111111111111/release/model"),
    ("s3:GetObject", "arn:aws:s3:::anything/anything"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:prod-registry-AbCdEf"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:rds!db-1-AbCdEf"),
    ("sts:AssumeRole", "arn:aws:iam::111111111111:role/prod-cluster-admin"),
    ("sts:AssumeRole", "arn:aws:iam::222222222222:role/dev-anything"),
]


@pytest.mark.parametrize(("action", "resource"), OTHERS)
def test_no_role_reaches_data_secrets_or_roles_of_another_name_than_the_environments(action: str, resource: str) -> None:
    assert not let_through(action, resource)


OWN = [
    ("s3:GetObject", "arn:aws:s3:::ml-platform-dev-models-111111111111/release/model"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:dev-registry-AbCdEf"),
    ("sts:AssumeRole", "arn:aws:iam::111111111111:role/dev-cluster-admin"),
]


@pytest.mark.parametrize(("action", "resource"), OWN)
def test_roles_reach_what_is_the_environments(action: str, resource: str) -> None:
    assert let_through(action, resource)


CI_ROLES = {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/dev-ci-*"}


def test_states_are_read_by_the_roles_of_ci_only() -> None:
    state = "arn:aws:s3:::ml-platform-state-111111111111/.pulumi/stacks/ml-platform/prod.json"
    reading = [
        each
        for each in statements().values()
        if each["Effect"] == "Allow" and any(fnmatchcase(state, of) for of in listed(each["Resource"]))
    ]
    own_services = [each for each in reading if any(fnmatchcase("s3:GetObject", action) for action in listed(each["Action"]))]
    assert [each["Condition"] for each in own_services] == [{"ArnLike": CI_ROLES}]


def test_the_key_of_the_states_is_used_by_the_roles_of_ci_only() -> None:
    refused = statements()["StateKey"]
    assert (refused["Effect"], refused["Action"], refused["Resource"]) == ("Deny", "kms:*", "*")
    others = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/pulumi-state"}, "ArnNotLike": CI_ROLES}
    assert refused["Condition"] == others


def test_nothing_global_but_what_has_no_region_escapes_the_region() -> None:
    region = statements()["Region"]
    assert (region["Effect"], region["NotAction"]) == ("Deny", ["budgets:*", "iam:*", "shield:*", "sts:*"])
    assert region["Condition"] == {"StringNotEquals": {"aws:RequestedRegion": REGION}}


def test_copies_are_written_to_the_replica_in_its_region_and_nothing_else_is_reached_there() -> None:
    with_replica = statements(replicas=[REPLICA])
    assert with_replica["Replica"]["Resource"] == "arn:aws:s3:::features-copy/*"
    assert set(with_replica["Replica"]["Action"]) == {"s3:ReplicateObject", "s3:ReplicateTags"}
    assert with_replica["Region"]["Condition"] == {"StringNotEquals": {"aws:RequestedRegion": [REGION, "eu-central-1"]}}


def test_each_replica_is_written_to_in_its_own_region() -> None:
    with_replicas = statements(replicas=[REPLICA, OF_ANOTHER_REGION])
    assert with_replicas["Replica"]["Resource"] == ["arn:aws:s3:::decisions-copy/*", "arn:aws:s3:::features-copy/*"]
    assert with_replicas["Region"]["Condition"] == {"StringNotEquals": {"aws:RequestedRegion": [REGION, "eu-central-1", "eu-west-3"]}}


def test_without_a_replica_no_bucket_of_another_name_is_written_to() -> None:
    assert "Replica" not in statements()


def test_no_role_deletes_a_decision_or_bypasses_its_lock_where_the_environment_is_not_destroyable() -> None:
    refused = statements()["AuditLogs"]
    assert {"s3:BypassGovernanceRetention", "s3:DeleteObject*", "s3:DeleteBucket"} <= set(refused["Action"])
    log = "arn:aws:s3:::ml-platform-dev-decision-log-111111111111"
    assert {log, f"{log}/*"} <= set(refused["Resource"])


@pytest.mark.parametrize("keeps", [True, False])
def test_audit_logs_stay_where_the_environment_is_not_destroyable(keeps: bool) -> None:
    assert ("AuditLogs" in statements(keeps_audit_logs=keeps)) is keeps


def test_no_action_is_let_through_by_a_wildcard_over_services() -> None:
    allowed = [action for each in statements().values() if each["Effect"] == "Allow" for action in listed(each["Action"])]
    assert [action for action in allowed if not re.fullmatch(r"[a-z0-9-]+:[A-Za-z*]+", action)] == []
    assert "iam:*" not in allowed


def test_the_longest_environment_has_a_boundary_that_iam_takes() -> None:
    longest = Names(environment="e" * LONGEST_ENVIRONMENT, account="111111111111")
    text = boundary.boundary(longest, "ap-southeast-1", keeps_audit_logs=True, replicas=[REPLICA, OF_ANOTHER_REGION])
    assert len("".join(text.split())) <= limits.MANAGED_POLICY == 6144


def test_a_policy_over_the_limit_is_refused_with_the_figure() -> None:
    much = document(allow("Much", [f"s3:{'a' * 100}"] * 70, resources="*"))
    with pytest.raises(
        Refused, match=r"policy `dev-much`, \d+ characters without white space; expected at most 6144; allow \d+ characters less"
    ):
        limits.managed(much, "dev-much")


def test_white_space_does_not_count() -> None:
    assert limits.managed("a b" + " " * 7000, "dev-blank")
