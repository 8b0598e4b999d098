"""What has a state in AWS: keys, streams, alarms."""

from collections.abc import Iterator
from typing import Any

from operations.smoke.access import Access, Contract
from operations.smoke.check import Check, Differs, Nothing


def checks(found: Contract, access: Access) -> list[Check]:
    return [*_keys(found, access), *_streams(found, access), _alarms(found, access)]


def _keys(found: Contract, access: Access) -> list[Check]:
    return [
        Check(
            name=f"key {domain}",
            expected="Enabled, rotated",
            remedy="enable it (a deletion is cancelled first); what it encrypts cannot be read before",
            waits_for="KMS",
            look=lambda key_arn=key_arn: _key(access.client("kms"), key_arn),
        )
        for domain, key_arn in found.foundation.key_arns.items()
    ]


def _key(kms: Any, key_arn: str) -> str:
    state: str = kms.describe_key(KeyId=key_arn)["KeyMetadata"]["KeyState"]
    if state != "Enabled":
        raise Differs(state)
    if not kms.get_key_rotation_status(KeyId=key_arn)["KeyRotationEnabled"]:
        raise Differs(f"{state}, not rotated")
    return f"{state}, rotated"


def _streams(found: Contract, access: Access) -> list[Check]:
    store, key_arn = found.feature_store, found.foundation.key_arns["features"]
    return [
        Check(
            name=f"stream {stream}",
            expected=f"ACTIVE or UPDATING, KMS with {key_arn}",
            remedy="run `pulumi up --refresh`; events that were written meanwhile are lost unless their writers kept them",
            waits_for="Kinesis",
            look=lambda stream=stream: _stream(access.client("kinesis"), stream, key_arn),
        )
        for stream in (store.feature_event_stream, store.decision_event_stream)
        if stream is not None
    ]


def _stream(kinesis: Any, stream: str, key_arn: str) -> str:
    about = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
    status, encryption, key = about["StreamStatus"], about.get("EncryptionType", "NONE"), about.get("KeyId", "no key")
    seen = f"{status}, {encryption} with {key}"
    # While it is given more or fewer shards it takes records as before.
    if status not in ("ACTIVE", "UPDATING") or (encryption, key) != ("KMS", key_arn):
        raise Differs(seen)
    return seen


def _alarms(found: Contract, access: Access) -> Check:
    return Check(
        name="alarms",
        expected="all that go to the alarm topic are OK",
        remedy="see the alarm's history in CloudWatch, and what it watches",
        waits_for="CloudWatch",
        look=lambda: _states(access.client("cloudwatch"), found.foundation.alarm_topic_arn),
    )


def _states(cloudwatch: Any, topic_arn: str) -> str:
    alarms = list(_alarms_to(cloudwatch, topic_arn))
    if not alarms:
        raise Nothing("there are none")
    amiss = [f"{each['AlarmName']} {each['StateValue']}" for each in alarms if each["StateValue"] != "OK"]
    if amiss:
        raise Differs(", ".join(sorted(amiss)))
    return f"{len(alarms)} of {len(alarms)} OK"


def _alarms_to(cloudwatch: Any, topic_arn: str) -> Iterator[dict[str, Any]]:
    # A prefix is of longer names too.
    for page in cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"], ActionPrefix=topic_arn):
        for alarm in (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ())):
            if topic_arn in alarm.get("AlarmActions", ()):
                yield alarm
