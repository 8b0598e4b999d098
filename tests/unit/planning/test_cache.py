import pytest

from planning import cache, feast_projects
from planning.names import Names


def test_a_reader_reads_the_keys_of_its_project_and_writes_nothing() -> None:
    assert cache.access("reader", "risk_2c6ef0f0") == "on %R~*risk_2c6ef0f0 resetchannels -@all +cluster|slots +command +hmget"


def test_a_writer_reads_and_writes_the_keys_of_its_project() -> None:
    written = "on ~*risk_2c6ef0f0 resetchannels -@all +cluster|slots +command +hmget +hset +expire"
    assert cache.access("writer", "risk_2c6ef0f0") == written


def test_nobody_may_do_nothing() -> None:
    assert cache.NOBODY == "off resetchannels -@all"


@pytest.mark.parametrize(
    ("node_type", "percent"),
    [("cache.t4g.micro", 50), ("cache.t3.small", 30), ("cache.t4g.medium", 25), ("cache.r7g.large", 25), ("cache.m7g.12xlarge", 25)],
)
def test_more_memory_is_left_on_small_nodes(node_type: str, percent: int) -> None:
    assert cache.reserved_memory_percent(node_type) == percent


@pytest.mark.parametrize("eviction", ["noeviction", "volatile-lru", "allkeys-lru"])
def test_what_is_evicted_is_said(eviction: cache.Eviction) -> None:
    assert cache.parameters("cache.r7g.large", eviction)["maxmemory-policy"] == eviction


def test_a_group_has_room_for_the_users_of_all_projects_that_settings_allow() -> None:
    assert 1 + len(cache.ROLES) * feast_projects.MOST <= cache.MOST_USERS


def test_a_project_of_sixteen_letters_has_users_in_the_longest_environment_that_settings_allow() -> None:
    assert len(Names(environment="e" * 16, account="1" * 12).cache_user(f"{'p' * 16}-writer")) == 40
