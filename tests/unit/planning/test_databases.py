import json

import pytest

from planning import databases
from planning.databases import DDL, DML, MLFLOW, REGISTRY_ADMIN, RO
from planning.refusal import Refused

PROJECTS = ["credit-decisions", "fraud"]
NAMED = {user.name: user for user in databases.users(PROJECTS)}
SQL = [statement.sql for statement in databases.statements(PROJECTS)]


def granted(user: str) -> list[str]:
    return [sql for sql in SQL if sql.startswith("GRANT") and sql.endswith(f"TO `{user}`@`%`")]


@pytest.mark.parametrize(
    ("user", "privileges", "reached"),
    [
        ("feast_credit_decisions_ddl", DDL, ("feast_credit_decisions",)),
        ("feast_credit_decisions_dml", DML, ("feast_credit_decisions",)),
        ("feast_credit_decisions_ro", RO, ("feast_credit_decisions",)),
        ("feast_fraud_ro", RO, ("feast_fraud",)),
        ("mlflow_ddl", DDL, (MLFLOW,)),
        ("mlflow_dml", DML, (MLFLOW,)),
        (REGISTRY_ADMIN, DDL, ("feast_credit_decisions", "feast_fraud", MLFLOW)),
    ],
)
def test_each_user_has_these_rights_on_these_databases(user: str, privileges: tuple[str, ...], reached: tuple[str, ...]) -> None:
    assert (NAMED[user].privileges, NAMED[user].databases) == (privileges, reached)


def test_there_is_nobody_else() -> None:
    assert len(NAMED) == 3 * len(PROJECTS) + 3


def test_who_only_reads_is_granted_nothing_that_changes() -> None:
    assert granted("feast_fraud_ro") == [r"GRANT SELECT ON `feast\_fraud`.* TO `feast_fraud_ro`@`%`"]


def test_who_writes_rows_changes_no_table() -> None:
    assert granted("mlflow_dml") == ["GRANT SELECT, INSERT, UPDATE, DELETE ON `mlflow`.* TO `mlflow_dml`@`%`"]


def test_a_grant_names_one_database_and_none_that_is_called_alike() -> None:
    """Unescaped, `feast_a_b` is a pattern that `feast_acb` matches."""
    assert [sql for sql in granted(REGISTRY_ADMIN) if "_" in sql.partition(" TO ")[0].replace(r"\_", "")] == []


@pytest.mark.parametrize("user", sorted(NAMED))
def test_every_user_comes_over_tls_only(user: str) -> None:
    assert f"ALTER USER `{user}`@`%` REQUIRE SSL" in SQL


@pytest.mark.parametrize("user", sorted(NAMED))
def test_no_user_is_there_for_a_moment_without_tls(user: str) -> None:
    assert [sql.endswith(" REQUIRE SSL") for sql in SQL if sql.startswith(f"CREATE USER IF NOT EXISTS `{user}`")] == [True]


def test_what_a_user_holds_besides_is_looked_for_at_every_level_with_the_right_to_grant_it() -> None:
    (strays,) = [each for each in databases.statements(["fraud"]) if each.user == "feast_fraud_ro" and each.rows_are_statements]
    selects = strays.sql.split(" UNION ")
    found = [(each.startswith("SELECT CONCAT('REVOKE GRANT OPTION"), each.split("information_schema.")[1]) for each in selects]
    of_it = "WHERE GRANTEE = '''feast_fraud_ro''@''%'''"
    assert found == [
        (False, f"USER_PRIVILEGES {of_it} AND PRIVILEGE_TYPE <> 'USAGE'"),
        (True, f"USER_PRIVILEGES {of_it} AND IS_GRANTABLE = 'YES'"),
        (
            False,
            rf"SCHEMA_PRIVILEGES {of_it} AND NOT (TABLE_SCHEMA IN ('feast\\_fraud') AND PRIVILEGE_TYPE IN ('SELECT'))"
            " AND PRIVILEGE_TYPE <> 'USAGE'",
        ),
        (True, f"SCHEMA_PRIVILEGES {of_it} AND IS_GRANTABLE = 'YES'"),
        (False, f"TABLE_PRIVILEGES {of_it} AND PRIVILEGE_TYPE <> 'USAGE'"),
        (True, f"TABLE_PRIVILEGES {of_it} AND IS_GRANTABLE = 'YES'"),
        (False, f"COLUMN_PRIVILEGES {of_it}"),
    ]


def test_rds_is_told_of_iam_as_it_wants_to_be() -> None:
    assert databases.CLAUSES["iam"] == "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'"


def test_only_the_administrator_proves_itself_to_iam() -> None:
    assert [user.name for user in NAMED.values() if user.authentication == "iam"] == [REGISTRY_ADMIN]


@pytest.mark.parametrize(("clause", "verb"), [("password", "CREATE USER"), ("new_password", "ALTER USER"), ("iam", "CREATE USER")])
def test_how_a_user_is_known_is_left_to_the_server_it_runs_on(clause: str, verb: str) -> None:
    assert all(sql.startswith(verb) for sql in SQL if f"{{{clause}}}" in sql)
    assert any(f"{{{clause}}}" in sql for sql in SQL)


def test_a_statement_says_how_a_user_is_known_only_by_a_clause() -> None:
    assert [sql for sql in SQL if "IDENTIFIED" in sql] == []


def test_a_new_password_leaves_the_one_before_it() -> None:
    assert databases.CLAUSES["new_password"] == f"{databases.CLAUSES['password']} RETAIN CURRENT PASSWORD"


def test_a_password_is_set_again_only_where_it_does_not_open_the_server() -> None:
    again = [statement for statement in databases.statements(PROJECTS) if "{new_password}" in statement.sql]
    assert len(again) == len(NAMED) - 1
    assert all(statement.unless_logged_in for statement in again)


def test_rights_that_are_held_are_not_taken_away_to_be_given_again() -> None:
    assert [sql for sql in SQL if sql.startswith("REVOKE")] == []


def test_nothing_that_is_there_is_removed() -> None:
    assert [sql for sql in SQL if sql.startswith(("DROP", "DELETE", "TRUNCATE"))] == []


def test_a_project_has_a_database_of_its_own() -> None:
    assert databases.database("credit-decisions") == "feast_credit_decisions"
    assert len({databases.database(project) for project in PROJECTS}) == len(PROJECTS)


def test_the_longest_project_name_has_users() -> None:
    assert databases.users(["a" * 20])


def test_a_user_whose_name_mysql_would_not_take_is_refused() -> None:
    with pytest.raises(Refused, match=r"`feast_a{23}_ddl`, 33 characters; expected at most 32; shorten the project's name by 1"):
        databases.users(["a" * 23])


def test_a_backquote_ends_no_identifier() -> None:
    assert databases.quoted("a`b") == "`a``b`"


def test_statements_are_data() -> None:
    data = [statement.as_data() for statement in databases.statements(["fraud"])]
    assert json.loads(json.dumps(data))[0] == {"sql": "CREATE DATABASE IF NOT EXISTS `feast_fraud` CHARACTER SET utf8mb4"}


def test_eight_projects_fit_into_a_config_map() -> None:
    """A ConfigMap holds 1 MiB: https://kubernetes.io/docs/concepts/configuration/configmap/."""
    data = [statement.as_data() for statement in databases.statements([f"{'p' * 19}{number}" for number in range(8)])]
    assert len(json.dumps(data)) < 2**20 / 2
