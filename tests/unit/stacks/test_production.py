"""What production may not go without: each policy broken by one setting."""

import pytest

from stacks.checking import StackFileRefused
from tests.unit.conftest import platform
from tests.unit.stacks.samples import PROD, STAGING, changed

BROKEN = [
    ("destroyable", True, "got true; expected false", "deletion protection and final snapshots, RDS.8"),
    ("audit_retention_days", 364, "got 364; expected at least 365", "flow logs and access logs for a year"),
    ("network.zones", 2, "got 2; expected at least 3", "two zones are left when one is lost"),
    ("network.nat_gateways", "one", 'got "one"; expected "per_zone"', "a NAT gateway in each zone"),
    ("network.nat_gateways", "none", 'got "none"; expected "per_zone"', "a NAT gateway in each zone"),
    ("clusters.training.zonal_shift", False, "got false; expected true", "clusters move away from a failing zone"),
    ("clusters.serving.log_retention_days", 180, "got 180; expected at least 365", "logs for a year, CKV_AWS_338"),
    ("observability.budget_usd_per_month", None, "got nothing (null); expected an amount", "somebody hears of what is spent"),
    ("feature_store.registry.multi_az", False, "got false; expected true", "Multi-AZ databases, RDS.5"),
    ("feature_store.registry.backup_retention_days", 13, "got 13; expected at least 14", "backups for 14 days, RDS.11"),
    ("feature_store.registry.log_retention_days", 90, "got 90; expected at least 365", "logs for a year, CKV_AWS_338"),
    ("feature_store.registry.monitoring_interval_seconds", 0, "got 0; expected at least 1", "enhanced monitoring, RDS.6"),
    ("feature_store.registry.insights", "none", 'got "none"; expected standard or advanced', "Database Insights, CKV_AWS_353"),
    ("feature_store.online_store.log_retention_days", 180, "got 180; expected at least 365", "logs for a year, CKV_AWS_338"),
    ("feature_store.online_store.replicas", 0, "got 0; expected at least 1", "a replica in another zone, ElastiCache.3"),
    ("feature_store.online_store.snapshot_retention_days", 13, "got 13; expected at least 14", "backups for 14 days, ElastiCache.1"),
    ("feature_store.events.log_retention_days", 90, "got 90; expected at least 365", "logs for a year, CKV_AWS_338"),
    ("feature_store.decision_log.retention_days", 90, "got 90; expected at least 365", "decisions of a year can be audited"),
    ("feature_store.decision_log.lock", "none", 'got "none"; expected "governance"', "decisions cannot be deleted, S3.15"),
]


@pytest.mark.parametrize(("path", "value", "said", "policy"), BROKEN)
def test_production_is_refused_without_a_promise_of_it(path: str, value: object, said: str, policy: str) -> None:
    with pytest.raises(StackFileRefused) as refused:
        platform("prod", changed(PROD, (path, value)))
    lines = str(refused.value).splitlines()[1:]
    assert any(line.startswith(f"stacks/Pulumi.prod.yaml: {path}: {said} (policy of production: {policy}); ") for line in lines)


def test_all_that_production_lacks_is_said_at_once() -> None:
    with pytest.raises(StackFileRefused) as refused:
        platform("prod", changed(PROD, ("destroyable", True), ("network.zones", 2)))
    # In two zones, each has to have addresses for all of production's nodes when the other is lost; and a lock keeps what could go.
    said = [line.split(": ")[1] for line in str(refused.value).splitlines()[1:]]
    assert said == ["network.cidr", "feature_store.decision_log.lock", "destroyable", "network.zones"]


@pytest.mark.parametrize(("path", "value"), [("network.zones", 2), ("feature_store.registry.backup_retention_days", 3)])
def test_other_profiles_may_do_with_less(path: str, value: object) -> None:
    assert platform("staging", changed(STAGING, (path, value))).profile == "staging"
