"""Buckets that lack a setting, or have one that is too weak, are found."""

import json
from dataclasses import replace
from typing import Any

import pytest

from policies.rule import UNKNOWN, Resource, StackRule, Unverified, Violation
from policies.rules import (
    s3_encrypted,
    s3_foreign_principal,
    s3_lifecycle,
    s3_lock_out,
    s3_logged,
    s3_notified,
    s3_object_lock,
    s3_replicated,
    s3_tls_only,
    s3_versioned,
)
from tests.policies.cases import (
    BUCKET,
    BUCKET_POLICY,
    BUCKET_SETTINGS,
    ENCRYPTION,
    LIFECYCLE,
    LOCK,
    LOGGING,
    NOTIFICATION,
    READING,
    REPLICATION,
    TAGS,
    TLS_ONLY,
    TO_ROLE,
    VERSIONING,
    document,
    resource,
    unverified,
    violations,
)

NEEDED = [
    (s3_tls_only.RULE, BUCKET_POLICY),
    (s3_encrypted.RULE, ENCRYPTION),
    (s3_versioned.RULE, VERSIONING),
    (s3_lifecycle.RULE, LIFECYCLE),
    (s3_logged.RULE, LOGGING),
    (s3_object_lock.RULE, LOCK),
    (s3_replicated.RULE, REPLICATION),
    (s3_notified.RULE, NOTIFICATION),
]
DEFAULT: dict[str, Any] = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "key"}
RULE: dict[str, Any] = json.loads(json.dumps(resource(LIFECYCLE).properties["rules"][0]))


def stack(**changes: dict[str, Any]) -> list[Resource]:
    """A compliant bucket with its settings, some of them changed by the last part of their type's name."""
    return [resource(each, **changes.get(each.rpartition(":")[2], {})) for each in (BUCKET, *BUCKET_SETTINGS)]


def found(rule: StackRule, resources: list[Resource]) -> list[str]:
    return [each.message for each in rule.check(resources) if isinstance(each, Violation)]


@pytest.mark.parametrize(("rule", "type"), NEEDED)
def test_a_bucket_without_a_setting_is_found(rule: StackRule, type: str) -> None:
    without = [each for each in stack() if each.type != type]
    assert [each.urn for each in rule.check(without)] == [resource(BUCKET).urn]


@pytest.mark.parametrize(("rule", "type"), NEEDED)
def test_a_setting_of_another_bucket_does_not_count(rule: StackRule, type: str) -> None:
    others = [replace(each, properties={**each.properties, "bucket": "other"}) if each.type == type else each for each in stack()]
    assert [each.urn for each in rule.check(others)] == [resource(BUCKET).urn]


@pytest.mark.parametrize(("rule", "type"), NEEDED)
def test_a_setting_whose_bucket_is_not_known_yet_is_joined_by_what_it_depends_on(rule: StackRule, type: str) -> None:
    of_it = {"bucket": frozenset({resource(BUCKET).urn})}
    joined = [
        replace(each, properties={**each.properties, "bucket": UNKNOWN}, sources=of_it) if each.type == type else each for each in stack()
    ]
    assert list(rule.check(joined)) == []


WEAK: list[tuple[StackRule, str, dict[str, Any]]] = [
    (s3_tls_only.RULE, "BucketPolicy", {"policy": document(TO_ROLE)}),
    (s3_tls_only.RULE, "BucketPolicy", {"policy": document({**TLS_ONLY, "Effect": "Allow"})}),
    (s3_tls_only.RULE, "BucketPolicy", {"policy": document({**TLS_ONLY, "Action": "s3:GetObject"})}),
    (s3_tls_only.RULE, "BucketPolicy", {"policy": document({**TLS_ONLY, "Condition": {"Bool": {"aws:SecureTransport": "true"}}})}),
    (s3_tls_only.RULE, "BucketPolicy", {"policy": document({**TLS_ONLY, "Principal": {"AWS": "arn:aws:iam::111111111111:role/one"}})}),
    (
        s3_encrypted.RULE,
        "BucketServerSideEncryptionConfiguration",
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
    ),
    (
        s3_encrypted.RULE,
        "BucketServerSideEncryptionConfiguration",
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}]},
    ),
    (s3_encrypted.RULE, "BucketServerSideEncryptionConfiguration", {"rules": []}),
    (s3_versioned.RULE, "BucketVersioning", {"versioningConfiguration": {"status": "Suspended"}}),
    (
        s3_lifecycle.RULE,
        "BucketLifecycleConfiguration",
        {"rules": [{**RULE, "status": "Disabled"}, RULE | {"noncurrentVersionExpiration": None}]},
    ),
    (s3_lifecycle.RULE, "BucketLifecycleConfiguration", {"rules": [RULE | {"abortIncompleteMultipartUpload": None}]}),
    (s3_object_lock.RULE, "BucketObjectLockConfiguration", {"rule": None}),
    (s3_object_lock.RULE, "Bucket", {"bucket": "ml-platform-test-decision-log-1", "objectLockEnabled": None}),
    (s3_replicated.RULE, "BucketReplicationConfig", {"rules": [{"status": "Disabled"}]}),
    (s3_replicated.RULE, "BucketReplicationConfig", {"rules": []}),
]


