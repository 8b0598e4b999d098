"""What an update that was killed had made is found by the next one, whatever was edited in between."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from localcloud import processes
from localcloud.aws import adoption, engine
from localcloud.aws.adoption import InTheWay
from localcloud.aws.facts import facts
from localcloud.aws.resource import Account, Resource
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from tests.unit.localcloud.aws.cloud import Cloud, Killed, Tags

FLOW_LOG, ADDRESS, BUCKET, DATABASE = "aws:ec2/flowLog:FlowLog", "aws:ec2/eip:Eip", "aws:s3/bucket:Bucket", "aws:rds/instance:Instance"
URN = "urn:pulumi:probe::probe::TYPE::one"
THEN, NOW = {"owner": "then"}, {"owner": "now"}
OF_VPC = {"vpcId": "vpc-1", "trafficType": "ALL", "logDestinationType": "s3", "logDestination": "arn:aws:s3:::b"}


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("LOCALCLOUD_DIR", str(tmp_path))


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture
def resource(cloud: Cloud, tmp_path: Path) -> Callable[[str, Tags], Resource]:
    """One of a type, in a stack with these tags."""
    here = Account("111111111111", "eu-west-1", {}, Instance(tmp_path))
    return lambda token, tags: Resource(ROWS[token], facts(token), cloud, replace(here, default_tags=tags))


@pytest.fixture
def killed_in(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Resource, dict[str, Any]], None]:
    """Creates with a provider that is killed; whoever comes next is another process."""
    starts = itertools.count(1)

    def killed_in(operation: str, resource: Resource, inputs: dict[str, Any]) -> None:
        cloud.deadly = operation
        with pytest.raises(Killed):
            engine.create(resource, URN, inputs)
        cloud.deadly, start = "", next(starts)
        monkeypatch.setattr(processes, "start_time", lambda _: start)

    return killed_in


MakeResource = Callable[[str, Tags], Resource]
KilledIn = Callable[[str, Resource, dict[str, Any]], None]


def test_address_is_found_by_the_tags_that_it_was_given_then(cloud: Cloud, resource: MakeResource, killed_in: KilledIn) -> None:
    killed_in("allocate_address", resource(ADDRESS, THEN), {"domain": "vpc"})
    id, state = engine.create(resource(ADDRESS, NOW), URN, {"domain": "vpc"})
    assert cloud.addresses == {id: NOW}
    assert state["tagsAll"] == NOW


def test_address_of_another_owner_is_left_alone(cloud: Cloud, resource: MakeResource, killed_in: KilledIn) -> None:
    killed_in("allocate_address", resource(ADDRESS, THEN), {"domain": "vpc"})
    cloud.addresses = {"eipalloc-other": {"owner": "other"}}
    engine.create(resource(ADDRESS, NOW), URN, {"domain": "vpc"})
    assert list(cloud.addresses.values()) == [{"owner": "other"}, NOW]


def test_address_that_is_adopted_and_not_tagged_anew_is_found_once_more(cloud: Cloud, resource: MakeResource, killed_in: KilledIn) -> None:
    killed_in("allocate_address", resource(ADDRESS, THEN), {"domain": "vpc"})
    killed_in("create_tags", resource(ADDRESS, NOW), {"domain": "vpc"})
    engine.create(resource(ADDRESS, NOW), URN, {"domain": "vpc"})
    assert list(cloud.addresses.values()) == [NOW]


def test_address_whose_own_tags_were_changed_is_found_by_its_id(cloud: Cloud, resource: MakeResource, killed_in: KilledIn) -> None:
    killed_in("allocate_address", resource(ADDRESS, {}), {"domain": "vpc", "tags": THEN})
    killed_in("create_tags", resource(ADDRESS, {}), {"domain": "vpc", "tags": NOW})
    engine.create(resource(ADDRESS, {}), URN, {"domain": "vpc", "tags": NOW})
    assert list(cloud.addresses.values()) == [NOW]


def test_bucket_of_a_stack_without_tags_is_found_by_its_id(cloud: Cloud, resource: MakeResource, killed_in: KilledIn) -> None:
    killed_in("put_bucket_tagging", resource(BUCKET, {}), {"bucket": "b", "tags": NOW})
    engine.create(resource(BUCKET, {}), URN, {"bucket": "b", "tags": NOW})
    assert cloud.buckets == {"b": NOW}


@pytest.mark.parametrize("deadly", ["create_bucket", "put_bucket_tagging"])
@pytest.mark.parametrize("inputs", [{}, {"forceDestroy": True}], ids=["same inputs", "other inputs"])
@pytest.mark.parametrize("tags", [THEN, NOW], ids=["same tags", "other tags"])
def test_bucket_that_was_killed_before_its_tags_is_its_resource_s_own(
    cloud: Cloud, resource: MakeResource, killed_in: KilledIn, deadly: str, inputs: dict[str, Any], tags: Tags
) -> None:
    killed_in(deadly, resource(BUCKET, THEN), {"bucket": "b"})
    killed_in("put_bucket_tagging", resource(BUCKET, tags), {"bucket": "b", **inputs})
    engine.create(resource(BUCKET, tags), URN, {"bucket": "b", **inputs})
    assert cloud.buckets == {"b": tags}


@pytest.mark.parametrize("deadly", ["create_flow_logs", "create_tags"])
@pytest.mark.parametrize("tags", [THEN, NOW], ids=["same tags", "other tags"])
def test_flow_log_that_was_killed_before_its_tags_is_its_resource_s_own(
    cloud: Cloud, resource: MakeResource, killed_in: KilledIn, deadly: str, tags: Tags
) -> None:
    killed_in(deadly, resource(FLOW_LOG, THEN), OF_VPC)
    engine.create(resource(FLOW_LOG, tags), URN, OF_VPC)
    assert cloud.flow_logs == {"fl-0": tags}


def test_flow_log_without_tags_that_was_there_before_is_left_alone(cloud: Cloud, resource: MakeResource, killed_in: KilledIn) -> None:
    cloud.flow_logs["fl-other"] = {}
    killed_in("create_flow_logs", resource(FLOW_LOG, THEN), OF_VPC)
    engine.create(resource(FLOW_LOG, THEN), URN, OF_VPC)
    assert cloud.flow_logs["fl-other"] == {}


def test_refusal_of_a_name_keeps_an_earlier_create_in_mind(cloud: Cloud, resource: MakeResource, killed_in: KilledIn) -> None:
    killed_in("create_bucket", resource(BUCKET, THEN), {"bucket": "b"})
    cloud.buckets["b"] = {"owner": "other"}
    with pytest.raises(InTheWay):
        engine.create(resource(BUCKET, THEN), URN, {"bucket": "b"})
    assert adoption.creating(resource(BUCKET, THEN)).of(URN) is not None


def test_refusal_of_a_name_alone_is_not_kept_in_mind(cloud: Cloud, resource: MakeResource) -> None:
    cloud.buckets["b"] = {"owner": "other"}
    with pytest.raises(InTheWay):
        engine.create(resource(BUCKET, THEN), URN, {"bucket": "b"})
    assert adoption.creating(resource(BUCKET, THEN)).of(URN) is None


def test_secrets_are_not_written_down(resource: MakeResource, killed_in: KilledIn, tmp_path: Path) -> None:
    killed_in("create_db_instance", resource(DATABASE, THEN), {"identifier": "d", "password": "hidden"})
    written = "".join(path.read_text() for path in tmp_path.glob("creating/*"))
    assert "identifier" in written
    assert "hidden" not in written
