"""The network as assembled: what leads out of it, and what is recorded of it."""

import json

import pytest

from planning import endpoints
from tests.unit.conftest import platform
from tests.unit.registrations import Recorded, record
from tests.unit.stacks.samples import DEV, changed
from tiers.assembly import assemble

ENDPOINT, ROUTE, BUCKET_POLICY = "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/route:Route", "aws:s3/bucketPolicy:BucketPolicy"
FLOW_LOG, LIFECYCLE = "aws:ec2/flowLog:FlowLog", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


@pytest.fixture(scope="module")
def closed() -> Recorded:
    """Development without any way to the internet."""
    given = changed(DEV, ("network.nat_gateways", "none"), ("network.endpoints", list(endpoints.NEEDED_BY_NODES)))
    return record(lambda: assemble(platform("dev", given)))


def services(recorded: Recorded, kind: str) -> set[str]:
    found = [each.inputs for each in recorded.all(ENDPOINT) if each.inputs["vpcEndpointType"] == kind]
    return {each["serviceName"].removeprefix("com.amazonaws.eu-west-1.") for each in found}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_s3_and_dynamodb_are_reached_without_nat_in_every_environment(request: pytest.FixtureRequest, stack: str) -> None:
    assert services(request.getfixturevalue(stack), "Gateway") == {"s3", "dynamodb"}


def test_gateway_endpoints_are_reached_from_private_and_data_subnets(dev: Recorded) -> None:
    tables = {"main-data-id", "main-private-eu-west-1a-id", "main-private-eu-west-1b-id"}
    assert [set(each.inputs["routeTableIds"]) for each in dev.all(ENDPOINT)] == [tables, tables]


def test_a_node_may_read_image_layers_through_the_endpoint_of_s3_alone(dev: Recorded) -> None:
    open_to_all = {each.name for each in dev.all(ENDPOINT) if "starport-layer-bucket" in each.inputs["policy"]}
    assert open_to_all == {"main-s3"}


def test_interface_endpoints_are_those_of_the_settings_in_every_private_subnet(prod: Recorded) -> None:
    assert services(prod, "Interface") == {"ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "logs", "secretsmanager", "sts"}
    subnets = {f"main-private-eu-west-1{zone}-id" for zone in "abc"}
    interfaces = [each.inputs for each in prod.all(ENDPOINT) if each.inputs["vpcEndpointType"] == "Interface"]
    assert [each["serviceName"] for each in interfaces if set(each["subnetIds"]) != subnets] == []


def test_every_endpoint_answers_to_the_environments_account(prod: Recorded) -> None:
    statements = {each.name: json.loads(each.inputs["policy"])["Statement"][0] for each in prod.all(ENDPOINT)}
    condition = {"StringEquals": {"aws:PrincipalAccount": "333333333333"}}
    assert [name for name, statement in statements.items() if statement["Condition"] != condition] == []


def test_the_endpoint_of_sts_alone_lets_in_jobs_that_have_a_token_and_no_credentials_yet(prod: Recorded) -> None:
    let_in = {each.name for each in prod.all(ENDPOINT) if "sts:AssumeRoleWithWebIdentity" in each.inputs["policy"]}
    assert let_in == {"main-sts"}


def test_without_nat_only_public_subnets_have_a_route_to_the_internet(closed: Recorded) -> None:
    assert [each.inputs["routeTableId"] for each in closed.all(ROUTE)] == ["main-public-id"]


def test_the_flow_log_goes_to_the_audit_bucket(dev: Recorded) -> None:
    assert dev.one(FLOW_LOG).inputs["logDestination"].endswith("/audit")


def test_the_audit_bucket_lets_log_delivery_in_before_the_flow_log_is_made(dev: Recorded) -> None:
    assert f"{BUCKET_POLICY} audit" in dev.behind(dev.one(FLOW_LOG))


def test_the_audit_bucket_is_encrypted_with_a_key_that_log_delivery_may_use(dev: Recorded) -> None:
    (rule,) = dev.one(ENCRYPTION, "audit").inputs["rules"]
    key = dev.one("aws:kms/key:Key", "logs")
    assert rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"].endswith(f"/{key.name}")
    assert "delivery.logs.amazonaws.com" in key.inputs["policy"]


@pytest.mark.parametrize("bucket", ["audit", "logs"])
@pytest.mark.parametrize(("stack", "days"), [("dev", 30), ("prod", 365)])
def test_logs_are_kept_as_long_as_the_settings_say(request: pytest.FixtureRequest, stack: str, days: int, bucket: str) -> None:
    recorded: Recorded = request.getfixturevalue(stack)
    (rule,) = recorded.one(LIFECYCLE, bucket).inputs["rules"]
    assert rule["expiration"] == {"days": days}
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert rule["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
