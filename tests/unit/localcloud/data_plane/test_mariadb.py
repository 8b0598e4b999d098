"""What MariaDB is started with."""

from pathlib import Path

import pytest

from localcloud.data_plane import mariadb
from localcloud.toolchain import DataPlane

SETTINGS = mariadb.Settings(3307, "administrator", mariadb.hashed("secret"), "registry")


def _options(**parameters: str) -> dict[str, str]:
    settings = mariadb.Settings(3307, "administrator", "", "", parameters)
    text = mariadb.configuration(Path("/cloud/data-plane/servers/one"), settings, "127.20.30.1", DataPlane(Path("/tools")))
    head, *lines = text.splitlines()
    assert head == "[mariadbd]"
    return dict(line.split("=", 1) for line in lines)


def test_a_server_listens_at_its_own_address_and_at_the_port_that_was_asked_for() -> None:
    options = _options()
    assert (options["bind-address"], options["port"]) == ("127.20.30.1", "3307")


def test_the_certificate_of_a_server_is_signed_by_the_authority_of_its_cloud() -> None:
    options = _options()
    assert options["ssl-ca"] == "/cloud/data-plane/ca.pem"
    assert options["ssl-cert"] == "/cloud/data-plane/servers/one/server.crt"


@pytest.mark.parametrize(
    ("given", "heeded"),
    [
        ({"require_secure_transport": "1"}, {"require-secure-transport": "1"}),
        ({"max_connections": "100"}, {"max-connections": "100"}),
        ({"max_connections": "{DBInstanceClassMemory/12582880}"}, {}),
        ({"collation_server": "utf8mb4_0900_ai_ci"}, {}),
        ({"collation_server": "utf8mb4_bin"}, {"collation-server": "utf8mb4_bin"}),
        ({"innodb_redo_log_capacity": "1"}, {}),
        ({"init_connect": "x\ninit-file=/etc/passwd"}, {}),
    ],
)
def test_of_a_parameter_group_what_mariadb_knows_by_the_same_name_is_heeded(given: dict[str, str], heeded: dict[str, str]) -> None:
    assert mariadb.heeded(given) == heeded


def test_a_database_speaks_utf8mb4_unless_its_parameter_group_says_otherwise() -> None:
    assert _options()["character-set-server"] == "utf8mb4"
    latin = _options(character_set_server="latin1")
    assert latin["character-set-server"] == "latin1"
    # A collation of utf8mb4 beside it would keep the server from starting.
    assert "collation-server" not in latin


def test_the_master_user_has_a_password_that_is_nowhere_in_plain() -> None:
    statements = mariadb.users(SETTINGS)
    assert "ALTER USER 'administrator'@'%' IDENTIFIED BY PASSWORD '*14E65567ABDB5135D0CFD9A70B3032C179A49EE7';" in statements
    assert "secret" not in statements


def test_the_master_user_is_not_almighty() -> None:
    assert "ALL PRIVILEGES" not in mariadb.users(SETTINGS)
    assert "SUPER" not in mariadb.users(SETTINGS)


def test_a_name_with_quotes_stays_a_name() -> None:
    odd = mariadb.users(mariadb.Settings(3306, "o'neil\\", "", "a`b"))
    assert "CREATE USER IF NOT EXISTS 'o''neil\\\\'@'%';" in odd
    assert "CREATE DATABASE IF NOT EXISTS `a``b`;" in odd
