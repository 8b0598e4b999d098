"""Streams, deliveries and queries that leave something unencrypted are found."""

from typing import Any

import pytest

from policies.rule import UNKNOWN, ResourceRule
from policies.rules import athena_enforced, firehose_encrypted, kinesis_encrypted
from tests.policies.cases import DELIVERY, KEY_ARN, STREAM, WORKGROUP, resource, unverified, violations

ENCRYPTED = {"encryptionConfiguration": {"encryptionOption": "SSE_KMS", "kmsKeyArn": KEY_ARN}}
DIRECT = {"kinesisSourceConfiguration": None}


@pytest.mark.parametrize(
    ("rule", "type", "change"),
    [
        (kinesis_encrypted.RULE, STREAM, {"encryptionType": None}),
        (kinesis_encrypted.RULE, STREAM, {"kmsKeyId": None}),
        (kinesis_encrypted.RULE, STREAM, {"kmsKeyId": "alias/aws/kinesis"}),
        (firehose_encrypted.RULE, DELIVERY, {"extendedS3Configuration": {"bucketArn": "one"}}),
        (firehose_encrypted.RULE, DELIVERY, {**DIRECT, "serverSideEncryption": {"enabled": False, "keyArn": KEY_ARN}}),
        (firehose_encrypted.RULE, DELIVERY, {**DIRECT, "serverSideEncryption": {"enabled": True}}),
        (athena_enforced.RULE, WORKGROUP, {"configuration": {"enforceWorkgroupConfiguration": False, "resultConfiguration": ENCRYPTED}}),
        (athena_enforced.RULE, WORKGROUP, {"configuration": {"enforceWorkgroupConfiguration": True}}),
        (athena_enforced.RULE, WORKGROUP, {"configuration": None}),
    ],
)
def test_what_is_not_encrypted_is_found(rule: ResourceRule, type: str, change: dict[str, Any]) -> None:
    assert len(violations(rule, resource(type, **change))) == 1


@pytest.mark.parametrize(
    ("rule", "type", "change"),
    [
        (kinesis_encrypted.RULE, STREAM, {"encryptionType": UNKNOWN}),
        (firehose_encrypted.RULE, DELIVERY, {**DIRECT, "serverSideEncryption": UNKNOWN}),
        (athena_enforced.RULE, WORKGROUP, {"configuration": UNKNOWN}),
    ],
)
def test_what_is_not_known_yet_is_said_to_be_so(rule: ResourceRule, type: str, change: dict[str, Any]) -> None:
    assert violations(rule, resource(type, **change)) == []
    assert len(unverified(rule, resource(type, **change))) == 1
