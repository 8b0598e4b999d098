"""Smoke on a development environment that is up, with its servers: it passes, and of each fault that is planted it says which it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from localcloud import certificates, processes, toolchain
from localcloud.data_plane import authority, mariadb
from localcloud.data_plane.layout import stored_keys
from localcloud.instance import CHECKOUT, Instance
from tests.local.callers import assumed
from tests.local.conftest import Stack, platform
from tests.local.interruptions import pid_of
from tests.local.servers import sql

ENVIRONMENT, CLUSTER = "smoke", "smoke-main"
READER = "online-store-credit-decisions-reader"


@pytest.fixture(scope="module")
def dev(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """Only looked at; each fault is undone."""
    stack = platform(cloud, tmp_path_factory.mktemp("smoke"), "dev", ENVIRONMENT)
    stack.up()
    yield stack
    stack.destroy()


@pytest.fixture(scope="module")
def published(dev: Stack) -> dict[str, Any]:
    return json.loads(dev.pulumi("stack", "output", "--json"))


def smoke(dev: Stack, *arguments: str, ca: Path | None = None, credentials: Mapping[str, str] | None = None) -> tuple[int, str]:
    """The exit code and what was printed. There are no nodes, and the emulator drops ElastiCache's key."""
    given = ["--ca", str(ca or authority.file(dev.instance)), "--without", "nodes", "--without", "online-store-key", *arguments]
    command = [sys.executable, str(CHECKOUT / "scripts" / "smoke.py"), ENVIRONMENT, *given]
    environment = {**dev.variables, **(credentials or {})}
    done = subprocess.run(command, cwd=dev.project, env=environment, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def failed(dev: Stack, ca: Path | None = None) -> set[str]:
    """The checks that fail, for which the exit code is 1."""
    code, text = smoke(dev, "--json", ca=ca)
    found = {each["check"] for each in json.loads(text)["checks"] if each["verdict"] == "failed"}
    assert code == (1 if found else 0), text
    return found


def test_an_environment_that_is_up_passes(dev: Stack) -> None:
    code, text = smoke(dev)
    assert code == 0, text
    assert "0 failed" in text.splitlines()[-1]


def test_what_is_not_there_is_not_said_to_have_passed(dev: Stack) -> None:
    _, text = smoke(dev, "--json")
    unchecked = {each["check"]: each["seen"] for each in json.loads(text)["checks"] if each["verdict"] == "not checked"}
    namespaces = ("feature-store", "serving", "training")
    assert unchecked == {
        "alarms": "there are none",
        "online store: key": "--without online-store-key",
        **{f"node pool {pool}: ready": "--without nodes" for pool in ("feature-store", "serving", "training-cpu")},
        **{f"namespace {each}: disruption budgets": "no Deployment of several replicas" for each in namespaces},
    }


def test_nothing_is_changed(dev: Stack) -> None:
    smoke(dev)
    assert "unchanged" in dev.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")


Fault = Callable[[Stack, dict[str, Any]], AbstractContextManager[None]]


@contextmanager
def bucket_without_encryption(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    s3, bucket = dev.aws("s3"), published["serving"]["models_bucket"]
    before = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    s3.delete_bucket_encryption(Bucket=bucket)
    yield
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=before)


@contextmanager
def bucket_with_another_key(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    s3, bucket = dev.aws("s3"), published["serving"]["models_bucket"]
    before = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    other = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": published["foundation"]["key_arns"]["features"]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": other}]})
    yield
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=before)


@contextmanager
def bucket_that_may_be_public(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    s3, bucket = dev.aws("s3"), published["serving"]["models_bucket"]
    before = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    s3.delete_public_access_block(Bucket=bucket)
    yield
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=before)


