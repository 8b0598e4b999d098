"""The offline store, the streams of events and the decision log, in each profile."""

import json
from typing import Any

import pytest

from policies.rule import Resource
from policies.rules import s3_logged, s3_object_lock, s3_replicated
from tests.unit.conftest import platform
from tests.unit.registrations import Recorded, record
from tests.unit.stacks.samples import DEV, PROD, changed
from tiers.assembly import assemble

STREAM, DELIVERY = "aws:kinesis/stream:Stream", "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
TABLE, DATABASE, WORKGROUP = (
    "aws:glue/catalogTable:CatalogTable",
    "aws:glue/catalogDatabase:CatalogDatabase",
    "aws:athena/workgroup:Workgroup",
)
LOCK, LIFECYCLE = (
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
)
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
FEATURES, DECISIONS = "feature-events", "decision-events"
REPLICA = {"replica_bucket_arn": "arn:aws:s3:::copy", "replica_key_arn": "arn:aws:kms:eu-central-1:222222222222:key/1"}


@pytest.fixture(scope="module")
def preview_profile() -> Recorded:
    """Of the profile that has no decision log."""
    given = {key: value for key, value in {**DEV, "profile": "preview"}.items() if key != "ci"}
    return record(lambda: assemble(platform("dev", given)))


@pytest.fixture(scope="module")
def replicated() -> Recorded:
    """Development with a replica, and with a history."""
    given = changed(DEV, ("feature_store.offline_store", {**REPLICA, "history_days": 400}))
    return record(lambda: assemble(platform("dev", given)))


@pytest.fixture(scope="module")
def personal() -> Recorded:
    """Production with data of persons."""
    return record(lambda: assemble(platform("prod", {**PROD, "data_classification": "pii"})), stack="prod")


@pytest.fixture
def of_profile(request: pytest.FixtureRequest) -> Recorded:
    return request.getfixturevalue(request.param)


