"""What the permissions boundary lets through and what it never does. What it does to a role's calls: tests/local/test_ci_roles.py."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from planning.documents import auto_mode, boundary, buckets, ci, keys, limits, runner
from planning.documents.statements import allow, document
from planning.names import LONGEST_ENVIRONMENT, Names
from planning.refusal import Refused
from tiers.foundation import CLUSTER_POLICIES, NODE_POLICIES

DEV = Names(environment="dev", account="111111111111")
REGION = "eu-west-1"
MANAGED: dict[str, Any] = json.loads(aws_managed_policies_data)


def statements(*, keeps_audit_logs: bool = True) -> dict[str, dict[str, Any]]:
    found = json.loads(boundary.boundary(DEV, REGION, keeps_audit_logs=keeps_audit_logs))["Statement"]
    return {each["Sid"]: each for each in found}


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def actions(policy: dict[str, Any]) -> set[str]:
    return {action for each in policy["Statement"] if each["Effect"] == "Allow" for action in listed(each["Action"])}


def let_through(action: str) -> bool:
    return any(
        fnmatchcase(action, pattern) for each in statements().values() if each["Effect"] == "Allow" for pattern in listed(each["Action"])
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
        buckets.role_access([buckets.Access(bucket="b", read=True, write=True)]),
        keys.use_for_objects(REGION, "arn:aws:kms:eu-west-1:111111111111:key/k"),
        runner.network(),
        runner.logs(REGION, "111111111111", "l"),
        runner.interfaces(REGION, "111111111111", ["s"]),
        *ci.preview(DEV, REGION).values(),
        *ci.deploy(DEV, REGION, destroyable=True).values(),
    ],
)
def test_everything_that_our_own_policies_allow_is_let_through(policy: str) -> None:
    assert {action for action in actions(json.loads(policy)) if not let_through(action)} == set()


def test_auto_mode_passes_roles_of_the_environment_to_instances_only() -> None:
    passing = statements()["PassRoles"]
    assert passing["Resource"] == "arn:aws:iam::111111111111:role/dev-*"
    assert "ec2.amazonaws.com" in passing["Condition"]["StringEquals"]["iam:PassedToService"]


def test_no_role_is_given_rights_that_does_not_carry_the_boundary() -> None:
    granting = statements()["GrantRights"]
    assert {"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"} <= set(granting["Action"])
    assert granting["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/dev-boundary"}}


def test_nothing_global_but_what_has_no_region_escapes_the_region() -> None:
    region = statements()["Region"]
    assert (region["Effect"], region["NotAction"]) == ("Deny", ["budgets:*", "iam:*", "shield:*", "sts:*"])
    assert region["Condition"] == {"StringNotEquals": {"aws:RequestedRegion": REGION}}


@pytest.mark.parametrize("keeps", [True, False])
def test_audit_logs_stay_where_the_environment_is_not_destroyable(keeps: bool) -> None:
    assert ("AuditLogs" in statements(keeps_audit_logs=keeps)) is keeps


def test_no_action_is_let_through_by_a_wildcard_over_services() -> None:
    allowed = [action for each in statements().values() if each["Effect"] == "Allow" for action in listed(each["Action"])]
    assert [action for action in allowed if not re.fullmatch(r"[a-z0-9-]+:[A-Za-z*]+", action)] == []
    assert "iam:*" not in allowed


def test_the_longest_environment_has_a_boundary_that_iam_takes() -> None:
    longest = Names(environment="e" * LONGEST_ENVIRONMENT, account="111111111111")
    text = boundary.boundary(longest, "ap-southeast-1", keeps_audit_logs=True)
    assert len("".join(text.split())) <= limits.MANAGED_POLICY == 6144


def test_a_policy_over_the_limit_is_refused_with_the_figure() -> None:
    much = document(allow("Much", [f"s3:{'a' * 100}"] * 70, resources="*"))
    with pytest.raises(
        Refused, match=r"policy `dev-much`, \d+ characters without white space; expected at most 6144; allow \d+ characters less"
    ):
        limits.managed(much, "dev-much")


def test_white_space_does_not_count() -> None:
    assert limits.managed("a b" + " " * 7000, "dev-blank")
