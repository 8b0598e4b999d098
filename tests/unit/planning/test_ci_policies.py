"""What the roles of CI list. What IAM makes of it: tests/local/test_ci_roles.py."""

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from planning.documents import ci
from planning.names import LONGEST_ENVIRONMENT, Names
from planning.refusal import Refused

DEV = Names(environment="dev", account="111111111111")
REGION = "eu-west-1"
PREVIEW, DEPLOY = ci.preview(DEV, REGION), ci.deploy(DEV, REGION, destroyable=True)
BOTH = pytest.mark.parametrize("policies", [PREVIEW, DEPLOY], ids=["preview", "deploy"])


def statements(policies: Mapping[str, str]) -> list[dict[str, Any]]:
    return [each for policy in policies.values() for each in json.loads(policy)["Statement"]]


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def actions(policies: Mapping[str, str]) -> set[str]:
    return {action for each in statements(policies) for action in listed(each["Action"])}


def granting(policies: Mapping[str, str], action: str) -> list[dict[str, Any]]:
    found = [each for each in statements(policies) if action in listed(each["Action"])]
    assert found, action
    return found


def test_a_preview_lists_its_actions_one_by_one() -> None:
    assert [action for action in actions(PREVIEW) if "*" in action] == []


def test_a_deployment_has_the_whole_of_no_service() -> None:
    assert {action for action in actions(DEPLOY) if "*" in action} == {"kms:GenerateDataKey*"}


def test_a_preview_changes_nothing() -> None:
    verbs = ("BatchGet", "Decrypt", "Describe", "Get", "List", "View")
    assert [action for action in actions(PREVIEW) if not action.split(":")[1].startswith(verbs)] == []


@BOTH
def test_ci_reads_no_data(policies: Mapping[str, str]) -> None:
    readers = re.compile(
        r"ssm:GetParametersByPath|rds-data:|dynamodb:|kinesis:(Get|Subscribe)|athena:(Start|GetQuery)|ecr:BatchGet|logs:Get(LogEvents|LogRecord|QueryResults)|logs:(Filter|StartQuery)"
    )
    assert [action for action in actions(policies) if readers.match(action)] == []


def values_read(policies: Mapping[str, str]) -> set[str]:
    readers = {action for action in actions(policies) if re.match(r"secretsmanager:(GetSecret|BatchGet)", action)}
    return {resource for action in readers for each in granting(policies, action) for resource in listed(each["Resource"])}


def test_a_preview_reads_no_secret() -> None:
    assert values_read(PREVIEW) == set()


def test_a_deployment_reads_no_secret_but_those_that_it_makes() -> None:
    assert values_read(DEPLOY) == {"arn:aws:secretsmanager:eu-west-1:111111111111:secret:dev-*"}


@BOTH
def test_ci_reads_no_object_but_the_stacks_own_state(policies: Mapping[str, str]) -> None:
    objects = {resource for each in granting(policies, "s3:GetObject") for resource in listed(each["Resource"])}
    assert all(re.search(r"/(meta\.yaml|ml-platform/dev(\.json(\.bak)?|\.pulumi-tags|/\*))$", each) for each in objects), objects
    assert all(each.startswith("arn:aws:s3:::ml-platform-state-111111111111/.pulumi/") for each in objects)


@BOTH
def test_ci_reads_no_parameter_but_the_contract(policies: Mapping[str, str]) -> None:
    (reading,) = granting(policies, "ssm:GetParameter")
    assert reading["Resource"] == "arn:aws:ssm:eu-west-1:111111111111:parameter/ml-platform/dev/*"


