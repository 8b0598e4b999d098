"""Which arrows are derived from a state."""

import pytest

from scripts.diagram_flows import Flow, Flows
from scripts.diagram_things import Things
from tests.unit.scripts.drawn_stack import (
    ASSOCIATION,
    BUCKET_ARN,
    DATABASE,
    GROUP,
    ROLE,
    ROLE_ARN,
    RULE,
    STACK,
    STREAM,
    allowed,
    document,
    made,
)

CLUSTER = "feature_store_eks_cluster_main"
READER = "feature_store_service_account_serving_reader"
REGISTRY = "feature_store_rds_instance_registry"
BUCKET = "feature_store_s3_bucket_features"
EVENTS = "feature_store_kinesis_stream_events"
PASSWORD = "feature_store_secret_password"
DELIVERY = "feature_store_firehose_delivery"

ALWAYS = {Flow(CLUSTER, REGISTRY, "3306", "connection"), Flow(CLUSTER, READER, "runs", "runs")}

STREAM_ARN = "arn:aws:kinesis:eu-west-1:111111111111:stream/dev-events"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:dev-password-??????"
MASTER_ARN = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:rds!db-1"
USER_ARN = "arn:aws:rds-db:eu-west-1:111111111111:dbuser:db-ABC/admin"
LOG_ARN = "arn:aws:logs:eu-west-1:111111111111:log-group:/dev"

CASES = {
    "reading is from the store": (document("s3:GetObject", f"{BUCKET_ARN}/*"), Flow(BUCKET, READER, "reads", "data")),
    "writing is to the store": (document("s3:PutObject", f"{BUCKET_ARN}/candidates/*"), Flow(READER, BUCKET, "writes", "data")),
    "both is both": (document(["s3:GetObject", "s3:DeleteObject"], f"{BUCKET_ARN}/*"), Flow(READER, BUCKET, "reads, writes", "both")),
    "streams": (document("kinesis:PutRecords", [STREAM_ARN]), Flow(READER, EVENTS, "writes", "data")),
    "secrets, without the six characters": (document("secretsmanager:GetSecretValue", SECRET_ARN), Flow(PASSWORD, READER, "reads", "data")),
    "a database's user": (document("rds-db:connect", USER_ARN), Flow(READER, REGISTRY, "connects", "data")),
    "a database's secret": (document("secretsmanager:GetSecretValue", MASTER_ARN), Flow(REGISTRY, READER, "reads its secret", "data")),
    "listing moves nothing": (document("s3:ListBucket", BUCKET_ARN), None),
    "a pattern names nothing": (document("s3:GetObject", "arn:aws:s3:::dev-*"), None),
    "everything names nothing": (document("s3:GetObject", "*"), None),
    "another's bucket that begins alike": (document("s3:GetObject", f"{BUCKET_ARN}-2/*"), None),
    "another service's": (document("logs:PutLogEvents", LOG_ARN), None),
    "a denial": (document("s3:GetObject", f"{BUCKET_ARN}/*", effect="Deny"), None),
}


@pytest.mark.parametrize("case", CASES)
def test_a_document_draws_what_it_allows_of_one_thing(case: str) -> None:
    policy, flow = CASES[case]
    found = Flows(Things([*STACK, allowed(policy, DATABASE["urn"])])).all
    assert set(found) - ALWAYS == ({flow} if flow else set())


def test_a_rule_draws_its_client_and_its_port() -> None:
    assert Flow(CLUSTER, REGISTRY, "3306", "connection") in Flows(Things(STACK)).all


def test_a_group_that_lets_itself_in_draws_nothing() -> None:
    rule = {**RULE, "propertyDependencies": {"referencedSecurityGroupId": [GROUP["urn"]], "securityGroupId": [GROUP["urn"]]}}
    assert Flows(Things([DATABASE, GROUP, rule])).all == []


def test_a_cluster_runs_the_service_accounts_associated_with_it() -> None:
    assert Flow(CLUSTER, READER, "runs", "runs") in Flows(Things(STACK)).all


def test_a_role_stands_for_the_service_that_assumes_it() -> None:
    delivery = made(
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "delivery",
        taken_from={"extendedS3Configuration": [ROLE["urn"]]},
        extendedS3Configuration={"roleArn": ROLE_ARN},
    )
    resources = [each for each in STACK if each is not ASSOCIATION]
    found = Flows(Things([*resources, delivery, allowed(document("kinesis:GetRecords", STREAM_ARN))])).all
    assert Flow(EVENTS, DELIVERY, "reads", "data") in found


def test_an_attached_policy_of_the_stack_counts() -> None:
    policy = made("aws:iam/policy:Policy", "events", policy=document("kinesis:PutRecord", STREAM_ARN))
    attachment = made(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "reader-events",
        taken_from={"role": [ROLE["urn"]], "policyArn": [policy["urn"]]},
    )
    assert Flow(READER, EVENTS, "writes", "data") in Flows(Things([*STACK, policy, attachment])).all


def test_a_policy_that_nothing_has_allows_nothing() -> None:
    policy = made("aws:iam/policy:Policy", "boundary", policy=document("kinesis:PutRecord", STREAM_ARN))
    assert set(Flows(Things([*STACK, policy])).all) == ALWAYS


def test_a_document_that_is_not_known_yet_is_told() -> None:
    unknown = allowed("04da6b54-80e4-46f7-96ec-b56ff0331ba9", STREAM["urn"])
    assert Flows(Things([*STACK, unknown])).unknown == [unknown["urn"]]
