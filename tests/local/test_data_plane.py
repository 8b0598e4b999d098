"""Databases and caches answer: over TLS, to whom they should, for as long as they are there."""

from __future__ import annotations

import itertools
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from localcloud import emulator, lifecycle, processes, toolchain
from localcloud.aws.rds_server import RDS_SERVER
from localcloud.data_plane import mariadb, servers
from localcloud.data_plane.layout import Key, Layout, stored_keys
from localcloud.instance import Instance
from localcloud.provider.interface import Refused
from tests.local.interruptions import local_cloud, pid_of
from tests.local.probe import REGION, Made, Probe, probe
from tests.local.samples import changed
from tests.local.servers import CACHE, DATABASE, redis, sql, traces

_accounts = itertools.count(700000000001)
_DATABASE, _CACHE = "aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"
_TLS_ONLY = [{"name": "require_secure_transport", "value": "1", "applyMethod": "immediate"}]


@pytest.fixture
def account(cloud: Instance) -> Iterator[Probe]:
    with probe(cloud, str(next(_accounts))) as made:
        yield made
        for key in stored_keys(cloud):
            if key.account == made.account:
                servers.delete(cloud, key)


def _database(account: Probe, **change: Any) -> tuple[Made, str]:
    """An instance, and its master password."""
    made = account.create(_DATABASE, changed(DATABASE, change))
    return made, _password(account, made)


def _password(account: Probe, made: Made) -> str:
    (secret,) = made.state["masterUserSecrets"]
    answer = account.clients.call("secretsmanager", "get_secret_value", {"SecretId": secret["secretArn"]})
    return json.loads(answer["SecretString"])["password"]


def _slug(account: Probe, kind: str) -> str:
    return f"{kind}-{account.account}-{REGION}-one"


def _user(account: Probe, name: str, access: str, *passwords: str) -> Made:
    given = {"userId": name, "userName": name, "engine": "valkey", "accessString": access, "passwords": [*passwords]}
    return account.create("aws:elasticache/user:User", given)


def _cache(account: Probe, *members: str) -> Made:
    """A cache with a user group."""
    account.create("aws:elasticache/userGroup:UserGroup", {"userGroupId": "group", "engine": "valkey", "userIds": [*members]})
    return account.create(_CACHE, {**CACHE, "userGroupIds": ["group"]})


def test_a_database_answers_over_tls_to_the_password_of_its_secret(account: Probe, cloud: Instance) -> None:
    made, password = _database(account)
    assert made.state["endpoint"] == f"{made.state['address']}:3306"
    assert "registry" in sql(cloud, made.state["address"], "SHOW DATABASES", password=password).split()


def test_a_database_refuses_another_password(account: Probe, cloud: Instance) -> None:
    made, _ = _database(account)
    assert "Access denied" in sql(cloud, made.state["address"], "SELECT 1", password="guessed")


def test_the_master_secret_is_encrypted_with_the_key_that_was_asked_for(account: Probe) -> None:
    made, _ = _database(account)
    (secret,) = made.state["masterUserSecrets"]
    described = account.clients.call("secretsmanager", "describe_secret", {"SecretId": secret["secretArn"]})
    assert described["KmsKeyId"] == made.inputs["masterUserSecretKmsKeyId"] == secret["kmsKeyId"]


def test_a_parameter_group_that_wants_tls_has_plaintext_refused_and_one_that_does_not_has_not(account: Probe, cloud: Instance) -> None:
    group = {"name": "tls", "family": "mysql8.4", "parameters": _TLS_ONLY}
    strict = account.create("aws:rds/parameterGroup:ParameterGroup", group)
    made, password = _database(account)
    address = made.state["address"]
    assert sql(cloud, address, "SELECT 1", password=password, plaintext=True) == "1"
    account.update(made, {**made.inputs, "parameterGroupName": strict.id})
    assert "Access denied" in sql(cloud, address, "SELECT 1", password=password, plaintext=True)
    assert sql(cloud, address, "SELECT 1", password=password) == "1"


def test_a_database_is_utf8mb4(account: Probe, cloud: Instance) -> None:
    made, password = _database(account)
    assert sql(cloud, made.state["address"], "SELECT @@character_set_server", password=password) == "utf8mb4"


def test_a_password_that_is_given_is_in_force_and_another_replaces_it(account: Probe, cloud: Instance) -> None:
    made = account.create(
        _DATABASE, changed(DATABASE, {"manageMasterUserPassword": None, "masterUserSecretKmsKeyId": None, "password": "first-password"})
    )
    address = made.state["address"]
    assert sql(cloud, address, "SELECT 1", password="first-password") == "1"
    account.update(made, {**made.inputs, "password": "second-password"})
    assert sql(cloud, address, "SELECT 1", password="second-password") == "1"
    assert "Access denied" in sql(cloud, address, "SELECT 1", password="first-password")


