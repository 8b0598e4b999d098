"""That the roles for environments of pull requests can do their work: every call that the local AWS's provider makes for a type that a
slice or a whole environment is made of is allowed them, on a thing of its name; and every call with which scripts/slice.py looks and
sweeps.

The official provider makes a few calls more; what is missing here, though, is missing there.
"""

import inspect
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

import contract
from localcloud.aws.row import Read, Row
from localcloud.aws.rows import ROWS
from localcloud.aws.tags import TAGGING
from operations.slices import creating, environments, leaving, tagged
from operations.slices.environments import Kind
from planning.documents import ephemeral
from planning.names import Names
from scripts import leftovers
from stacks.checking import StackFile, parse
from stacks.models import Settings
from tests.unit.conftest import stack_file
from tests.unit.registrations import Recorded, record
from tests.unit.tiers.test_ci_reach import actions, allowed
from tiers.assembly import assemble

DEV = Names(environment="dev", account="111111111111")
CREATE, REAP = ephemeral.create(DEV, "eu-west-1"), ephemeral.reap(DEV, "eu-west-1")
DAY = date(2027, 1, 31)
# What is in no policy of theirs, because the boundary of a pull request's roles is the platform's.
BOUNDARY = "arn:aws:iam::111111111111:policy/dev-ci-ephemeral-boundary"


# What things of the other kind are called, and those of this one never: a slice's begin with the platform's name, or its contract's,
# and it has no groups of parameters or subnets.
OTHERS: Mapping[Kind, re.Pattern[str]] = {
    "slice": re.compile(r"(?<!tenants)[:/]pr[-_]|ml-platform[-/]pr-|:(parametergroup|subnetgroup|pg|subgrp|og):"),
    "full": re.compile(r"[:/-]dev[-/]"),
}