def test_a_preview_decrypts_with_the_key_of_the_state_only() -> None:
    (decrypting,) = granting(PREVIEW, "kms:Decrypt")
    assert decrypting["Condition"] == {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/pulumi-state"}}


def test_a_deployment_uses_the_environments_keys_through_services_only() -> None:
    (state, own) = sorted(granting(DEPLOY, "kms:Decrypt"), key=lambda each: each["Sid"])
    assert state["Condition"] == {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/pulumi-state"}}
    assert own["Condition"]["StringEquals"]["aws:ResourceTag/deployment"] == "ml-platform/dev"
    assert all(each.endswith(".eu-west-1.amazonaws.com") for each in own["Condition"]["StringEquals"]["kms:ViaService"])


KEYS = "arn:aws:kms:eu-west-1:111111111111:key/*"
UNTAGGED = {"Null": {"aws:ResourceTag/deployment": "true"}}


def test_a_deployment_tags_a_key_that_it_makes_as_its_own_and_one_that_is_its_own_already() -> None:
    allowed = [each for each in granting(DEPLOY, "kms:TagResource") if each["Effect"] == "Allow"]
    assert {each["Resource"] for each in allowed} == {KEYS}
    assert [each["Condition"] for each in allowed] == [
        {"StringEquals": {"aws:RequestTag/deployment": "ml-platform/dev"}, **UNTAGGED},
        {"StringEquals": {"aws:ResourceTag/deployment": "ml-platform/dev"}},
    ]


def test_a_deployment_never_tags_a_key_of_somebody_elses_as_its_own() -> None:
    (refused,) = [each for each in granting(DEPLOY, "kms:TagResource") if each["Effect"] == "Deny"]
    assert refused["Resource"] == KEYS
    assert refused["Condition"] == {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/*"}, **UNTAGGED}


@pytest.mark.parametrize("action", ["kms:CreateGrant", "kms:RetireGrant"])
def test_a_deployment_makes_and_retires_grants_of_the_environments_keys_only(action: str) -> None:
    (using,) = granting(DEPLOY, action)
    assert (using["Resource"], using["Condition"]["StringEquals"]["aws:ResourceTag/deployment"]) == (KEYS, "ml-platform/dev")


def test_a_deployment_grants_the_environments_keys_through_services_only() -> None:
    (granted,) = granting(DEPLOY, "kms:CreateGrant")
    assert "ecr.eu-west-1.amazonaws.com" in granted["Condition"]["StringEquals"]["kms:ViaService"]


def test_a_database_may_have_the_option_group_that_rds_gives_it_and_no_other() -> None:
    (making,) = granting(DEPLOY, "rds:CreateDBInstance")
    assert [each for each in making["Resource"] if ":og:" in each] == ["arn:aws:rds:eu-west-1:111111111111:og:default*"]


@pytest.mark.parametrize("environment", ["state", "dev"])
def test_buckets_of_an_environment_are_never_that_of_the_states(environment: str) -> None:
    names = Names(environment=environment, account="111111111111")
    assert fnmatchcase(names.bucket("models"), names.any_bucket)
    assert not fnmatchcase(names.state_bucket, names.any_bucket)


@BOTH
def test_ci_reads_the_tags_of_its_stack_which_the_engine_asks_for_before_all_else(policies: Mapping[str, str]) -> None:
    objects = {resource for each in granting(policies, "s3:GetObject") for resource in listed(each["Resource"])}
    assert "arn:aws:s3:::ml-platform-state-111111111111/.pulumi/stacks/ml-platform/dev.pulumi-tags" in objects


@BOTH
def test_ci_is_told_that_an_object_of_the_state_is_not_there(policies: Mapping[str, str]) -> None:
    (finding,) = [each for each in granting(policies, "s3:ListBucket") if each["Sid"] == "FindState"]
    assert (finding["Resource"], "Condition" in finding) == ("arn:aws:s3:::ml-platform-state-111111111111", False)


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"])
def test_a_deployment_gives_rights_only_to_roles_that_carry_the_boundary(action: str) -> None:
    (rights,) = granting(DEPLOY, action)
    assert rights["Resource"] == "arn:aws:iam::111111111111:role/dev-*"
    assert rights["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/dev-boundary"}}


def test_a_deployment_passes_roles_to_the_services_that_use_them_only() -> None:
    (passing,) = granting(DEPLOY, "iam:PassRole")
    assert passing["Resource"] == "arn:aws:iam::111111111111:role/dev-*"
    used = [f"{service}.amazonaws.com" for service in ("codebuild", "eks", "firehose", "monitoring.rds", "pods.eks", "s3")]
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": used}}


def test_a_deployment_becomes_the_clusters_administrator_and_nobody_else() -> None:
    (becoming,) = granting(DEPLOY, "sts:AssumeRole")
    assert becoming["Resource"] == "arn:aws:iam::111111111111:role/dev-cluster-admin"


@pytest.mark.parametrize("destroyable", [True, False])
def test_a_deployment_deletes_data_only_where_it_may_be_lost(destroyable: bool) -> None:
    policies = ci.deploy(DEV, REGION, destroyable=destroyable)
    assert ("s3:DeleteObjectVersion" in actions(policies)) is destroyable


@pytest.mark.parametrize("destroyable", [True, False])
def test_the_longest_environment_has_policies_that_iam_takes(destroyable: bool) -> None:
    longest = Names(environment="e" * LONGEST_ENVIRONMENT, account="111111111111")
    assert ci.preview(longest, "ap-southeast-1")
    assert ci.deploy(longest, "ap-southeast-1", destroyable=destroyable)


@pytest.mark.parametrize("stack", ["preview-dev", "read-dev", "ephemeral-dev", "reap-dev"])
def test_a_stack_whose_deployments_anothers_previews_could_do_is_refused(stack: str) -> None:
    with pytest.raises(Refused, match=f"got stack `{stack}` with `ci`; expected one that does not begin with"):
        ci.environments(stack)
