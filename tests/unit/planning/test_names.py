import string
from fnmatch import fnmatchcase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planning import add_ons, catalogue
from planning.names import LONGEST_CLUSTER, LONGEST_ENVIRONMENT, Names
from planning.refusal import Refused

DEV = Names(environment="dev", account="111111111111")
LONGEST = Names(environment="e" * LONGEST_ENVIRONMENT, account="111111111111")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (DEV.deployment, "ml-platform/dev"),
        (DEV.bucket("models"), "ml-platform-dev-models-111111111111"),
        (DEV.role("cluster-admin"), "dev-cluster-admin"),
        (DEV.cluster("main"), "dev-main"),
        (DEV.cluster_log_group("main"), "/aws/eks/dev-main/cluster"),
        (DEV.database("registry"), "dev-registry"),
        (DEV.database_log_group("registry", "error"), "/aws/rds/instance/dev-registry/error"),
        (DEV.replication_group("online-store"), "dev-online-store"),
        (DEV.cache_user("credit-decisions-writer"), "dev-credit-decisions-writer"),
        (DEV.cache_log_group("online-store", "slow-log"), "/aws/vendedlogs/elasticache/dev-online-store/slow-log"),
        (DEV.key_alias("features"), "alias/dev-features"),
        (DEV.policy("boundary"), "dev-boundary"),
        (DEV.topic("alarms"), "dev-alarms"),
        (DEV.budget("monthly"), "dev-monthly"),
        (DEV.repository("model-server"), "ml-platform/dev/model-server"),
        (DEV.build_project("runner"), "dev-runner"),
        (DEV.build_log_group("runner"), "/aws/codebuild/dev-runner"),
        (DEV.secret("registry", "mlflow_dml"), "dev-registry-mlflow_dml"),
        (DEV.stream("feature-events"), "dev-feature-events"),
        (DEV.delivery_stream("feature-events"), "dev-feature-events"),
        (DEV.delivery_log_group("feature-events"), "/aws/kinesisfirehose/dev-feature-events"),
        (DEV.workgroup("features"), "dev-features"),
        (Names(environment="risk-eu", account="111111111111").catalog_database("features"), "risk_eu_features"),
        (DEV.state_bucket, "ml-platform-state-111111111111"),
        (DEV.state_logs_bucket, "ml-platform-state-111111111111-logs"),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert name == expected


def test_the_longest_environment_that_settings_allow_fits_every_limit() -> None:
    assert len(LONGEST.bucket("offline-features")) <= 63
    assert len(LONGEST.role("cluster-admin")) <= 64
    assert len(LONGEST.cluster("c" * LONGEST_CLUSTER)) <= 100
    assert len(LONGEST.replication_group("online-store")) <= 40
    assert len(LONGEST.delivery_stream("decision-events")) <= 64


@pytest.mark.parametrize("kubernetes", list(catalogue.EKS_ADD_ONS))
def test_the_longest_cluster_that_settings_allow_has_roles_for_its_add_ons(kubernetes: str) -> None:
    identities = [each.identity for each in add_ons.add_ons(kubernetes) if each.identity]
    assert identities
    assert all(LONGEST.add_on_role("c" * LONGEST_CLUSTER, each.service_account) for each in identities)


PART = st.from_regex(
    rf"[a-z](-?[a-z0-9]){{1,{LONGEST_ENVIRONMENT // 2 - 1}}}", fullmatch=True, alphabet=string.ascii_lowercase + string.digits + "-"
)


@given(PART, PART, PART, PART)
def test_distinct_environments_and_purposes_have_distinct_names(one: str, its: str, other: str, their: str) -> None:
    assume((one, its) != (other, their))
    # Within one account, stack files may not have names of which one is the beginning of the other (stacks/across.py).
    assume(not one.startswith(f"{other}-") and not other.startswith(f"{one}-"))
    first, second = Names(environment=one, account="1" * 12), Names(environment=other, account="1" * 12)
    assert first.bucket(its) != second.bucket(their)
    assert first.role(its) != second.role(their)
    assert first.cluster(its) != second.cluster(their)
    assert first.database(its) != second.database(their)
    assert first.replication_group(its) != second.replication_group(their)
    assert first.key_alias(its) != second.key_alias(their)
    assert first.cluster_log_group(its) != second.cluster_log_group(their)


def test_a_name_over_a_limit_is_refused_and_not_cut() -> None:
    with pytest.raises(Refused) as refused:
        DEV.replication_group("a-rather-long-name-for-an-online-store")
    said = "`dev-a-rather-long-name-for-an-online-store`, 42 characters; expected at most 40; shorten the environment or the purpose by 2"
    assert said in str(refused.value)


@pytest.mark.parametrize("environment", ["Dev", "dev_1", "-dev"])
def test_a_bucket_name_that_s3_does_not_take_is_refused(environment: str) -> None:
    with pytest.raises(Refused, match="S3 bucket"):
        Names(environment=f"{environment}_", account="111111111111").bucket("models")


@pytest.mark.parametrize("purpose", ["a--b", "ends-", "ümlaut"])
def test_a_database_name_that_rds_does_not_take_is_refused(purpose: str) -> None:
    with pytest.raises(Refused, match="RDS identifier"):
        DEV.database(purpose)


def test_every_secret_matches_the_pattern_of_the_environments_secrets() -> None:
    assert fnmatchcase(DEV.secret("registry", "mlflow_dml"), DEV.any_secret)


def test_a_secret_name_that_secrets_manager_does_not_take_is_refused() -> None:
    with pytest.raises(Refused, match="Secrets Manager secret"):
        DEV.secret("registry", "mlflow dml")


def test_a_database_name_begins_with_a_letter() -> None:
    with pytest.raises(Refused, match="a letter first"):
        Names(environment="1dev", account="111111111111").database("registry")