def each(*profiles: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("of_profile", profiles, indirect=True)


ALL = each("preview_profile", "dev", "staging", "prod")
LOGGED = each("dev", "staging", "prod")


def published(recorded: Recorded) -> dict[str, Any]:
    return json.loads(recorded.one("aws:ssm/parameter:Parameter", "feature_store").inputs["insecureValue"])


@ALL
def test_every_stream_is_encrypted_with_the_key_of_features(of_profile: Recorded) -> None:
    key = of_profile.one("aws:kms/key:Key", "features")
    for stream in of_profile.all(STREAM):
        assert stream.inputs["encryptionType"] == "KMS"
        assert stream.inputs["kmsKeyId"].endswith("key/features")
        assert key.urn in stream.dependencies


@pytest.mark.parametrize(
    ("of_profile", "mode", "shards", "hours"),
    [
        ("preview_profile", "PROVISIONED", 1, 24),
        ("dev", "PROVISIONED", 1, 24),
        ("staging", "PROVISIONED", 1, 24),
        ("prod", "ON_DEMAND", None, 168),
    ],
    indirect=["of_profile"],
)
def test_streams_are_as_wide_and_keep_events_as_long_as_the_profile_says(
    of_profile: Recorded, mode: str, shards: int | None, hours: int
) -> None:
    stream = of_profile.one(STREAM, FEATURES).inputs
    assert (stream["streamModeDetails"]["streamMode"], stream.get("shardCount"), stream["retentionPeriod"]) == (mode, shards, hours)


@ALL
def test_what_is_delivered_is_compressed_encrypted_and_one_event_a_line(of_profile: Recorded) -> None:
    for delivery in of_profile.all(DELIVERY):
        to_s3 = delivery.inputs["extendedS3Configuration"]
        assert (to_s3["compressionFormat"], to_s3["kmsKeyArn"].endswith("key/features")) == ("GZIP", True)
        (processor,) = to_s3["processingConfiguration"]["processors"]
        assert (processor["type"], processor["parameters"]) == (
            "AppendDelimiterToRecord",
            [{"parameterName": "Delimiter", "parameterValue": "\\n"}],
        )


@ALL
def test_each_delivery_reads_its_own_stream_as_a_role_that_may(of_profile: Recorded) -> None:
    for delivery in of_profile.all(DELIVERY):
        assert delivery.inputs["kinesisSourceConfiguration"]["kinesisStreamArn"].endswith(delivery.inputs["name"])
        behind = of_profile.behind(delivery)
        assert {f"aws:iam/rolePolicy:RolePolicy {delivery.name}-delivery-{policy}" for policy in ("events", "key")} <= behind


@pytest.mark.parametrize(
    ("of_profile", "days"), [("preview_profile", 3), ("dev", 30), ("staging", 90), ("prod", 365)], indirect=["of_profile"]
)
def test_what_could_not_be_delivered_is_logged_with_the_key_of_logs(of_profile: Recorded, days: int) -> None:
    for delivery in of_profile.all(DELIVERY):
        options = delivery.inputs["extendedS3Configuration"]["cloudwatchLoggingOptions"]
        group = of_profile.one("aws:cloudwatch/logGroup:LogGroup", delivery.name).inputs
        assert options == {"enabled": True, "logGroupName": group["name"], "logStreamName": delivery.inputs["name"]}
        assert (group["retentionInDays"], group["kmsKeyId"].endswith("key/logs")) == (days, True)
        assert of_profile.one("aws:cloudwatch/logStream:LogStream", delivery.name).inputs["logGroupName"] == group["name"]


@ALL
def test_tables_read_what_firehose_writes(of_profile: Recorded) -> None:
    assert len(of_profile.all(TABLE)) == len(of_profile.all(STREAM))
    for table in of_profile.all(TABLE):
        storage, delivery = table.inputs["storageDescriptor"], of_profile.one(DELIVERY, table.name).inputs["extendedS3Configuration"]
        bucket, prefix = storage["location"].removeprefix("s3://").split("/", 1)
        assert delivery["prefix"].startswith(prefix)
        assert bucket == of_profile.one("aws:s3/bucket:Bucket", delivery["bucketArn"].rpartition("/")[2]).inputs["bucket"]
        assert (storage["serDeInfo"]["serializationLibrary"], storage["compressed"]) == ("org.openx.data.jsonserde.JsonSerDe", True)
        assert table.inputs["parameters"]["projection.enabled"] == "true"
        assert [key["name"] for key in table.inputs["partitionKeys"]] == ["day"]


@pytest.mark.parametrize(
    ("of_profile", "gib"), [("preview_profile", 5), ("dev", 20), ("staging", 100), ("prod", 1024)], indirect=["of_profile"]
)
def test_queries_scan_no_more_than_the_profile_says_and_their_results_are_encrypted(of_profile: Recorded, gib: int) -> None:
    configuration = of_profile.one(WORKGROUP).inputs["configuration"]
    assert configuration["bytesScannedCutoffPerQuery"] == gib * 2**30
    assert (configuration["enforceWorkgroupConfiguration"], configuration["publishCloudwatchMetricsEnabled"]) == (True, True)
    results = configuration["resultConfiguration"]
    assert results["encryptionConfiguration"]["encryptionOption"] == "SSE_KMS"
    assert results["encryptionConfiguration"]["kmsKeyArn"].endswith("key/features")
    assert results["outputLocation"] == f"s3://{published(of_profile)['staging_bucket']}/athena/"


@ALL
def test_staging_is_emptied_after_a_week(of_profile: Recorded) -> None:
    (rule,) = of_profile.one(LIFECYCLE, "feature-staging").inputs["rules"]
    assert (rule["expiration"], rule["noncurrentVersionExpiration"]) == ({"days": 7}, {"noncurrentDays": 7})


@ALL
def test_past_features_stay_unless_a_history_is_set(of_profile: Recorded) -> None:
    (rule,) = of_profile.one(LIFECYCLE, "offline-features").inputs["rules"]
    assert "days" not in rule["expiration"]


def test_past_features_go_after_their_history_from_the_bucket_and_from_the_table(replicated: Recorded) -> None:
    (rule,) = replicated.one(LIFECYCLE, "offline-features").inputs["rules"]
    assert rule["expiration"] == {"days": 400}
    assert replicated.one(TABLE, FEATURES).inputs["parameters"]["projection.day.range"] == "NOW-401DAYS,NOW"


def test_a_stack_without_a_decision_log_has_nothing_of_it(preview_profile: Recorded) -> None:
    section = published(preview_profile)
    assert (section["decision_event_stream"], section["decision_log_bucket"]) == (None, None)
    assert [each.name for each in preview_profile.registrations if each.name.startswith("decision")] == []


@LOGGED
def test_decisions_have_a_stream_a_bucket_and_a_table_of_their_own(of_profile: Recorded) -> None:
    section = published(of_profile)
    assert section["decision_event_stream"] == of_profile.one(STREAM, DECISIONS).inputs["name"]
    assert section["decision_log_bucket"] == of_profile.one("aws:s3/bucket:Bucket", "decision-log").inputs["bucket"]
    assert of_profile.one(TABLE, DECISIONS).inputs["databaseName"] == section["glue_database"]


@pytest.mark.parametrize(("of_profile", "days"), [("dev", 30), ("staging", 30), ("prod", 2557)], indirect=["of_profile"])
def test_decisions_go_after_their_days(of_profile: Recorded, days: int) -> None:
    (rule,) = of_profile.one(LIFECYCLE, "decision-log").inputs["rules"]
    assert rule["expiration"] == {"days": days}


def test_decisions_of_production_are_locked_for_as_long_as_they_are_kept(prod: Recorded) -> None:
    assert prod.one(LOCK, "decision-log").inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 2557}}
    assert prod.one("aws:s3/bucket:Bucket", "decision-log").retained


