"""What lets somebody do more."""

import json
from typing import Any

import pytest

from operations.preview.changes import changes
from operations.preview.grants import widened
from planning.billed import UNKNOWN
from tests.unit.operations.preview.previewed import BUCKET, ROLE, Step, created, deleted, replaced, updated, urn

POLICY, ATTACHMENT = "aws:iam/policy:Policy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
BINDING, BUCKET_POLICY = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "aws:s3/bucketPolicy:BucketPolicy"


def allow(action: str, sid: str = "") -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": "*"}


DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def policy(*statements: Any) -> dict[str, Any]:
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": list(statements)})}


def trust(action: str) -> dict[str, Any]:
    return {"assumeRolePolicy": json.dumps({"Statement": {"Effect": "Allow", "Action": action}})}


def properties(*steps: Step) -> list[str]:
    found = changes({"steps": list(steps)})
    return widened(found[0], {each.urn for each in found if each.action == "delete"})


@pytest.mark.parametrize(
    ("found", "steps"),
    [
        ([], [updated(POLICY, policy(allow("a")), policy(allow("a")))]),
        ([], [updated(POLICY, policy(allow("a"), allow("b")), policy(allow("b")))]),
        ([], [updated(POLICY, policy(allow("a", "One")), policy(allow("a", "Two")))]),
        ([], [updated(POLICY, policy(allow("a")), policy(allow("a"), DENY))]),
        (["policy"], [updated(POLICY, policy(allow("a")), policy(allow("a"), allow("b")))]),
        (["policy"], [updated(POLICY, policy(allow("a")), policy(allow("*")))]),
        (["policy"], [updated(POLICY, policy(DENY), policy())]),
        (["policy"], [updated(POLICY, policy(allow("a")), {"policy": UNKNOWN})]),
        (["policy"], [updated(POLICY, {"policy": UNKNOWN}, {"policy": UNKNOWN})]),
        (["policy"], [updated(POLICY, policy(allow("a")), {"policy": "no JSON"})]),
        (["policy"], [created(POLICY, **policy(allow("a")))]),
        ([], [created(BUCKET_POLICY, **policy(DENY))]),
        ([], [deleted(POLICY, **policy(allow("a")))]),
        (["policy"], [deleted(BUCKET_POLICY, **policy(DENY))]),
        ([], [deleted(BUCKET_POLICY, **policy(DENY), old={"dependencies": [urn(BUCKET, "main")]}), deleted(BUCKET)]),
        (["policy"], [*replaced(POLICY, policy(allow("a")), policy(allow("b")), "name")]),
        (["assumeRolePolicy"], [updated(ROLE, trust("a"), trust("b"))]),
        ([], [updated(ROLE, {**trust("a"), "description": "a"}, {**trust("a"), "description": "b"})]),
        (["permissionsBoundary"], [updated(ROLE, {"permissionsBoundary": "arn:a"}, {})]),
        (["managedPolicyArns"], [updated(ROLE, {"managedPolicyArns": ["a"]}, {"managedPolicyArns": ["a", "b"]})]),
        ([], [updated(ROLE, {"managedPolicyArns": ["a", "b"]}, {"managedPolicyArns": ["a"]})]),
        (["managedPolicyArns"], [updated(ROLE, {}, {"managedPolicyArns": UNKNOWN})]),
        (["inlinePolicies"], [updated(ROLE, {}, {"inlinePolicies": [{"name": "n"}]})]),
        ([], [deleted(ROLE, permissionsBoundary="arn:a")]),
        (["*"], [created(ATTACHMENT, policyArn="arn:a")]),
        ([], [deleted(ATTACHMENT, policyArn="arn:a")]),
        (["*"], [created(BINDING)]),
        (["*"], [updated(BINDING, {}, {"subjects": ["a"]})]),
        ([], [created(BUCKET)]),
    ],
)
def test_more_is_allowed_exactly_where_a_statement_says_so(found: list[str], steps: list[Step]) -> None:
    assert properties(*steps) == found
