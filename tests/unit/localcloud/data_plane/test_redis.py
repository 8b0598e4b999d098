"""What redis nodes are started with, and who their users are."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from localcloud.data_plane import redis_nodes, redis_users
from localcloud.data_plane.layout import Key
from localcloud.data_plane.redis_users import User
from localcloud.data_plane.resp import Connection, ErrorReply
from localcloud.provider.interface import Refused

KEY = Key("valkey", "300000000001", "eu-west-1", "one")


class _Recorded:
    """A node that answers as redis does, and says what it was told."""

    def __init__(self, users: list[str], refused: str = "") -> None:
        self.calls: list[str] = []
        self._users, self._refused = users, refused

    def call(self, *words: str) -> object:
        self.calls.append(" ".join(words))
        if self._refused and words[:2] == ("ACL", "SETUSER") and self._refused in words:
            raise ErrorReply(f"ERR Error in ACL SETUSER modifier '{self._refused}': Unknown command or category name in ACL")
        return self._users if words == ("ACL", "USERS") else "OK"


def _applied(node: _Recorded, users: list[User]) -> list[str]:
    redis_users.apply(cast("Connection", node), users)
    return node.calls


@pytest.mark.parametrize("shards", [1, 2, 3, 7, 90])
def test_every_slot_is_served_by_exactly_one_shard(shards: int) -> None:
    ranges = [redis_nodes.slots(shard, shards) for shard in range(1, shards + 1)]
    assert [slot for first, last in ranges for slot in range(first, last + 1)] == list(range(16384))


def test_a_new_node_knows_all_others_and_its_own_part() -> None:
    cluster = [(node, f"127.20.30.{number}") for number, node in enumerate(redis_nodes.nodes(KEY, 2, 1), 1)]
    own = cluster[1][0]
    lines = redis_nodes.first_view(own, cluster, 2, 6379).splitlines()
    assert [line.split()[1:4] for line in lines[:-1]] == [
        ["127.20.30.1:6379@16379", "master", "-"],
        ["127.20.30.2:6379@16379", "myself,slave", cluster[0][0].id],
        ["127.20.30.3:6379@16379", "master", "-"],
        ["127.20.30.4:6379@16379", "slave", cluster[2][0].id],
    ]
    assert [line.split()[8] for line in lines if "master" in line] == ["0-8191", "8192-16383"]


def test_a_node_answers_over_tls_only_and_at_its_own_address_only() -> None:
    lines = _configuration()
    assert "port 0" in lines
    assert "tls-port 6379" in lines
    assert [line for line in lines if line.startswith("bind ")] == ["bind 127.20.30.1"]


def test_only_a_clean_stop_keeps_what_a_node_holds() -> None:
    lines = _configuration()
    assert {'save ""', "appendonly no", "shutdown-on-sigterm save"} <= set(lines)


def test_a_parameter_group_overrides_the_eviction_policy_and_sets_nothing_else_of_ours() -> None:
    lines = _configuration(**{"maxmemory-policy": "noeviction", "dir": "/", "cluster-enabled": "no"})
    assert [line for line in lines if line.startswith("maxmemory-policy")][-1] == 'maxmemory-policy "noeviction"'
    assert "cluster-enabled no" not in " ".join(lines).replace('"', "")


def _configuration(**parameters: str) -> list[str]:
    text = redis_nodes.configuration(Path("/node"), Path("/ca.pem"), "127.20.30.1", 6379, "own", parameters)
    return text.splitlines()


def test_without_a_user_of_that_name_the_default_user_is_off() -> None:
    assert _applied(_Recorded([]), [User("writer", "on ~* +@all", ["0a"])])[0] == "ACL SETUSER default reset off -@all"


def test_a_user_can_what_the_access_string_says_and_nothing_that_it_could_before() -> None:
    calls = _applied(_Recorded([]), [User("reader", "on ~*one -@all +hmget", ["0a", "0b"])])
    assert "ACL SETUSER reader reset on ~*one -@all +hmget #0a #0b" in calls


def test_a_user_who_left_the_group_leaves_the_nodes() -> None:
    calls = _applied(_Recorded(["default", "localcloud", "writer", "former"]), [User("writer", "on +@all", ["0a"])])
    assert [call for call in calls if "DELUSER" in call] == ["ACL DELUSER former"]


def test_users_survive_a_restart_of_the_node() -> None:
    assert _applied(_Recorded([]), [])[-1] == "ACL SAVE"


def test_an_access_string_that_redis_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(
        Refused, match=r"user new: the access string 'on ~\* \+@valkey' has no meaning to redis 7\.0, which stands in for Valkey"
    ):
        _applied(_Recorded([], refused="+@valkey"), [User("new", "on ~* +@valkey", ["0a"])])


def test_a_new_node_lets_nobody_in_but_the_local_cloud() -> None:
    first, second = redis_users.first_file("own").splitlines()
    assert first.startswith("user default off ")
    assert second.split()[:3] == ["user", "localcloud", "on"]
    assert "own" not in second.split()
