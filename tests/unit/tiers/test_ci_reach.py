"""That the roles of CI can do their work: every call that the local AWS's provider makes for a type of the environment is allowed them.

The official provider makes a few calls more; what is missing here, though, is missing there.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pytest
from botocore import xform_name
from botocore.session import Session

from localcloud.aws.row import Call, Read, Row
from localcloud.aws.rows import ROWS
from localcloud.aws.tags import TAGGING
from planning.documents import boundary, ci
from planning.names import Names
from tests.unit.registrations import Recorded

PROD = Names(environment="prod", account="333333333333")
PREVIEW, DEPLOY = ci.preview(PROD, "eu-west-1"), ci.deploy(PROD, "eu-west-1", destroyable=True)

# Where IAM's name of an action is not the operation's: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html says so of
# each operation of S3, and https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html of Budgets.
ACTIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:DeleteBucketTagging": "s3:PutBucketTagging",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:PutBucketReplication": "s3:PutReplicationConfiguration",
    "s3:DeleteBucketReplication": "s3:PutReplicationConfiguration",
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:UpdateBudget": "budgets:ModifyBudget",
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "budgets:CreateNotification": "budgets:ModifyBudget",
    "budgets:UpdateNotification": "budgets:ModifyBudget",
    "budgets:DeleteNotification": "budgets:ModifyBudget",
    "budgets:CreateSubscriber": "budgets:ModifyBudget",
    "budgets:DeleteSubscriber": "budgets:ModifyBudget",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeNotificationsForBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
}
# What the platform never asks for: a boundary is never taken off, and no VPC is moved to hardware of its own.
NEVER = {"iam:DeleteRolePermissionsBoundary", "ec2:ModifyVpcTenancy"}


@cache
def operations(service: str) -> Mapping[str, str]:
    """The operations of a service by boto3's names for them."""
    model: Any = Session().get_service_model(service)
    return {xform_name(name): name for name in model.operation_names}


def actions(row: Row, calls: Iterable[Call | Read]) -> set[str]:
    named = {f"{row.service}:{operations(row.service)[call.operation]}" for call in calls}
    return {ACTIONS.get(name, name) for name in named} - NEVER


def allowed(policies: Mapping[str, str]) -> set[str]:
    statements: list[dict[str, Any]] = [each for policy in policies.values() for each in json.loads(policy)["Statement"]]
    allowing = [each for each in statements if each["Effect"] == "Allow"]
    return {action for each in allowing for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])}


@pytest.fixture(scope="module")
def rows(prod: Recorded) -> list[Row]:
    """Of the types that the environment is made of."""
    found = [ROWS[type_] for type_ in sorted({each.type for each in prod.registrations}) if type_ in ROWS]
    assert len(found) > 30
    return found


def test_a_preview_may_read_everything_that_an_environment_is_made_of_but_values_of_secrets(rows: list[Row]) -> None:
    tagging = {row.type: TAGGING[row.tags].read for row in rows if row.tags}
    needed = {row.type: actions(row, [*row.read, *filter(None, [tagging.get(row.type)])]) - allowed(PREVIEW) for row in rows}
    assert {type_: missing for type_, missing in needed.items() if missing} == {
        "aws:secretsmanager/secretVersion:SecretVersion": {"secretsmanager:GetSecretValue"}
    }


def test_a_deployment_may_make_change_and_remove_everything_that_an_environment_is_made_of(rows: list[Row]) -> None:
    tagging = {row.type: (TAGGING[row.tags].tag, TAGGING[row.tags].untag) for row in rows if row.tags}
    needed = {
        row.type: actions(row, [*row.create, *row.read, *row.update, *row.delete, *filter(None, tagging.get(row.type, ()))])
        - allowed(DEPLOY)
        for row in rows
    }
    assert {type_: missing for type_, missing in needed.items() if missing} == {}


def test_what_a_deployment_may_never_do_the_boundary_refuses() -> None:
    denied = [
        each for each in json.loads(boundary.boundary(PROD, "eu-west-1", keeps_audit_logs=True))["Statement"] if each["Effect"] == "Deny"
    ]
    assert any(each.get("Action") == "iam:DeleteRolePermissionsBoundary" for each in denied)
