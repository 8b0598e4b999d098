import pytest

from planning import mysql
from planning.catalogue import DB_INSTANCE_CLASSES

# RDS's own default, where all of the memory were the server's: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html.
RDS_BYTES_PER_CONNECTION = 12582880


@pytest.mark.parametrize(
    ("instance_class", "connections"), [("db.t4g.micro", 64), ("db.t4g.small", 128), ("db.t4g.medium", 256), ("db.m7g.large", 512)]
)
def test_connections_follow_the_memory(instance_class: str, connections: int) -> None:
    assert mysql.max_connections(instance_class) == connections
    assert mysql.parameters(instance_class)["max_connections"] == str(connections)


def test_no_class_is_given_more_connections_than_rds_gives_it() -> None:
    known = {name: mysql.max_connections(name) for name, each in DB_INSTANCE_CLASSES.items() if each.memory_gib is not None}
    assert len(known) > 50
    for name, connections in known.items():
        memory_gib = DB_INSTANCE_CLASSES[name].memory_gib
        assert connections is not None
        assert memory_gib is not None
        assert connections <= memory_gib * 2**30 / RDS_BYTES_PER_CONNECTION, name


def test_a_class_whose_memory_is_not_known_keeps_the_default_of_rds() -> None:
    assert mysql.max_connections("db.x2g.large") is None
    assert "max_connections" not in mysql.parameters("db.x2g.large")


def test_mlflow_and_jobs_have_room_beside_the_pods_that_run_feast() -> None:
    assert mysql.connections_needed(54) == 54 + 60 + 30


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("require_secure_transport", "1"),
        ("character_set_server", "utf8mb4"),
        ("collation_server", "utf8mb4_0900_ai_ci"),
        ("slow_query_log", "1"),
        ("long_query_time", "1"),
        ("log_output", "FILE"),
    ],
)
def test_parameters_want_tls_utf8_and_a_slow_query_log_that_can_be_exported(name: str, value: str) -> None:
    assert mysql.parameters("db.t4g.medium")[name] == value
