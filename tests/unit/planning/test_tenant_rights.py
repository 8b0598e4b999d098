"""What a tenant's role may do with which actions, and on what."""

import json
from typing import Any, get_args

import pytest

from planning.actions import TenantAction
from planning.documents.tenants import Own, rights, services

OWN = Own(
    region="eu-west-1", account="111111111111", buckets=["past", "staging"], prefix="risk_1/", secrets=["dev-tenant-risk/registry-ro"]
)


def statements(*actions: TenantAction) -> list[dict[str, Any]]:
    return [each for text in rights(actions, OWN).values() for each in json.loads(text)["Statement"]]


OBJECTS = ["arn:aws:s3:::past/risk_1/*", "arn:aws:s3:::staging/risk_1/*"]
SECRETS = ["arn:aws:secretsmanager:eu-west-1:111111111111:secret:dev-tenant-risk/registry-ro-??????"]


@pytest.mark.parametrize("action", get_args(TenantAction))
def test_each_action_is_allowed_by_itself_and_on_what_is_its_own(action: TenantAction) -> None:
    (statement,) = statements(action)
    assert statement["Effect"] == "Allow"
    assert statement["Action"] in (action, [action])
    buckets = ["arn:aws:s3:::past", "arn:aws:s3:::staging"]
    expected = SECRETS if action.startswith("secretsmanager:") else buckets if action == "s3:ListBucket" else OBJECTS
    assert statement["Resource"] == expected


def test_only_its_own_prefix_is_listed() -> None:
    (statement,) = statements("s3:ListBucket")
    assert statement["Condition"] == {"StringLike": {"s3:prefix": "risk_1/*"}}


@pytest.mark.parametrize(
    ("actions", "used"),
    [
        (("s3:GetObject",), ("s3",)),
        (("secretsmanager:GetSecretValue",), ("secretsmanager",)),
        (("secretsmanager:GetSecretValue", "s3:ListBucket"), ("s3", "secretsmanager")),
    ],
)
def test_the_key_is_used_through_the_services_of_the_actions_only(actions: tuple[TenantAction, ...], used: tuple[str, ...]) -> None:
    assert services(actions) == used
