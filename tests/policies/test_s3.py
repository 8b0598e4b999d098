"""Buckets that are open to the public are found, whichever way they are opened."""

from dataclasses import replace
from typing import Any

import pytest

from policies.rule import UNKNOWN, Resource, Violation
from policies.rules import s3_public_access_block, s3_public_access_flags, s3_public_acl, s3_public_policy
from tests.policies.cases import BLOCK, BUCKET, BUCKET_ACL, BUCKET_POLICY, READING, TO_ROLE, document, resource, unverified, violations

EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"


def missing_blocks(*stack: Resource) -> list[str]:
    return [found.urn for found in s3_public_access_block.RULE.check(stack) if isinstance(found, Violation)]


def test_bucket_without_block_is_found() -> None:
    assert missing_blocks(resource(BUCKET)) == [resource(BUCKET).urn]


def test_block_of_another_bucket_does_not_count() -> None:
    assert missing_blocks(resource(BUCKET), resource(BLOCK, bucket="other")) == [resource(BUCKET).urn]


def test_block_whose_bucket_is_not_known_yet_is_joined_by_what_it_depends_on() -> None:
    bucket, block = resource(BUCKET, bucket=UNKNOWN), resource(BLOCK, bucket=UNKNOWN)
    assert missing_blocks(bucket, replace(block, sources={"bucket": frozenset({bucket.urn})})) == []
    assert missing_blocks(bucket, block) == [bucket.urn]


@pytest.mark.parametrize("value", [False, None])
@pytest.mark.parametrize("flag", s3_public_access_flags.FLAGS)
def test_block_with_a_flag_off_or_absent_is_found(flag: str, value: bool | None) -> None:
    (found,) = violations(s3_public_access_flags.RULE, resource(BLOCK, **{flag: value}))
    assert flag in found


def test_flag_that_is_not_known_yet_does_not_hide_another_that_is_off() -> None:
    asked = resource(BLOCK, blockPublicAcls=UNKNOWN, restrictPublicBuckets=False)
    assert len(violations(s3_public_access_flags.RULE, asked)) == 1
    assert len(unverified(s3_public_access_flags.RULE, asked)) == 1


@pytest.mark.parametrize("acl", ["public-read", "public-read-write", "authenticated-read"])
@pytest.mark.parametrize("type", [BUCKET, BUCKET_ACL])
def test_public_acl_is_found(type: str, acl: str) -> None:
    (found,) = violations(s3_public_acl.RULE, resource(type, acl=acl))
    assert acl in found


@pytest.mark.parametrize(
    ("type", "change"),
    [
        (BUCKET, {"grants": [{"type": "Group", "uri": EVERYBODY, "permissions": ["READ"]}]}),
        (BUCKET_ACL, {"acl": None, "accessControlPolicy": {"grants": [{"grantee": {"type": "Group", "uri": EVERYBODY}}]}}),
    ],
)
def test_grant_to_everybody_is_found(type: str, change: dict[str, Any]) -> None:
    (found,) = violations(s3_public_acl.RULE, resource(type, **change))
    assert "AllUsers" in found


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::111111111111:role/reader", "*"]}])
def test_bucket_policy_that_allows_everybody_is_found(principal: object) -> None:
    (found,) = violations(s3_public_policy.RULE, resource(BUCKET_POLICY, policy=document(TO_ROLE, {**READING, "Principal": principal})))
    assert "'Reading'" in found


def test_bucket_policy_that_allows_all_but_some_is_found() -> None:
    assert violations(s3_public_policy.RULE, resource(BUCKET_POLICY, policy=document({**READING, "NotPrincipal": {"AWS": "1"}})))


def test_bucket_policy_that_denies_everybody_is_none_of_its_business() -> None:
    denying = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    assert violations(s3_public_policy.RULE, resource(BUCKET_POLICY, policy=document(denying))) == []


def test_bucket_policy_that_is_not_known_yet_is_said_to_be_so() -> None:
    assert violations(s3_public_policy.RULE, resource(BUCKET_POLICY, policy=UNKNOWN)) == []
    assert unverified(s3_public_policy.RULE, resource(BUCKET_POLICY, policy=UNKNOWN)) == ["policy is not known yet."]
