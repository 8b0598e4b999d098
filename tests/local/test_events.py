"""A stream of events and the bucket that keeps them, locked, under the real engine: what arrives, what cannot be deleted, what stays.

What the local Firehose does not do: it writes every event at once and by itself, neither compressed nor ended with a line.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.instance import CHECKOUT, Instance
from tests.local.conftest import REGION, from_program

PROGRAM = f"""
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
import pulumi
import pulumi_aws as aws
from components.bucket import Bucket, BucketArgs, Lifecycle, ObjectLock
from components.event_delivery import EventDelivery, EventDeliveryArgs
from components.event_stream import EventStream, EventStreamArgs
from components.event_table import EventTable, EventTableArgs
from planning import events
from planning.documents import buckets, trust

account = pulumi.Config("probe").require("account")
name = f"probe-log-{{account}}"
key = aws.kms.Key("features")
bucket = Bucket(
    "log",
    BucketArgs(
        bucket=name,
        policy=buckets.tls_only(name),
        key_arn=key.arn,
        logs_bucket=None,
        protected=False,
        lifecycle=Lifecycle(expiration_days=30, noncurrent_days=30, abort_multipart_days=7),
        object_lock=ObjectLock(days=30),
    ),
)
stream = EventStream("decisions", EventStreamArgs(stream="probe-decisions", shards=None, retention_hours=48, key_arn=key.arn))
role = aws.iam.Role("delivery", name="probe-delivery", assume_role_policy=trust.delivery(account))
EventDelivery(
    "decisions",
    EventDeliveryArgs(
        delivery_stream="probe-decisions",
        stream_arn=stream.arn,
        bucket_arn=bucket.arn,
        prefix=events.DECISIONS.prefix,
        error_prefix=events.ERROR_PREFIX,
        role_arn=role.arn,
        key_arn=key.arn,
        log_group="/aws/kinesisfirehose/probe-decisions",
        log_key_arn=key.arn,
        log_retention_days=30,
    ),
)
database = aws.glue.CatalogDatabase("probe", name="probe")
EventTable(
    "decisions",
    EventTableArgs(
        database=database.name, kind=events.DECISIONS, bucket=bucket.bucket, properties=events.projection(name, events.DECISIONS, 30)
    ),
)
"""
DECISION = {"decision_id": "1", "outcome": "granted"}
SECONDS_TO_ARRIVE = 10


@dataclass(frozen=True)
class Life:
    """Of a stack that was made, that a decision was written to, and that was destroyed."""

    up_again: str
    refreshed: str
    key: str
    """Of the object that the decision lies in."""
    decision: bytes
    refused: ClientError
    """To whoever deletes the decision without bypassing its lock."""
    after_destroy: bytes
    """The decision again."""
    versioning: str
    rule: dict[str, Any]
    policy: str
    """Of the bucket, after the destroy."""
    streams: list[str]
    """Those that are left."""


@pytest.fixture(scope="module")
def life(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Life:
    stack = from_program(cloud, tmp_path_factory.mktemp("events"), PROGRAM)
    stack.pulumi("config", "set", "aws:region", REGION)
    stack.pulumi("config", "set", "probe:account", stack.account)
    stack.up()
    up_again, refreshed = (stack.pulumi(command, "--yes", "--skip-preview", "--expect-no-changes") for command in ("up", "refresh"))
    s3, bucket = stack.aws("s3"), f"probe-log-{stack.account}"
    stack.aws("kinesis").put_record(StreamName="probe-decisions", Data=json.dumps(DECISION).encode(), PartitionKey="1")
    key = _arrived(s3, bucket)
    decision = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    (version,) = s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    with pytest.raises(ClientError) as refused:
        s3.delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])
    stack.destroy()
    return Life(
        up_again=up_again,
        refreshed=refreshed,
        key=key,
        decision=decision,
        refused=refused.value,
        after_destroy=s3.get_object(Bucket=bucket, Key=key)["Body"].read(),
        versioning=s3.get_bucket_versioning(Bucket=bucket)["Status"],
        rule=s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]["Rule"],
        policy=s3.get_bucket_policy(Bucket=bucket)["Policy"],
        streams=stack.aws("kinesis").list_streams()["StreamNames"],
    )


def _arrived(s3: Any, bucket: str) -> str:
    """The key of the first object of a bucket: the local Firehose writes after it has answered."""
    deadline = time.monotonic() + SECONDS_TO_ARRIVE
    while time.monotonic() < deadline:
        for each in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            return each["Key"]
    raise AssertionError(f"nothing arrived in {SECONDS_TO_ARRIVE} s")


def test_a_second_up_and_a_refresh_change_nothing(life: Life) -> None:
    assert ("unchanged" in life.up_again, "unchanged" in life.refreshed) == (True, True)


def test_a_decision_lies_below_its_day_as_it_was_written(life: Life) -> None:
    assert re.match(r"decisions/day=\d{4}-\d\d-\d\d/", life.key)
    assert json.loads(life.decision) == DECISION


def test_a_decision_is_not_deleted_without_bypassing_its_lock(life: Life) -> None:
    assert "object protected by object lock" in str(life.refused)


def test_decisions_outlive_the_stack_in_a_bucket_that_keeps_its_settings(life: Life) -> None:
    assert life.after_destroy == life.decision
    assert (life.versioning, "TlsOnly" in life.policy) == ("Enabled", True)
    assert life.rule == {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}


def test_nothing_else_outlives_it(life: Life) -> None:
    assert life.streams == []
