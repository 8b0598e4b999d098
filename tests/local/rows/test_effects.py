"""What AWS does with the properties that it never returns: seen with the property, and missed without it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from localcloud.aws.clients import CallFailed
from localcloud.aws.row import Effect
from localcloud.aws.rows import ROWS
from localcloud.provider.interface import Refused
from tests.local.probe import Made, Probe
from tests.local.samples import samples

_BUCKET, _BLOCK = "aws:s3/bucket:Bucket", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_CLUSTER, _DATABASE = "aws:eks/cluster:Cluster", "aws:rds/instance:Instance"
_REPOSITORY = "aws:ecr/repository:Repository"
_SECRET = "aws:secretsmanager/secret:Secret"
_DELIVERY = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_ENDS = (("kinesisSourceConfiguration", "kinesisStreamArn"), ("extendedS3Configuration", "bucketArn"))
SECONDS_TO_ARRIVE = 10
_KEY, _PARAMETER = "aws:kms/key:Key", "aws:ssm/parameter:Parameter"


def _made(account: Probe, type: str, **changes: Any) -> Made:
    return account.create(type, samples()[type][0].inputs | changes)


def _snapshots(account: Probe, **how: Any) -> list[str]:
    account.delete(_made(account, _DATABASE, **how))
    return [each["DBSnapshotIdentifier"] for each in account.clients.call("rds", "describe_db_snapshots", {})["DBSnapshots"]]


def _deleted_database_leaves_a_snapshot(account: Probe) -> None:
    assert _snapshots(account, skipFinalSnapshot=True, finalSnapshotIdentifier="last") == []
    assert _snapshots(account, skipFinalSnapshot=False, finalSnapshotIdentifier="last") == ["last"]


def _deletion_of_a_key_is_scheduled(account: Probe) -> None:
    for days in (7, 30):
        key = _made(account, _KEY, deletionWindowInDays=days)
        account.delete(key)
        when: datetime = account.clients.call("kms", "describe_key", {"KeyId": key.id})["KeyMetadata"]["DeletionDate"]
        assert round((when - datetime.now(UTC)).total_seconds() / 86400) == days


def _deletion_of_a_secret_is_scheduled(account: Probe) -> None:
    for days in (7, 30):
        secret = _made(account, _SECRET, name=f"sample-{days}", recoveryWindowInDays=days)
        account.delete(secret)
        when: datetime = account.clients.call("secretsmanager", "describe_secret", {"SecretId": secret.id})["DeletedDate"]
        assert round((when - datetime.now(UTC)).total_seconds() / 86400) == days
    secret = _made(account, _SECRET, recoveryWindowInDays=0)
    account.delete(secret)
    assert account.create(_SECRET, samples()[_SECRET][0].inputs).id != secret.id


def _bucket_is_emptied(account: Probe) -> None:
    for force in (False, True):
        bucket = _made(account, _BUCKET, forceDestroy=force)
        account.clients.call("s3", "put_object", {"Bucket": bucket.id, "Key": "kept", "Body": b"1"})
        if not force:
            with pytest.raises(CallFailed, match="BucketNotEmpty"):
                account.delete(bucket)
            account.clients.call("s3", "delete_object", {"Bucket": bucket.id, "Key": "kept"})
        account.delete(bucket)
        assert account.refreshed(bucket) is None


def _repository_goes_with_its_images(account: Probe) -> None:
    for force in (False, True):
        repository = _made(account, _REPOSITORY, forceDelete=force)
        account.clients.call("ecr", "put_image", {"repositoryName": repository.id, "imageManifest": "{}", "imageTag": "one"})
        if not force:
            with pytest.raises(CallFailed, match="RepositoryNotEmpty"):
                account.delete(repository)
            account.clients.call("ecr", "batch_delete_image", {"repositoryName": repository.id, "imageIds": [{"imageTag": "one"}]})
        account.delete(repository)
        assert account.refreshed(repository) is None


def _access_block_stays(account: Probe) -> None:
    for skip in (False, True):
        block = _made(account, _BLOCK, skipDestroy=skip)
        account.delete(block)
        assert (account.refreshed(block) is not None) is skip


def _creator_has_an_entry(account: Probe) -> None:
    for bootstrap in (False, True):
        access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": bootstrap}
        cluster = _made(account, _CLUSTER, accessConfig=access)
        entries = account.clients.call("eks", "list_access_entries", {"clusterName": cluster.id})["accessEntries"]
        assert entries == ([f"arn:aws:iam::{account.account}:root"] if bootstrap else [])
        account.delete(cluster)


def _parameter_is_taken_over(account: Probe) -> None:
    account.clients.call("ssm", "put_parameter", {"Name": "/sample", "Type": "String", "Value": "theirs"})
    with pytest.raises(Refused, match="exists already"):
        _made(account, _PARAMETER, overwrite=False)
    taken = _made(account, _PARAMETER, overwrite=True, tags={"sample": "one"})
    assert (taken.state["insecureValue"], taken.state["tags"]) == ("one", {"sample": "one"})


def _events_are_written_at_once_one_by_one_as_they_came(account: Probe) -> None:
    delivery = _made(account, _DELIVERY)
    stream, bucket = (delivery.inputs[name][arn] for name, arn in _ENDS)
    events = [b"one", b"two"]
    records = [{"Data": each, "PartitionKey": "1"} for each in events]
    account.clients.call("kinesis", "put_records", {"StreamName": stream.rpartition("/")[2], "Records": records})
    of_it = {"Bucket": bucket.rpartition(":")[2]}
    deadline, keys = time.monotonic() + SECONDS_TO_ARRIVE, list[str]()
    while len(keys) < len(events) and time.monotonic() < deadline:
        keys = [each["Key"] for each in account.clients.call("s3", "list_objects_v2", of_it).get("Contents", [])]
    assert sorted(account.clients.call("s3", "get_object", {**of_it, "Key": key})["Body"].read() for key in keys) == events


_NOT_HEEDED: dict[tuple[str, str], Callable[[Probe], None]] = {
    (_DELIVERY, f"extendedS3Configuration.{name}"): _events_are_written_at_once_one_by_one_as_they_came
    for name in ("bufferingInterval", "bufferingSize", "compressionFormat", "processingConfiguration")
}


def test_everything_that_is_not_heeded_has_a_proof() -> None:
    assert {(row.type, path) for row in ROWS.values() for path in row.not_heeded} == _NOT_HEEDED.keys()


@pytest.mark.parametrize(("type", "path"), _NOT_HEEDED)
def test_what_is_not_heeded_is_not(account: Probe, type: str, path: str) -> None:
    """A newer emulator that heeds the property fails this: then its entry in `not_heeded` goes."""
    _NOT_HEEDED[type, path](account)


_PROOFS: dict[tuple[str, str], Callable[[Probe], None]] = {
    (_DATABASE, "skipFinalSnapshot"): _deleted_database_leaves_a_snapshot,
    (_DATABASE, "finalSnapshotIdentifier"): _deleted_database_leaves_a_snapshot,
    (_KEY, "deletionWindowInDays"): _deletion_of_a_key_is_scheduled,
    (_SECRET, "recoveryWindowInDays"): _deletion_of_a_secret_is_scheduled,
    (_BUCKET, "forceDestroy"): _bucket_is_emptied,
    (_REPOSITORY, "forceDelete"): _repository_goes_with_its_images,
    (_BLOCK, "skipDestroy"): _access_block_stays,
    (_CLUSTER, "accessConfig.bootstrapClusterCreatorAdminPermissions"): _creator_has_an_entry,
    (_PARAMETER, "overwrite"): _parameter_is_taken_over,
}


def test_every_effect_has_a_proof() -> None:
    assert {(row.type, path) for row in ROWS.values() for path, why in row.unread.items() if isinstance(why, Effect)} == _PROOFS.keys()


@pytest.mark.parametrize(("type", "path"), _PROOFS)
def test_property_that_aws_never_returns_has_its_effect(account: Probe, type: str, path: str) -> None:
    _PROOFS[type, path](account)