@pytest.mark.parametrize(("rule", "setting", "change"), WEAK)
def test_a_setting_that_is_too_weak_is_found(rule: StackRule, setting: str, change: dict[str, Any]) -> None:
    assert len(found(rule, stack(**{setting: change}))) == 1


@pytest.mark.parametrize(("rule", "type"), [(s3_encrypted.RULE, ENCRYPTION), (s3_logged.RULE, LOGGING)])
def test_a_bucket_that_s3_delivers_access_logs_to_can_have_neither_a_key_nor_logs(rule: StackRule, type: str) -> None:
    delivery = {"Sid": "Logs", "Effect": "Allow", "Action": "s3:PutObject", "Principal": {"Service": "logging.s3.amazonaws.com"}}
    without = [each for each in stack(BucketPolicy={"policy": document(TLS_ONLY, delivery)}) if each.type != type]
    assert list(rule.check(without)) == []


def test_a_bucket_that_cannot_lock_objects_needs_no_lock() -> None:
    assert list(s3_object_lock.RULE.check([resource(BUCKET, objectLockEnabled=None)])) == []


PERSONAL = {**TAGS, "data-classification": "pii"}
WITHOUT_REPLICA: dict[str, tuple[object, dict[str, str], type[Violation | Unverified] | None]] = {
    "a reason": ({"without-replica": "nobody reads it"}, TAGS, None),
    "no reason": ({"without-replica": ""}, TAGS, Violation),
    "another tag": ({"owner": "nobody reads it"}, TAGS, Violation),
    "a reason that is not known yet": ({"without-replica": UNKNOWN}, TAGS, Unverified),
    "tags that are not known yet": (UNKNOWN, TAGS, Unverified),
    "any reason, of data of persons": ({"without-replica": "nobody reads it"}, PERSONAL, Violation),
    "a known reason, of data of persons": ({"without-replica": s3_replicated.MADE_AGAIN}, PERSONAL, None),
}


@pytest.mark.parametrize(("tags", "defaults", "kind"), WITHOUT_REPLICA.values(), ids=WITHOUT_REPLICA)
def test_a_bucket_without_a_copy_says_why(tags: object, defaults: dict[str, str], kind: type[Violation | Unverified] | None) -> None:
    bucket = replace(resource(BUCKET, tags=tags), default_tags=defaults)
    assert [type(each) for each in s3_replicated.RULE.check([bucket])] == ([kind] if kind else [])


def test_a_key_that_is_not_known_yet_is_a_key() -> None:
    rules = [{"applyServerSideEncryptionByDefault": {**DEFAULT, "kmsMasterKeyId": UNKNOWN}}]
    assert list(s3_encrypted.RULE.check(stack(BucketServerSideEncryptionConfiguration={"rules": rules}))) == []


@pytest.mark.parametrize(
    ("rule", "setting", "change"),
    [
        (s3_tls_only.RULE, "BucketPolicy", {"policy": UNKNOWN}),
        (s3_encrypted.RULE, "BucketServerSideEncryptionConfiguration", {"rules": UNKNOWN}),
        (s3_versioned.RULE, "BucketVersioning", {"versioningConfiguration": UNKNOWN}),
        (s3_lifecycle.RULE, "BucketLifecycleConfiguration", {"rules": UNKNOWN}),
        (s3_object_lock.RULE, "Bucket", {"objectLockEnabled": UNKNOWN}),
        (s3_replicated.RULE, "BucketReplicationConfig", {"rules": UNKNOWN}),
    ],
)
def test_a_setting_that_is_not_known_yet_is_said_to_be_so(rule: StackRule, setting: str, change: dict[str, Any]) -> None:
    (only,) = rule.check(stack(**{setting: change}))
    assert isinstance(only, Unverified)


@pytest.mark.parametrize("principal", ["arn:aws:iam::222222222222:role/reader", "222222222222", "*.example"])
def test_a_principal_of_another_account_is_found(principal: str) -> None:
    (said,) = violations(s3_foreign_principal.RULE, resource(BUCKET_POLICY, policy=document({**READING, "Principal": {"AWS": principal}})))
    assert principal in said


def test_a_principal_is_not_judged_where_the_provider_is_pinned_to_no_account() -> None:
    asked = replace(resource(BUCKET_POLICY), accounts=UNKNOWN)
    assert violations(s3_foreign_principal.RULE, asked) == []
    assert len(unverified(s3_foreign_principal.RULE, asked)) == 1


@pytest.mark.parametrize("action", ["s3:*", ["s3:GetObject", "s3:PutBucketPolicy"]])
@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_a_policy_that_locks_everybody_out_is_found(principal: object, action: object) -> None:
    denying = {"Sid": "All", "Effect": "Deny", "Principal": principal, "Action": action, "Resource": "*"}
    (said,) = violations(s3_lock_out.RULE, resource(BUCKET_POLICY, policy=document(denying)))
    assert "'All'" in said
