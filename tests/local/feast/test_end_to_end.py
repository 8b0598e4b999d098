"""Feast, unmodified, on the outputs of a real `up`: what the platform publishes is enough for it, and more than enough for nobody."""

from __future__ import annotations

import pytest

from tests.local.feast.conftest import CUSTOMERS, OFFLINE_ROWS, OTHER, PROJECT, Platform
from tests.local.feast.runs import Project

SOME = ("1", "7", str(CUSTOMERS))


def test_what_was_materialised_is_read(reader: Project, engineer: Project) -> None:
    offline = engineer.rows(OFFLINE_ROWS, *SOME)
    assert reader.rows("read_online.py", *SOME) == offline


def test_a_customer_that_nobody_knows_has_no_features(reader: Project) -> None:
    (row,) = reader.rows("read_online.py", str(CUSTOMERS + 1))
    assert {name for name, value in row.items() if value is not None} == {"customer_id"}


def test_fresh_features_are_read_as_soon_as_they_are_pushed(reader: Project, writer: Project) -> None:
    writer.run("push_activity.py", "12", "3", "812.5", "2")
    (row,) = reader.rows("read_online.py", "12")
    assert (row["applications_24h"], row["spend_1h"], row["declined_payments_1h"]) == (3, 812.5, 2)


def test_serving_verifies_the_registry_and_does_not_make_it(up: Platform) -> None:
    said = up.configured("reader", OTHER).run("read_online.py", "1", succeeds=False)
    assert "schema is incomplete" in said


def test_who_writes_rows_of_the_registry_cannot_make_tables(up: Platform) -> None:
    said = up.configured("writer", OTHER).run("feast", "registry", "create-schema", succeeds=False)
    assert "CREATE command denied to user" in said


def test_who_serves_cannot_register_features(reader: Project) -> None:
    assert "command denied to user" in reader.run("feast", "apply", succeeds=False)


def test_the_server_refuses_a_readers_write(reader: Project) -> None:
    said = reader.run("push_activity.py", "12", "9", "1.0", "0", succeeds=False)
    assert "NoPermissionError" in said
    assert "'hset' command" in said


@pytest.mark.parametrize("role", ["reader", "writer"])
def test_the_server_refuses_another_projects_keys(up: Platform, role: str) -> None:
    project, other = up.configured(role), up.configured(role, OTHER)
    as_other = {name: other.environment[name] for name in ("ONLINE_STORE_USERNAME", "ONLINE_STORE_PASSWORD")}
    said = project.but({}, **as_other).run("read_online.py", "1", succeeds=False)
    assert "NoPermissionError" in said
    assert "one of the keys" in said


def test_another_projects_registry_is_refused(up: Platform, reader: Project) -> None:
    mine, theirs = (up.store.projects[name].database for name in (PROJECT, OTHER))
    assert f"to database '{theirs}'" in reader.but({f"/{mine}?": f"/{theirs}?"}).run("read_online.py", "1", succeeds=False)


def test_the_registry_refuses_a_plaintext_connection(reader: Project) -> None:
    said = reader.but({"ssl_ca=": "ssl_disabled=true&ssl_ca="}).run("read_online.py", "1", succeeds=False)
    # Of the same user and password that do over TLS: it is made with REQUIRE SSL, and that is looked at before require_secure_transport.
    assert "Access denied for user" in said


def test_the_online_store_refuses_a_plaintext_connection(reader: Project) -> None:
    said = reader.but({",ssl=true": ",ssl=false"}).run("read_online.py", "1", succeeds=False)
    assert "Connection closed by server" in said or "reset by peer" in said


def test_a_server_with_another_authority_is_not_trusted(reader: Project) -> None:
    said = reader.but({"ssl_ca_certs=": "ssl_ca_certs=/etc/ssl/certs/ca-certificates.crt,ignored="}).run(
        "read_online.py", "1", succeeds=False
    )
    assert "CERTIFICATE_VERIFY_FAILED" in said
