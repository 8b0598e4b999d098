import pytest

from components.mysql import EXPORTED_LOGS, Mysql, MysqlArgs
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
LOG_KEY = "arn:aws:kms:eu-west-1:111111111111:key/logs"
INSTANCE, LOG_GROUP = "aws:rds/instance:Instance", "aws:cloudwatch/logGroup:LogGroup"


def mysql(*, protected: bool = False, final_snapshot: str | None = None) -> Recorded:
    args = MysqlArgs(
        identifier="dev-registry",
        database="registry",
        version="8.4",
        instance_class="db.t4g.medium",
        storage_gib=20,
        storage_limit_gib=100,
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        clients={"nodes": "sg-nodes"},
        key_arn=KEY,
        log_key_arn=LOG_KEY,
        multi_az=False,
        backup_retention_days=1,
        backup_window="02:00-03:00",
        maintenance_window="sun:03:30-sun:04:30",
        log_groups={log: f"/aws/rds/instance/dev-registry/{log}" for log in EXPORTED_LOGS},
        log_retention_days=30,
        apply_immediately=True,
        protected=protected,
        final_snapshot=final_snapshot,
    )
    return record(lambda: Mysql("registry", args))


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return mysql()


@pytest.mark.parametrize(
    ("property_", "value"),
    [
        ("engine", "mysql"),
        ("engineVersion", "8.4"),
        ("publiclyAccessible", False),
        ("storageEncrypted", True),
        ("kmsKeyId", KEY),
        ("manageMasterUserPassword", True),
        ("masterUserSecretKmsKeyId", KEY),
        ("iamDatabaseAuthenticationEnabled", True),
        ("caCertIdentifier", "rds-ca-rsa2048-g1"),
        ("engineLifecycleSupport", "open-source-rds-extended-support-disabled"),
        ("autoMinorVersionUpgrade", True),
        ("copyTagsToSnapshot", True),
        ("enabledCloudwatchLogsExports", ["error", "slowquery"]),
    ],
)
def test_it_is_a_private_encrypted_supported_mysql(recorded: Recorded, property_: str, value: object) -> None:
    assert recorded.one(INSTANCE).inputs[property_] == value


def test_tls_is_required(recorded: Recorded) -> None:
    group = recorded.one("aws:rds/parameterGroup:ParameterGroup")
    assert group.inputs["family"] == "mysql8.4"
    (parameter,) = group.inputs["parameters"]
    assert (parameter["name"], parameter["value"]) == ("require_secure_transport", "1")
    assert group.urn in recorded.one(INSTANCE).dependencies


def test_no_password_is_ever_in_the_program(recorded: Recorded) -> None:
    assert not {"password", "passwordWo"} & set(recorded.one(INSTANCE).inputs)


def test_it_is_in_the_subnets_it_was_given(recorded: Recorded) -> None:
    assert recorded.one("aws:rds/subnetGroup:SubnetGroup").inputs["subnetIds"] == ["subnet-a", "subnet-b"]


def test_only_its_clients_reach_it(recorded: Recorded) -> None:
    assert recorded.one(INSTANCE).inputs["vpcSecurityGroupIds"] == ["registry-id"]
    rule = recorded.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs
    assert (rule["referencedSecurityGroupId"], rule["fromPort"], rule["toPort"]) == ("sg-nodes", 3306, 3306)


def test_its_log_groups_are_there_before_it_encrypted_and_not_for_ever(recorded: Recorded) -> None:
    groups = recorded.all(LOG_GROUP)
    assert {group.inputs["name"] for group in groups} == {
        "/aws/rds/instance/dev-registry/error",
        "/aws/rds/instance/dev-registry/slowquery",
    }
    assert {group.urn for group in groups} <= recorded.one(INSTANCE).dependencies
    assert {(group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) for group in groups} == {(LOG_KEY, 30)}


@pytest.mark.parametrize("protected", [True, False])
def test_a_protected_one_is_not_deleted_by_pulumi_or_rds(protected: bool) -> None:
    instance = mysql(protected=protected).one(INSTANCE)
    assert instance.protect is protected
    assert instance.inputs["deletionProtection"] is protected


@pytest.mark.parametrize("name", [None, "last"])
def test_it_leaves_the_final_snapshot_that_was_asked_for(name: str | None) -> None:
    inputs = mysql(final_snapshot=name).one(INSTANCE).inputs
    assert inputs["skipFinalSnapshot"] is (name is None)
    assert inputs.get("finalSnapshotIdentifier") == name
