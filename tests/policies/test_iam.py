"""Rights to everything are found, however they are written."""

from typing import Any

import pytest

from policies.rule import UNKNOWN
from policies.rules import iam_all_actions
from tests.policies.cases import ATTACHMENT, POLICY, READING, ROLE, document, resource, unverified, violations


@pytest.mark.parametrize(
    "change",
    [{"Action": "*"}, {"Action": "*:*"}, {"Action": ["s3:GetObject", "*"]}, {"Action": "**"}, {"Action": None, "NotAction": ["iam:*"]}],
)
def test_statement_that_allows_every_action_is_found(change: dict[str, Any]) -> None:
    statement = {name: value for name, value in {**READING, **change}.items() if value is not None}
    (found,) = violations(iam_all_actions.RULE, resource(POLICY, policy=document(READING, statement)))
    assert "'Reading' of policy" in found


def test_single_statement_that_is_not_in_a_list_is_read_too() -> None:
    single = {"Version": "2012-10-17", "Statement": {**READING, "Action": "*"}}
    assert len(violations(iam_all_actions.RULE, resource(POLICY, policy=single))) == 1


def test_inline_policy_of_a_role_is_read_too() -> None:
    (found,) = violations(iam_all_actions.RULE, resource(ROLE, inlinePolicies=[{"policy": document({**READING, "Action": "*"})}]))
    assert "inlinePolicies[0].policy" in found


@pytest.mark.parametrize("type", [ATTACHMENT, ROLE])
def test_attached_administrator_policy_is_found(type: str) -> None:
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    change: dict[str, Any] = {"policyArn": arn} if type == ATTACHMENT else {"managedPolicyArns": [arn]}
    (found,) = violations(iam_all_actions.RULE, resource(type, **change))
    assert "AdministratorAccess" in found


def test_denying_every_action_is_fine() -> None:
    assert violations(iam_all_actions.RULE, resource(POLICY, policy=document({**READING, "Effect": "Deny", "Action": "*"}))) == []


def test_document_that_is_no_json_is_found() -> None:
    (found,) = violations(iam_all_actions.RULE, resource(POLICY, policy="{"))
    assert "not JSON" in found


def test_inline_policy_that_is_not_known_yet_does_not_hide_one_that_allows_every_action() -> None:
    asked = resource(ROLE, inlinePolicies=[UNKNOWN, {"policy": UNKNOWN}, {"policy": document({**READING, "Action": "*"})}])
    assert len(violations(iam_all_actions.RULE, asked)) == 1
    assert len(unverified(iam_all_actions.RULE, asked)) == 2
