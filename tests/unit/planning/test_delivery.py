"""What Firehose and S3's replication may do. Each document is JSON; `statement` finds one of its statements by Sid."""

import json
from typing import Any

from planning.documents import delivery, replication, trust
from planning.documents.replication import Replica

ACCOUNT, REGION = "111111111111", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
REPLICA = Replica(bucket_arn="arn:aws:s3:::copy", key_arn="arn:aws:kms:eu-central-1:222222222222:key/2")
EVENTS = delivery.events(REGION, ACCOUNT, stream="dev-events", bucket="log", prefixes=("decisions/", "errors/"), log=("/group", "stream"))
EVENT_KEY = delivery.key(REGION, ACCOUNT, KEY, stream="dev-events", bucket="log")
COPIES, COPY_KEYS = replication.objects("features", REPLICA), replication.keys(REGION, "features", KEY, REPLICA)


def statement(document: str, sid: str) -> dict[str, Any]:
    return next(each for each in json.loads(document)["Statement"] if each["Sid"] == sid)


def test_only_firehose_for_streams_of_this_account_may_become_the_role() -> None:
    trusted = statement(trust.delivery(ACCOUNT), "Firehose")
    assert trusted["Principal"] == {"Service": "firehose.amazonaws.com"}
    assert trusted["Condition"] == {"StringEquals": {"sts:ExternalId": ACCOUNT}}


def test_firehose_reads_its_own_stream_and_writes_to_none() -> None:
    reading = statement(EVENTS, "Stream")
    assert reading["Resource"] == f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/dev-events"
    assert [action for action in reading["Action"] if not action.startswith(("kinesis:Describe", "kinesis:Get", "kinesis:List"))] == []


def test_firehose_writes_below_its_prefixes_and_deletes_nothing() -> None:
    writing = statement(EVENTS, "Objects")
    assert writing["Resource"] == ["arn:aws:s3:::log/decisions/*", "arn:aws:s3:::log/errors/*"]
    assert "Delete" not in EVENTS
    assert "Bypass" not in EVENTS


def test_firehose_logs_to_its_own_stream_of_its_own_group() -> None:
    assert statement(EVENTS, "Log")["Resource"] == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/group:log-stream:stream"


def test_firehose_uses_the_key_for_its_stream_and_its_bucket_only() -> None:
    decrypting, encrypting = statement(EVENT_KEY, "DecryptEvents"), statement(EVENT_KEY, "EncryptObjects")
    assert decrypting["Condition"]["StringEquals"] == {
        "kms:ViaService": f"kinesis.{REGION}.amazonaws.com",
        "kms:EncryptionContext:aws:kinesis:arn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/dev-events",
    }
    # With a bucket key, which all of ours have, the context is the bucket: an object's ARN there would let nothing through.
    assert encrypting["Condition"]["StringEquals"]["kms:EncryptionContext:aws:s3:arn"] == "arn:aws:s3:::log"


def test_replication_copies_and_deletes_nothing() -> None:
    assert statement(COPIES, "Replica")["Resource"] == "arn:aws:s3:::copy/*"
    assert "Delete" not in COPIES


def test_replication_reads_locks_only_where_there_can_be_any() -> None:
    locks = {"s3:GetObjectLegalHold", "s3:GetObjectRetention"}
    locked = statement(replication.objects("decisions", REPLICA, locked=True), "Versions")["Action"]
    assert set(locked) - set(statement(COPIES, "Versions")["Action"]) == locks


def test_replication_decrypts_here_and_encrypts_there() -> None:
    here, there = statement(COPY_KEYS, "DecryptSource"), statement(COPY_KEYS, "EncryptReplica")
    assert (here["Action"], here["Resource"]) == ("kms:Decrypt", KEY)
    assert here["Condition"]["StringEquals"]["kms:ViaService"] == "s3.eu-west-1.amazonaws.com"
    assert (there["Action"], there["Resource"]) == (["kms:Encrypt", "kms:GenerateDataKey"], REPLICA.key_arn)
    assert there["Condition"]["StringEquals"]["kms:ViaService"] == "s3.eu-central-1.amazonaws.com"
