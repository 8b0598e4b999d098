"""The local AWS as a process: what it shows of itself, what survives, and what is never half kept."""

import json
import os
import signal
import socket
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import boto3
import pytest

from localcloud import emulator, lifecycle, processes
from localcloud.instance import Instance

_ACCOUNT = "111111111111"
_TRUST = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
)


@pytest.fixture
def instance(tmp_path: Path) -> Generator[Instance]:
    made = Instance(tmp_path)
    emulator.start(made)
    yield made
    emulator.discard(made)


def _client(instance: Instance, service: str, *, key: str = _ACCOUNT) -> Any:
    return boto3.client(
        service, endpoint_url=emulator.endpoint(instance), region_name="eu-west-1", aws_access_key_id=key, aws_secret_access_key="local"
    )


def _pid(instance: Instance) -> int:
    return json.loads(instance.path("run", "emulator.json").read_text())["pid"]


def _crash(instance: Instance) -> None:
    os.kill(_pid(instance), signal.SIGKILL)
    while processes.alive(instance, emulator.NAME):
        time.sleep(0.02)


def _make_one_of_each(instance: Instance) -> None:
    role = _client(instance, "iam").create_role(RoleName="a-role", AssumeRolePolicyDocument=_TRUST)["Role"]["Arn"]
    _client(instance, "s3").create_bucket(Bucket="a-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    _client(instance, "s3").put_object(Bucket="a-bucket", Key="a-key", Body=b"a-body")
    _client(instance, "ec2").create_vpc(CidrBlock="10.9.0.0/16")
    _client(instance, "kms").create_key(Description="a-key")
    _client(instance, "eks").create_cluster(name="a-cluster", roleArn=role, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
    _client(instance, "rds").create_db_instance(
        DBInstanceIdentifier="a-database", DBInstanceClass="db.t4g.micro", Engine="mysql", MasterUsername="m",
        MasterUserPassword="not-a-secret", AllocatedStorage=20,
    )  # fmt: skip
    _client(instance, "elasticache").create_replication_group(
        ReplicationGroupId="a-cache", ReplicationGroupDescription="d", Engine="valkey", CacheNodeType="cache.t4g.micro", NumCacheClusters=1
    )
    _client(instance, "ssm").put_parameter(Name="/a/parameter", Value="v", Type="String")
    _client(instance, "logs").create_log_group(logGroupName="a-log-group")


def test_a_dump_has_the_objects_of_every_service_that_the_platform_uses(instance: Instance) -> None:
    assert emulator.dump(instance) == {}
    _make_one_of_each(instance)
    dump = emulator.dump(instance)
    assert list(dump) == [_ACCOUNT]
    found = {f"{service} {name}" for service, objects in dump[_ACCOUNT].items() for name in objects}
    assert found >= {
        "iam roles global a-role",
        "s3 buckets global a-bucket",
        "eks clusters eu-west-1 a-cluster",
        "rds instances eu-west-1 a-database",
        "elasticache replication_groups eu-west-1 a-cache",
        "ssm parameters eu-west-1 /a/parameter",
        "cloudwatch_logs log_groups eu-west-1 a-log-group",
    }
    assert "a-key" in json.dumps(dump[_ACCOUNT]["s3"]["buckets global a-bucket"]), "objects in buckets count"
    assert any(vpc["CidrBlock"] == "10.9.0.0/16" for name, vpc in dump[_ACCOUNT]["ec2"].items() if name.startswith("vpcs "))
    assert any(key["Description"] == "a-key" for key in dump[_ACCOUNT]["kms"].values())


def test_a_clean_stop_loses_nothing(instance: Instance) -> None:
    _make_one_of_each(instance)
    before = emulator.dump(instance)
    lifecycle.stop(instance)
    said: list[str] = []
    lifecycle.start(instance, said.append)
    # At a restart the emulator makes default parameter groups in an account of its own, too.
    assert emulator.held(instance, _ACCOUNT) == emulator.dump(instance)[_ACCOUNT] == before[_ACCOUNT]
    assert emulator.held(instance, "999999999999") == {}
    assert said == []


def test_after_a_crash_aws_data_and_pulumi_state_are_discarded_together_and_that_is_said(instance: Instance) -> None:
    _make_one_of_each(instance)
    lifecycle.stop(instance)
    lifecycle.start(instance)
    state = instance.path("state", ".pulumi", "stacks", "ml-platform", "dev.json")
    state.write_text("{}")
    _crash(instance)
    said: list[str] = []
    lifecycle.start(instance, said.append)
    assert "did not stop cleanly (emulator ended)" in said[0]
    assert emulator.dump(instance) == {}
    assert not state.exists()


def test_a_stop_after_a_crash_does_not_hide_it_from_the_next_start(instance: Instance) -> None:
    _make_one_of_each(instance)
    _crash(instance)
    said: list[str] = []
    lifecycle.stop(instance, said.append)
    lifecycle.start(instance, said.append)
    assert any("did not stop cleanly" in line for line in said)
    lifecycle.stop(instance)
    assert lifecycle.status(instance).endpoint is None


def test_starting_twice_keeps_the_first(instance: Instance) -> None:
    record = instance.path("run", "emulator.json").read_text()
    emulator.start(instance)
    assert instance.path("run", "emulator.json").read_text() == record


def test_it_listens_on_loopback_only(instance: Instance) -> None:
    _make_one_of_each(instance)
    assert _listening(_pid(instance)) == {f"127.0.0.1:{instance.port('aws')}"}


@pytest.mark.parametrize(("protocol", "asked"), [("https", b"CONNECT alarms.example:443 "), ("http", b"POST http://alarms.example/ ")])
def test_what_it_sends_does_not_leave_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protocol: str, asked: bytes) -> None:
    instance = Instance(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as nowhere:
        nowhere.settimeout(10)
        monkeypatch.setattr(emulator, "_NOWHERE", f"http://127.0.0.1:{nowhere.getsockname()[1]}")
        try:
            emulator.start(instance)
            topic = _client(instance, "sns").create_topic(Name="alarms")["TopicArn"]
            _client(instance, "sns").subscribe(TopicArn=topic, Protocol=protocol, Endpoint=f"{protocol}://alarms.example/")
            connection, _ = nowhere.accept()
            with connection:
                assert connection.recv(4096).startswith(asked)
        finally:
            emulator.discard(instance)


def test_iam_is_enforced(instance: Instance) -> None:
    iam = _client(instance, "iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    powerless = boto3.client(
        "s3", endpoint_url=emulator.endpoint(instance), region_name="eu-west-1",
        aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"],
    )  # fmt: skip
    with pytest.raises(powerless.exceptions.ClientError, match="AccessDenied"):
        powerless.list_buckets()


def test_a_taken_port_is_explained_with_the_end_of_the_log(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", instance.port("aws")))
        taken.listen()
        with pytest.raises(processes.ProcessFailed, match=r"(?s)ended at once.*ports\.json.*already in use"):
            emulator.start(instance)


def _listening(pid: int) -> set[str]:
    links = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
    sockets = {link[8:-1] for link in links if link.startswith("socket:[")}
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets:
                address, port = fields[1].split(":")
                found.add(f"{'.'.join(str(byte) for byte in reversed(bytes.fromhex(address)))}:{int(port, 16)}")
    return found
