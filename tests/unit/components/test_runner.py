import pytest

from components.runner import Runner, RunnerArgs
from tests.unit.registrations import ACCOUNT, REGION, Recorded, record

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/logs"
PROJECT, WEBHOOK, LOG_GROUP = "aws:codebuild/project:Project", "aws:codebuild/webhook:Webhook", "aws:cloudwatch/logGroup:LogGroup"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    args = RunnerArgs(
        project="dev-runner",
        repository="example/ml-platform",
        role=f"arn:aws:iam::{ACCOUNT}:role/dev-runner",
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        log_group="/aws/codebuild/dev-runner",
        log_retention_days=365,
        log_key_arn=KEY,
    )
    return record(lambda: Runner("runner", args))


def test_it_runs_jobs_of_one_repository_when_they_are_queued(recorded: Recorded) -> None:
    assert recorded.one(PROJECT).inputs["source"]["location"] == "https://github.com/example/ml-platform.git"
    webhook = recorded.one(WEBHOOK).inputs
    assert webhook["projectName"] == "dev-runner"
    assert webhook["filterGroups"] == [{"filters": [{"type": "EVENT", "pattern": "WORKFLOW_JOB_QUEUED"}]}]


def test_an_account_that_may_run_one_build_at_once_has_a_runner_too(recorded: Recorded) -> None:
    assert "concurrentBuildLimit" not in recorded.one(PROJECT).inputs


def test_jobs_run_inside_the_vpc(recorded: Recorded) -> None:
    network = recorded.one(PROJECT).inputs["vpcConfig"]
    assert (network["vpcId"], network["subnets"], network["securityGroupIds"]) == ("vpc-1", ["subnet-a", "subnet-b"], ["runner-id"])


def test_jobs_cannot_become_root_of_their_host(recorded: Recorded) -> None:
    assert not recorded.one(PROJECT).inputs["environment"].get("privilegedMode", False)


def test_from_a_job_https_is_reached_and_nothing_else(recorded: Recorded) -> None:
    rule = recorded.one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").inputs
    assert (rule["securityGroupId"], rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("runner-id", "tcp", 443, 443)


def test_a_job_is_reached_from_nowhere(recorded: Recorded) -> None:
    assert recorded.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []
    assert "ingress" not in recorded.one("aws:ec2/securityGroup:SecurityGroup").inputs


def test_the_log_group_is_there_before_the_project_encrypted_and_not_for_ever(recorded: Recorded) -> None:
    group = recorded.one(LOG_GROUP)
    assert group.inputs == {"name": "/aws/codebuild/dev-runner", "retentionInDays": 365, "kmsKeyId": KEY}
    assert group.urn in recorded.one(PROJECT).dependencies
    assert recorded.one(PROJECT).inputs["logsConfig"] == {"cloudwatchLogs": {"status": "ENABLED", "groupName": "/aws/codebuild/dev-runner"}}