def reached(kind: Kind, policies: Mapping[str, str]) -> set[str]:
    """The actions that are allowed on things that may be called like those of a kind."""
    statements: list[dict[str, Any]] = [each for policy in policies.values() for each in json.loads(policy)["Statement"]]
    allowing = [each for each in statements if each["Effect"] == "Allow"]
    meant = [each for each in allowing if not all(OTHERS[kind].search(of) for of in listed(each["Resource"]))]
    return {action for each in meant for action in listed(each["Action"])}


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.fixture(scope="module", params=["slice", "full"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture(scope="module")
def recorded(kind: Kind, settings: Settings, dev: Recorded) -> Recorded:
    given = environments.settings_of(kind, settings, 7, DAY)
    pull_request = parse("pr-7", json.loads(json.dumps(given)), [StackFile("dev", stack_file("dev"))])
    published = {each.inputs["name"]: each.inputs["insecureValue"] for each in dev.all("aws:ssm/parameter:Parameter")}
    return record(lambda: assemble(pull_request), stack="pr-7", parameters=published)


@pytest.fixture(scope="module")
def rows(recorded: Recorded) -> list[Row]:
    """Of the types that it is made of."""
    found = [ROWS[type_] for type_ in sorted({each.type for each in recorded.registrations}) if type_ in ROWS]
    assert len(found) >= 8
    return found


def missing(needed: Mapping[str, set[str]], among: set[str]) -> Mapping[str, set[str]]:
    return {type_: calls - among for type_, calls in needed.items() if calls - among}


def test_who_makes_it_may_make_change_and_remove_everything_that_it_is_made_of(kind: Kind, rows: list[Row]) -> None:
    tagging = {row.type: (TAGGING[row.tags].tag, TAGGING[row.tags].untag) for row in rows if row.tags}
    needed = {
        row.type: actions(row, [*row.create, *row.read, *row.update, *row.delete, *filter(None, tagging.get(row.type, ()))]) for row in rows
    }
    assert missing(needed, reached(kind, CREATE)) == {}


def test_who_reaps_it_may_read_and_remove_everything_that_it_is_made_of(kind: Kind, rows: list[Row]) -> None:
    looked = {row.type: [call.each for call in row.delete if isinstance(call.each, Read)] for row in rows}
    needed = {row.type: actions(row, [*row.read, *row.delete, *looked[row.type]]) for row in rows}
    assert missing(needed, reached(kind, REAP)) == {}


def test_every_role_of_it_carries_the_boundary_that_the_platform_has_for_pull_requests(recorded: Recorded) -> None:
    roles = recorded.all("aws:iam/role:Role")
    assert roles
    assert {each.inputs["permissionsBoundary"] for each in roles} == {BOUNDARY}


def test_it_makes_no_managed_policy(recorded: Recorded) -> None:
    assert recorded.all("aws:iam/policy:Policy") == []


# By boto3's names, each with IAM's: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html.
BESIDE = {
    "describe_vpcs": "ec2:DescribeVpcs",
    "get_parameter": "ssm:GetParameter",
    "list_object_versions": "s3:ListBucketVersions",
    "delete_objects": "s3:DeleteObjectVersion",
    "get_resources": "tag:GetResources",
    "describe_key": "kms:DescribeKey",
    "describe_load_balancers": "elasticloadbalancing:DescribeLoadBalancers",
    "delete_load_balancer": "elasticloadbalancing:DeleteLoadBalancer",
    "describe_target_groups": "elasticloadbalancing:DescribeTargetGroups",
    "delete_target_group": "elasticloadbalancing:DeleteTargetGroup",
    "describe_tags": "elasticloadbalancing:DescribeTags",
    "describe_instances": "ec2:DescribeInstances",
    "terminate_instances": "ec2:TerminateInstances",
    "describe_launch_templates": "ec2:DescribeLaunchTemplates",
    "delete_launch_template": "ec2:DeleteLaunchTemplate",
    "describe_volumes": "ec2:DescribeVolumes",
    "delete_volume": "ec2:DeleteVolume",
    "describe_snapshots": "ec2:DescribeSnapshots",
    "delete_snapshot": "ec2:DeleteSnapshot",
    "describe_network_interfaces": "ec2:DescribeNetworkInterfaces",
    "delete_network_interface": "ec2:DeleteNetworkInterface",
    "describe_security_groups": "ec2:DescribeSecurityGroups",
    "describe_security_group_rules": "ec2:DescribeSecurityGroupRules",
    "revoke_security_group_ingress": "ec2:RevokeSecurityGroupIngress",
    "revoke_security_group_egress": "ec2:RevokeSecurityGroupEgress",
    "delete_security_group": "ec2:DeleteSecurityGroup",
    "list_instance_profiles": "iam:ListInstanceProfiles",
    "get_instance_profile": "iam:GetInstanceProfile",
    "remove_role_from_instance_profile": "iam:RemoveRoleFromInstanceProfile",
    "delete_instance_profile": "iam:DeleteInstanceProfile",
    "describe_db_instances": "rds:DescribeDBInstances",
    "modify_db_instance": "rds:ModifyDBInstance",
    "delete_db_instance": "rds:DeleteDBInstance",
    "describe_db_snapshots": "rds:DescribeDBSnapshots",
    "delete_db_snapshot": "rds:DeleteDBSnapshot",
}
CALLS = re.compile(r"\b((?:delete|describe|get|list|modify|remove|revoke|terminate)_[a-z_]+)\b")


def called(*modules: Any) -> set[str]:
    """Whatever is named like a call of boto3's in them, and is none of Python's own functions there."""
    text = "".join(inspect.getsource(module) for module in modules)
    own = {*re.findall(r"def (\w+)", text), "get_paginator"}
    return {name for name in CALLS.findall(text) if name not in own}


def test_what_is_called_besides_is_what_this_table_lists() -> None:
    assert called(creating, leaving, tagged, leftovers) == {*BESIDE}


@pytest.mark.parametrize("action", [action for action in BESIDE.values() if action != "ec2:DescribeVpcs"])
def test_who_reaps_may_call_it(action: str) -> None:
    assert action in allowed(REAP)


def test_who_makes_a_whole_one_may_see_whether_its_range_is_free() -> None:
    assert "ec2:DescribeVpcs" in allowed(CREATE)


@pytest.mark.parametrize("policies", [CREATE, REAP], ids=["create", "reap"])
def test_the_platforms_contract_is_read(policies: Mapping[str, str]) -> None:
    read: list[dict[str, Any]] = [
        each for policy in policies.values() for each in json.loads(policy)["Statement"] if each["Sid"] == "ReadContract"
    ]
    arn = f"arn:aws:ssm:eu-west-1:111111111111:parameter{contract.parameter_name('dev', 'feature_store')}"
    assert any(arn.startswith(each["Resource"].removesuffix("*")) for each in read)