def test_a_stop_of_the_cloud_keeps_what_databases_and_caches_hold(account: Probe, cloud: Instance) -> None:
    made, password = _database(account)
    cache = account.create(_CACHE, CACHE)
    sql(cloud, made.state["address"], "CREATE TABLE registry.kept (number INT); INSERT INTO registry.kept VALUES (7)", password=password)
    assert redis(cloud, cache.state["configurationEndpointAddress"], "SET", "kept", "7") == "OK"
    lifecycle.stop(cloud)
    assert traces(cloud, _slug(account, "mysql"))[0].startswith("mysql-")
    assert not mariadb.greets(made.state["address"], 3306)
    lifecycle.start(cloud)
    assert sql(cloud, made.state["address"], "SELECT number FROM registry.kept", password=password) == "7"
    assert redis(cloud, cache.state["configurationEndpointAddress"], "GET", "kept") == "7"


def test_a_database_that_was_killed_recovers_at_the_next_start(account: Probe, cloud: Instance) -> None:
    made, password = _database(account)
    sql(cloud, made.state["address"], "CREATE TABLE registry.kept (number INT); INSERT INTO registry.kept VALUES (7)", password=password)
    _kill(cloud, _slug(account, "mysql"))
    said: list[str] = []
    lifecycle.start(cloud, said.append)
    assert said == []
    assert sql(cloud, made.state["address"], "SELECT number FROM registry.kept", password=password) == "7"


def test_a_cache_whose_nodes_were_killed_is_whole_and_empty_at_the_next_start(account: Probe, cloud: Instance) -> None:
    cache = account.create(_CACHE, CACHE)
    address = cache.state["configurationEndpointAddress"]
    redis(cloud, address, "SET", "lost", "7")
    for index in (1, 2):
        _kill(cloud, f"{_slug(account, 'valkey')}-0001-00{index}")
    lifecycle.start(cloud)
    assert redis(cloud, address, "EXISTS", "lost") == "0"
    assert redis(cloud, address, "SET", "new", "8") == "OK"


def test_status_says_that_a_killed_server_does_not_answer(account: Probe, cloud: Instance) -> None:
    made, _ = _database(account)
    assert f"{made.state['address']}:3306 answers" in "\n".join(lifecycle.status(cloud).servers)
    _kill(cloud, _slug(account, "mysql"))
    assert f"{made.state['address']}:3306 DOES NOT ANSWER" in "\n".join(lifecycle.status(cloud).servers)


@pytest.mark.parametrize(("type", "inputs", "kind"), [(_DATABASE, DATABASE, "mysql"), (_CACHE, CACHE, "valkey")])
def test_what_is_deleted_leaves_no_process_no_address_and_no_file(
    account: Probe, cloud: Instance, type: str, inputs: Any, kind: str
) -> None:
    made = account.create(type, inputs)
    assert traces(cloud, _slug(account, kind))
    account.delete(made)
    assert traces(cloud, _slug(account, kind)) == []


def test_a_node_that_an_interrupted_change_left_goes_with_its_cache(account: Probe, cloud: Instance) -> None:
    cache = account.create(_CACHE, CACHE)
    layout = Layout(cloud, Key("valkey", account.account, REGION, "one"))
    stored = layout.stored()
    assert stored is not None
    layout.store({**stored, "replicas": 0})
    account.delete(cache)
    assert traces(cloud, _slug(account, "valkey")) == []


def test_the_master_secret_goes_with_its_database(account: Probe) -> None:
    made, _ = _database(account)
    account.delete(made)
    assert account.clients.call("secretsmanager", "list_secrets", {})["SecretList"] == []


