"""Servers killed under Feast: what was written is there, or is rebuilt from the offline store.

The recovery is that of docs/procedures/recover-the-feature-store.md.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from localcloud.data_plane.layout import Key, stored_keys
from localcloud.data_plane.redis_cluster import Cluster
from localcloud.data_plane.redis_nodes import Node
from localcloud.data_plane.resp import ErrorReply
from localcloud.instance import CHECKOUT, Instance
from tests.local.feast.conftest import FAULTS, OFFLINE_ROWS, Platform, materialize
from tests.local.feast.runs import Project
from tests.local.interruptions import pid_of

CUSTOMERS = 4000
EACH = [str(customer) for customer in range(1, CUSTOMERS)]
# A customer of the history of whom events are pushed as well.
ACTIVE = str(CUSTOMERS)
_SECONDS = 120

ANOTHER_SERVICE = """
from feast import FeatureService
from features import customer_credit
score_only = FeatureService(name="score_only", features=[customer_credit[["bureau_score"]]])
"""


@dataclass(frozen=True)
class Servers:
    """The processes behind the platform's endpoints."""

    instance: Instance
    account: str

    def key(self, kind: str) -> Key:
        (found,) = (key for key in stored_keys(self.instance) if key.kind == kind and key.account == self.account)
        return found

    @property
    def cluster(self) -> Cluster:
        cluster = Cluster.stored(self.instance, self.key("valkey"))
        assert cluster is not None
        return cluster

    def primaries(self) -> list[Node]:
        """The nodes that take writes just now."""
        return [node for node in self.cluster.nodes if "role:master" in self.ask(node, "INFO", "replication")]

    def writes(self) -> int:
        """How many hashes have been written since the nodes began."""
        counts = [re.search(r"cmdstat_hset:calls=(\d+)", self.ask(node, "INFO", "commandstats")) for node in self.primaries()]
        return sum(int(count[1]) for count in counts if count)

    def ask(self, node: Node, *words: str) -> str:
        with self.cluster.connect(node) as connection:
            return str(connection.call(*words))

    def kill(self, name: str) -> None:
        os.kill(pid_of(self.instance, name), signal.SIGKILL)

    def start(self) -> str:
        """What an operator of the local cloud types."""
        environment = {**os.environ, "LOCALCLOUD_DIR": str(self.instance.directory)}
        done = subprocess.run(
            [sys.executable, "-m", "localcloud", "start"], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def servers(up: Platform) -> Servers:
    return Servers(up.stack.instance, up.stack.account)


@pytest.fixture(scope="module")
def engineer(up: Platform) -> Project:
    """Has written the history of CUSTOMERS."""
    project = up.data_engineer(FAULTS)
    project.run("make_history.py", str(CUSTOMERS))
    return project


@pytest.fixture(scope="module")
def offline(engineer: Project) -> list[dict[str, object]]:
    return engineer.rows(OFFLINE_ROWS, *EACH)


@pytest.fixture(scope="module")
def writer(up: Platform, engineer: Project) -> Project:
    """Has registered the example's features."""
    up.configured("admin", FAULTS).run("feast", "registry", "create-schema")
    project = up.configured("writer", FAULTS)
    project.run("feast", "apply")
    return project


@pytest.fixture(scope="module")
def reader(up: Platform, writer: Project) -> Project:
    return up.configured("reader", FAULTS)


@pytest.fixture(autouse=True)
def started(servers: Servers) -> Generator[None]:
    """Whatever a test killed runs again for the next."""
    yield
    servers.start()


def test_a_materialisation_that_lost_a_node_is_finished_by_running_it_again(
    servers: Servers, engineer: Project, writer: Project, reader: Project, offline: list[dict[str, object]]
) -> None:
    # The same values of a later time: what is there already is written again.
    engineer.run("make_history.py", str(CUSTOMERS))
    before = servers.writes()
    writer.begin("feast", "materialize", "2020-01-01T00:00:00", "2040-01-01T00:00:00")
    await_(lambda: servers.writes() > before)
    # Not the first node, whose address new clients ask for the others: on AWS they ask a name, which leads to one that answers.
    victim = next(node for node in servers.primaries() if node.shard == 2)
    servers.kill(victim.name)
    assert "redis.exceptions" in writer.end(succeeds=False)
    (replica,) = (node for node in servers.cluster.nodes if node.shard == victim.shard and node != victim)
    await_(lambda: "role:master" in servers.ask(replica, "INFO", "replication"))
    others = [node for node in servers.cluster.nodes if node != victim]
    await_(lambda: all("cluster_state:ok" in servers.ask(node, "CLUSTER", "INFO") for node in others))
    materialize(writer)
    assert reader.rows("read_online.py", *EACH) == offline


def test_a_lost_shard_is_rebuilt_from_the_offline_store(
    servers: Servers, writer: Project, reader: Project, offline: list[dict[str, object]]
) -> None:
    materialize(writer)
    for node in servers.cluster.nodes:
        if node.shard == 1:
            servers.kill(node.name)
    servers.start()
    assert reader.rows("read_online.py", *EACH) != offline
    materialize(writer)
    assert reader.rows("read_online.py", *EACH) == offline


def test_fresh_features_that_were_lost_are_there_again_once_their_events_are(
    servers: Servers, engineer: Project, writer: Project, reader: Project
) -> None:
    event = ("push_activity.py", ACTIVE, "3", "812.5", "2")
    writer.run(*event)
    for node in servers.cluster.nodes:
        servers.kill(node.name)
    servers.start()
    materialize(writer)
    (row,) = reader.rows("read_online.py", ACTIVE)
    assert row["spend_1h"] == engineer.rows(OFFLINE_ROWS, ACTIVE)[0]["spend_1h"]
    writer.run(*event)
    (row,) = reader.rows("read_online.py", ACTIVE)
    assert row["spend_1h"] == 812.5


def test_a_feature_server_answers_while_the_registry_is_away_and_learns_of_features_after_it(
    servers: Servers, writer: Project, reader: Project, offline: list[dict[str, object]]
) -> None:
    materialize(writer)
    quick = reader.but({"cache_ttl_seconds: 60": "cache_ttl_seconds: 1"})
    with quick.serving() as ask:
        assert ask("credit_decision_v1", 1) == offline[0]
        servers.kill(servers.key("mysql").slug)
        until = time.monotonic() + 3  # when what it knows of the registry has been too old for long
        while time.monotonic() < until:
            assert ask("credit_decision_v1", 1) == offline[0]
        servers.start()
        (writer.directory / "more.py").write_text(ANOTHER_SERVICE)
        writer.run("feast", "apply")
        await_(lambda: ask("score_only", 1) == {name: offline[0][name] for name in ("customer_id", "bureau_score")})


def test_a_killed_database_has_what_was_registered_when_it_is_started_again(servers: Servers, writer: Project) -> None:
    servers.kill(servers.key("mysql").slug)
    assert "Can't connect to MySQL server" in writer.run("feast", "feature-views", "list", succeeds=False)
    servers.start()
    listed = writer.run("feast", "feature-views", "list")
    assert all(view in listed for view in ("customer_credit", "customer_activity"))


def await_(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        with suppress(OSError, ErrorReply):
            if condition():
                return
        assert time.monotonic() < deadline, f"not so after {_SECONDS} s"