@contextmanager
def bucket_without_versions(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    s3, bucket = dev.aws("s3"), published["serving"]["models_bucket"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    yield
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


@contextmanager
def bucket_that_answers_plaintext(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    s3, bucket = dev.aws("s3"), published["serving"]["models_bucket"]
    before = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    s3.delete_bucket_policy(Bucket=bucket)
    yield
    s3.put_bucket_policy(Bucket=bucket, Policy=before)


@contextmanager
def disabled_key(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    kms, key = dev.aws("kms"), published["foundation"]["key_arns"]["logs"]
    kms.disable_key(KeyId=key)
    yield
    kms.enable_key(KeyId=key)


@contextmanager
def deleted_stream(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    kinesis, stream = dev.aws("kinesis"), published["feature_store"]["feature_event_stream"]
    kinesis.delete_stream(StreamName=stream)
    yield
    kinesis.create_stream(StreamName=stream, ShardCount=1)
    kinesis.start_stream_encryption(StreamName=stream, EncryptionType="KMS", KeyId=published["foundation"]["key_arns"]["features"])


@contextmanager
def raised_alarm(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    cloudwatch, name = dev.aws("cloudwatch"), f"{ENVIRONMENT}-lag"
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/Kinesis",
        MetricName="lag",
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[published["foundation"]["alarm_topic_arn"]],
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="planted")
    yield
    cloudwatch.delete_alarms(AlarmNames=[name])


@contextmanager
def deleted_association(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    eks, who = dev.aws("eks"), {"namespace": "serving", "serviceAccount": "model-server"}
    (found,) = eks.list_pod_identity_associations(clusterName=CLUSTER, **who)["associations"]
    eks.delete_pod_identity_association(clusterName=CLUSTER, associationId=found["associationId"])
    yield
    eks.create_pod_identity_association(clusterName=CLUSTER, **who, roleArn=published["serving"]["role_arn"])


def deleted_object(*words: str) -> Fault:
    @contextmanager
    def planted(dev: Stack, published: dict[str, Any]) -> Generator[None]:
        manifest = json.loads(dev.kubectl("get", *words, "--output", "json"))
        dev.kubectl("delete", *words)
        yield
        manifest["metadata"] = {key: manifest["metadata"][key] for key in ("name", "namespace", "labels") if key in manifest["metadata"]}
        file = dev.project / "manifest.json"
        file.write_text(json.dumps({key: value for key, value in manifest.items() if key != "status"}))
        dev.kubectl("apply", "--server-side", "--filename", str(file))
        if words[0] == "resourcequota":
            _wait_for(lambda: "hard" in json.loads(dev.kubectl("get", *words, "--output", "json")).get("status", {}))

    return planted


@contextmanager
def changed_password(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    secrets, secret = dev.aws("secretsmanager"), f"{ENVIRONMENT}-{READER}"
    before = secrets.get_secret_value(SecretId=secret)["SecretString"]
    secrets.put_secret_value(SecretId=secret, SecretString=json.dumps({**json.loads(before), "password": "another"}))
    yield
    secrets.put_secret_value(SecretId=secret, SecretString=before)


def hanging(kind: str) -> Fault:
    """A server that takes connections and says nothing."""

    @contextmanager
    def planted(dev: Stack, published: dict[str, Any]) -> Generator[None]:
        names = [name for name in processes.running(dev.instance) if name.startswith(f"{kind}-{dev.account}-")]
        pids = [pid_of(dev.instance, name) for name in names]
        assert pids
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
        for pid in pids:
            os.kill(pid, signal.SIGCONT)

    return planted


@contextmanager
def database_that_answers_plaintext(dev: Stack, published: dict[str, Any]) -> Generator[None]:
    (secret,) = dev.resource("aws:rds/instance:Instance")["outputs"]["masterUserSecrets"]
    password = json.loads(dev.aws("secretsmanager").get_secret_value(SecretId=secret["secretArn"])["SecretString"])["password"]
    (key,) = [each for each in stored_keys(dev.instance) if (each.kind, each.account) == ("mysql", dev.account)]
    settings, programs = mariadb.stored(dev.instance, key), toolchain.data_plane()
    assert settings is not None
    assert programs is not None

    def allow(plaintext: str, users_need: str) -> None:
        changed = {**settings.parameters, "require_secure_transport": plaintext}
        mariadb.start(dev.instance, key, replace(settings, parameters=changed), programs)
        statement = f"ALTER USER feast_credit_decisions_ro REQUIRE {users_need}"
        assert sql(dev.instance, published["feature_store"]["registry_host"], statement, password=password) == ""

    allow("0", "NONE")
    yield
    allow("1", "SSL")


def _wait_for(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come"


MODELS = "bucket {models}"
# What is planted, and the checks that fail.
FAULTS: tuple[tuple[str, Fault, set[str]], ...] = (
    ("bucket without encryption", bucket_without_encryption, {f"{MODELS}: encryption"}),
    ("bucket with another key", bucket_with_another_key, {f"{MODELS}: encryption"}),
    ("bucket that may be public", bucket_that_may_be_public, {f"{MODELS}: public access"}),
    ("bucket without versions", bucket_without_versions, {f"{MODELS}: versioning"}),
    ("bucket that answers plaintext", bucket_that_answers_plaintext, {f"{MODELS}: TLS only"}),
    ("disabled key", disabled_key, {"key logs"}),
    ("deleted stream", deleted_stream, {"stream smoke-feature-events"}),
    ("raised alarm", raised_alarm, {"alarms"}),
    ("deleted association", deleted_association, {"service account serving/model-server: Pod Identity"}),
    ("deleted node pool", deleted_object("nodepool", "training-cpu"), {"node pool training-cpu"}),
    ("deleted quota", deleted_object("resourcequota", "quota", "--namespace", "serving"), {"namespace serving: quota"}),
    (
        "deleted default deny",
        deleted_object("networkpolicy", "default-deny", "--namespace", "training"),
        {"namespace training: default deny"},
    ),
    (
        "deleted service account",
        deleted_object("serviceaccount", "event-writer", "--namespace", "feature-store"),
        {"service account feature-store/event-writer"},
    ),
    ("changed password", changed_password, {f"online store: smoke-{READER} logs in"}),
    ("cache that hangs", hanging("valkey"), {"online store: TLS"}),
    ("database that hangs", hanging("mysql"), {"registry: TLS"}),
    ("database that answers plaintext", database_that_answers_plaintext, {"registry: plaintext"}),
)


@pytest.mark.parametrize(("plant", "names"), [(plant, names) for _, plant, names in FAULTS], ids=[name for name, _, _ in FAULTS])
def test_a_fault_is_named(dev: Stack, published: dict[str, Any], plant: Fault, names: set[str]) -> None:
    with plant(dev, published):
        assert failed(dev) == {name.format(models=published["serving"]["models_bucket"]) for name in names}


def test_every_fault_was_undone(dev: Stack) -> None:
    assert failed(dev) == set()


def test_certificates_of_an_authority_that_is_not_trusted_are_refused_and_no_password_is_sent(dev: Stack, tmp_path: Path) -> None:
    certificates.authority(tmp_path, "other")
    assert failed(dev, ca=tmp_path / "other.crt") == {"registry: TLS", "online store: TLS"}


def test_the_deploy_role_sees_all_but_buckets_whose_policies_refuse_it_here_for_plaintext(dev: Stack) -> None:
    """The local AWS is reached without TLS. That the role may see buckets is in tests/unit/operations/smoke/test_permissions.py."""
    _let_in(dev, "ci-deploy")
    code, text = smoke(dev, "--json", credentials=assumed(dev, f"arn:aws:iam::{dev.account}:role/{ENVIRONMENT}-ci-deploy"))
    unknown = {each["check"]: each for each in json.loads(text)["checks"] if each["verdict"] != "passed" and not each["excused"]}
    assert (code, {name.split()[0] for name in unknown}) == (2, {"bucket"}), text
    assert all("explicit deny in a resource-based policy" in each["seen"] for each in unknown.values()), text


def _let_in(dev: Stack, purpose: str) -> None:
    """The role takes the account's root in the place of a job of GitHub's."""
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{dev.account}:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    dev.aws("iam").update_assume_role_policy(RoleName=f"{ENVIRONMENT}-{purpose}", PolicyDocument=document)