@each("dev", "staging")
def test_where_everything_can_be_destroyed_no_decision_is_locked(of_profile: Recorded) -> None:
    assert of_profile.all(LOCK) == []
    assert of_profile.one("aws:s3/bucket:Bucket", "decision-log").inputs["forceDestroy"] is True
    # So that the lock can be set later without another bucket.
    assert of_profile.one("aws:s3/bucket:Bucket", "decision-log").inputs["objectLockEnabled"] is True


@each("preview_profile", "dev", "staging")
def test_nothing_is_replicated_unless_a_replica_is_named(of_profile: Recorded) -> None:
    assert of_profile.all(REPLICATION) == []


def test_past_features_are_copied_with_the_replicas_key(replicated: Recorded) -> None:
    (rule,) = replicated.one(REPLICATION).inputs["rules"]
    assert rule["destination"] == {
        "bucket": REPLICA["replica_bucket_arn"],
        "encryptionConfiguration": {"replicaKmsKeyId": REPLICA["replica_key_arn"]},
    }
    assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}
    assert (rule["filter"], rule["deleteMarkerReplication"]) == ({"prefix": ""}, {"status": "Disabled"})


def test_the_role_of_replication_carries_the_boundary_which_lets_it_out(replicated: Recorded) -> None:
    role = replicated.one("aws:iam/role:Role", "replication").inputs
    assert (role["name"], role["permissionsBoundary"].endswith("policy/dev-boundary")) == ("dev-replication", True)
    assert "arn:aws:s3:::copy/*" in replicated.one("aws:iam/policy:Policy", "boundary").inputs["policy"]


def test_production_has_copies_of_past_features_and_of_decisions(prod: Recorded) -> None:
    assert sorted(each.name for each in prod.all(REPLICATION)) == ["decision-log", "offline-features"]
    copies = [rule["destination"]["bucket"] for each in prod.all(REPLICATION) for rule in each.inputs["rules"]]
    assert sorted(copies) == ["arn:aws:s3:::example-prod-decision-log-copy", "arn:aws:s3:::example-prod-offline-features-copy"]


def test_decisions_are_copied_by_a_role_of_their_own_which_reads_their_locks(prod: Recorded) -> None:
    policy = prod.one("aws:iam/rolePolicy:RolePolicy", "decision-log-replication-objects").inputs["policy"]
    versions = next(each for each in json.loads(policy)["Statement"] if each["Sid"] == "Versions")
    assert versions["Resource"] == f"arn:aws:s3:::{prod.one('aws:s3/bucket:Bucket', 'decision-log').inputs['bucket']}/*"
    assert "s3:GetObjectRetention" in versions["Action"]


@each("prod", "personal")
def test_every_bucket_has_what_the_policies_want_of_it(of_profile: Recorded) -> None:
    tags = json.loads(of_profile.one("pulumi:providers:aws").inputs["defaultTags"])["tags"]
    resources = [Resource(each.type, each.urn, each.inputs, tags) for each in of_profile.registrations if each.type.startswith("aws:s3/")]
    assert [found for rule in (s3_replicated, s3_object_lock, s3_logged) for found in rule.RULE.check(resources)] == []


@ALL
def test_the_materializer_reads_past_features_and_works_in_staging(of_profile: Recorded) -> None:
    statements = json.loads(of_profile.one("aws:iam/rolePolicy:RolePolicy", "feature-store-materializer-buckets").inputs["policy"])[
        "Statement"
    ]
    section = published(of_profile)
    writing = [each["Resource"] for each in statements if "s3:PutObject" in each["Action"]]
    assert writing == [f"arn:aws:s3:::{section['staging_bucket']}/*"]
    assert any(f"arn:aws:s3:::{section['offline_bucket']}/*" == each["Resource"] for each in statements if "s3:GetObject" in each["Action"])
