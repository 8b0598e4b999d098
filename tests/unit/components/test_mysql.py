from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pytest

from components.mysql import EXPORTED_LOGS, Mysql, MysqlArgs
from planning.mysql import InsightsMode
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"
LOG_KEY = "arn:aws:kms:eu-west-1:111111111111:key/logs"
TOPIC, ROLE = "arn:aws:sns:eu-west-1:111111111111:dev-alarms", "arn:aws:iam::111111111111:role/dev-registry-monitoring"
INSTANCE, LOG_GROUP = "aws:rds/instance:Instance", "aws:cloudwatch/logGroup:LogGroup"
GROUP, SUBSCRIPTION = "aws:rds/parameterGroup:ParameterGroup", "aws:rds/eventSubscription:EventSubscription"

ARGS = MysqlArgs(
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
    parameters={"require_secure_transport": "1", "max_connections": "256"},
    monitoring_interval_seconds=60,
    monitoring_role_arn=ROLE,
    insights="standard",
    events_topic_arn=TOPIC,
    log_groups={log: f"/aws/rds/instance/dev-registry/{log}" for log in EXPORTED_LOGS},
    log_retention_days=30,
    apply_immediately=True,
    protected=False,
    final_snapshot=None,
)


def mysql(args: MysqlArgs = ARGS) -> Recorded:
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


def test_its_parameters_are_those_it_was_given(recorded: Recorded) -> None:
    group = recorded.one(GROUP)
    assert group.inputs["family"] == "mysql8.4"
    assert {each["name"]: each["value"] for each in group.inputs["parameters"]} == ARGS.parameters
    assert group.urn in recorded.one(INSTANCE).dependencies


@pytest.mark.parametrize(("mode", "days"), [("standard", 7), ("advanced", 465)])
def test_insights_keep_as_long_as_their_mode_wants_with_our_key(mode: InsightsMode, days: int) -> None:
    inputs = mysql(replace(ARGS, insights=mode)).one(INSTANCE).inputs
    assert (inputs["databaseInsightsMode"], inputs["performanceInsightsEnabled"]) == (mode, True)
    assert (inputs["performanceInsightsRetentionPeriod"], inputs["performanceInsightsKmsKeyId"]) == (days, KEY)


def test_without_insights_nothing_of_them_is_asked_for() -> None:
    inputs = mysql(replace(ARGS, insights=None)).one(INSTANCE).inputs
    assert {name: value for name, value in inputs.items() if "nsights" in name} == {"performanceInsightsEnabled": False}


def test_the_operating_system_is_monitored_as_the_role_it_was_given(recorded: Recorded) -> None:
    inputs = recorded.one(INSTANCE).inputs
    assert (inputs["monitoringInterval"], inputs["monitoringRoleArn"]) == (60, ROLE)


@pytest.mark.parametrize(
    ("name", "source", "categories"),
    [
        ("registry", ("db-instance", "dev-registry"), {"failover", "failure", "low storage", "maintenance", "configuration change"}),
        ("registry-parameters", ("db-parameter-group", "registry"), {"configuration change"}),
    ],
)
def test_the_topic_hears_of_it_and_of_its_parameters(recorded: Recorded, name: str, source: tuple[str, str], categories: set[str]) -> None:
    inputs = recorded.one(SUBSCRIPTION, name).inputs
    assert (inputs["sourceType"], *inputs["sourceIds"]) == source
    assert inputs["snsTopic"] == TOPIC
    assert categories <= set(inputs["eventCategories"])


def test_its_master_secret_and_its_resource_id_are_told_to_whoever_asks() -> None:
    def program() -> None:
        database = Mysql("registry", ARGS)
        value = pulumi.Output.concat(database.master_user_secret_arn, " ", database.resource_id)
        aws.ssm.Parameter("user", type="String", value=value)

    asked = record(program).one("aws:ssm/parameter:Parameter").inputs["value"]
    assert asked == "arn:aws:secretsmanager:eu-west-1:111111111111:secret:rds!db-1 db-1"


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
    instance = mysql(replace(ARGS, protected=protected)).one(INSTANCE)
    assert instance.protect is protected
    assert instance.inputs["deletionProtection"] is protected


@pytest.mark.parametrize("name", [None, "last"])
def test_it_leaves_the_final_snapshot_that_was_asked_for_and_its_backups_with_it(name: str | None) -> None:
    inputs = mysql(replace(ARGS, final_snapshot=name)).one(INSTANCE).inputs
    assert inputs["skipFinalSnapshot"] is (name is None)
    assert inputs.get("finalSnapshotIdentifier") == name
    assert inputs["deleteAutomatedBackups"] is (name is None)