def test_a_caller_needs_no_rights_for_what_rds_does_by_itself(account: Probe, cloud: Instance) -> None:
    made, _ = _database(account)
    account.clients.call("iam", "create_user", {"UserName": "nobody"})
    key = account.clients.call("iam", "create_access_key", {"UserName": "nobody"})["AccessKey"]
    session: Any = boto3
    session.setup_default_session(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    found = RDS_SERVER.ensure(cloud, account.account, {**made.state, "region": REGION})
    assert found["masterUserSecrets"] == made.state["masterUserSecrets"]


def test_a_database_that_aws_does_not_delete_keeps_its_data(account: Probe, cloud: Instance) -> None:
    made, password = _database(account, deletionProtection=True)
    with pytest.raises(Refused):
        account.delete(made)
    assert sql(cloud, made.state["address"], "SELECT 1", password=password) == "1"


def test_caches_let_nobody_in_without_tls(account: Probe, cloud: Instance) -> None:
    cache = account.create(_CACHE, CACHE)
    address = cache.state["configurationEndpointAddress"]
    assert redis(cloud, address, "PING") == "PONG"
    assert "PONG" not in redis(cloud, address, "PING", plaintext=True)


def test_with_a_user_group_the_default_user_is_refused(account: Probe, cloud: Instance) -> None:
    _user(account, "writer", "on ~* +@all", "w")
    address = _cache(account, "writer").state["configurationEndpointAddress"]
    assert redis(cloud, address, "SET", "key", "7", user="writer", password="w") == "OK"
    assert "NOAUTH" in redis(cloud, address, "GET", "key")


def test_another_users_keys_and_commands_are_refused_by_the_server_itself(account: Probe, cloud: Instance) -> None:
    _user(account, "writer", "on ~*one resetchannels -@all +hset +hmget +cluster|slots +command", "w")
    _user(account, "reader", "on %R~*one resetchannels -@all +hmget +cluster|slots +command", "r")
    address = _cache(account, "writer", "reader").state["configurationEndpointAddress"]
    assert redis(cloud, address, "HSET", "entity-one", "feature", "7", user="writer", password="w") == "1"
    assert redis(cloud, address, "HMGET", "entity-one", "feature", user="reader", password="r") == "7"
    assert "NOPERM" in redis(cloud, address, "HSET", "entity-one", "feature", "8", user="reader", password="r")
    assert "NOPERM" in redis(cloud, address, "HSET", "entity-two", "feature", "8", user="writer", password="w")


def test_users_that_change_do_so_on_running_nodes(account: Probe, cloud: Instance) -> None:
    user = _user(account, "writer", "on ~* +@all", "old")
    address = _cache(account, "writer").state["configurationEndpointAddress"]
    user = account.update(user, {**user.inputs, "passwords": ["new", "old"]})
    assert [redis(cloud, address, "PING", user="writer", password=each) for each in ("new", "old")] == ["PONG", "PONG"]
    user = account.update(user, {**user.inputs, "passwords": ["new"]})
    assert "WRONGPASS" in redis(cloud, address, "PING", user="writer", password="old")
    account.delete(user)
    assert "WRONGPASS" in redis(cloud, address, "PING", user="writer", password="new")


def test_users_join_and_leave_with_their_association(account: Probe, cloud: Instance) -> None:
    for name in ("first", "writer"):
        _user(account, name, "on ~* +@all", "w")
    address = _cache(account, "first").state["configurationEndpointAddress"]
    assert "WRONGPASS" in redis(cloud, address, "PING", user="writer", password="w")
    made = account.create("aws:elasticache/userGroupAssociation:UserGroupAssociation", {"userGroupId": "group", "userId": "writer"})
    assert redis(cloud, address, "PING", user="writer", password="w") == "PONG"
    account.delete(made)
    assert "WRONGPASS" in redis(cloud, address, "PING", user="writer", password="w")


def test_no_password_of_a_user_is_in_a_file(account: Probe, cloud: Instance) -> None:
    _user(account, "writer", "on ~* +@all", "a-password-that-is-seen")
    _cache(account, "writer")
    files = [path for path in (cloud.directory / "data-plane").rglob("*") if path.is_file()]
    assert [str(path) for path in files if b"a-password-that-is-seen" in path.read_bytes()] == []


def test_shards_share_the_keys_and_replicas_come_and_go(account: Probe, cloud: Instance) -> None:
    cache = account.create(_CACHE, {**CACHE, "numNodeGroups": 3, "replicasPerNodeGroup": 0})
    address = cache.state["configurationEndpointAddress"]
    for number in range(20):
        assert redis(cloud, address, "SET", f"key-{number}", str(number)) == "OK"
    grown = account.update(cache, {**cache.inputs, "replicasPerNodeGroup": 1})
    assert redis(cloud, address, "CLUSTER", "NODES").count("slave") == 3
    shrunk = account.update(grown, {**cache.inputs, "replicasPerNodeGroup": 0})
    assert redis(cloud, address, "CLUSTER", "NODES").count("slave") == 0
    assert [redis(cloud, address, "GET", f"key-{number}") for number in range(20)] == [str(number) for number in range(20)]
    account.update(shrunk, {**cache.inputs, "replicasPerNodeGroup": 1})
    assert redis(cloud, address, "CLUSTER", "NODES").count("slave") == 3


def test_two_local_clouds_have_servers_at_the_same_ports_side_by_side(account: Probe, cloud: Instance, tmp_path: Path) -> None:
    made, password = _database(account)
    with local_cloud(tmp_path / "other") as other, probe(other, str(next(_accounts))) as second:
        elsewhere, its_password = _database(second)
        assert elsewhere.state["address"] != made.state["address"]
        assert sql(other, elsewhere.state["address"], "SELECT 1", password=its_password) == "1"
        assert sql(cloud, made.state["address"], "SELECT 1", password=password) == "1"


def test_a_cloud_that_is_discarded_takes_its_servers_along(tmp_path: Path) -> None:
    with local_cloud(tmp_path / "other") as other, probe(other, str(next(_accounts))) as account:
        made, _ = _database(account)
        _kill(other, emulator.NAME)
        lifecycle.start(other, lambda line: None)
        assert traces(other, "mysql") == []
        assert not mariadb.greets(made.state["address"], 3306)


def test_without_the_programs_a_database_is_made_and_status_says_that_nothing_answers(
    account: Probe, cloud: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "data_plane", lambda: None)
    made, password = _database(account)
    assert password
    assert made.state["address"]
    assert servers.MISSING in lifecycle.status(cloud).servers


def _kill(cloud: Instance, name: str) -> None:
    pid = pid_of(cloud, name)
    os.kill(pid, signal.SIGKILL)
    while processes.alive(cloud, name):
        pass
