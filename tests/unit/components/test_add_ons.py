import json

import pulumi
import pytest

from components.add_ons import AddOns, AddOnsArgs
from planning.add_ons import AddOn, Identity
from tests.unit.registrations import ACCOUNT, Recorded, record

ADD_ON, GROUP, ROLE = "aws:eks/addon:Addon", "aws:cloudwatch/logGroup:LogGroup", "aws:iam/role:Role"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/dev-boundary"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    logger = AddOn(name="logger", version="v1-eksbuild.1", values={"a": 1}, identity=Identity("logs", "agent", ("AgentPolicy",)))
    args = AddOnsArgs(
        account=ACCOUNT,
        cluster="dev-main",
        ready=pulumi.Output.from_input("dev-main"),
        add_ons=[logger, AddOn(name="plain", version="v2-eksbuild.1", values={})],
        log_groups={"logger": ["/aws/logger/dev-main/application"]},
        log_retention_days=30,
        log_key_arn=KEY,
        roles={"logger": "dev-main-logger"},
        boundary_arn=BOUNDARY,
    )
    return record(lambda: AddOns("main", args))


def test_an_add_on_has_the_version_and_the_configuration_that_were_decided(recorded: Recorded) -> None:
    inputs = recorded.one(ADD_ON, "main-logger").inputs
    assert (inputs["clusterName"], inputs["addonName"], inputs["addonVersion"]) == ("dev-main", "logger", "v1-eksbuild.1")
    assert json.loads(inputs["configurationValues"]) == {"a": 1}


def test_what_was_changed_by_hand_is_overwritten(recorded: Recorded) -> None:
    for each in recorded.all(ADD_ON):
        assert (each.inputs["resolveConflictsOnCreate"], each.inputs["resolveConflictsOnUpdate"]) == ("OVERWRITE", "OVERWRITE")


def test_add_ons_do_not_wait_for_each_other(recorded: Recorded) -> None:
    for each in recorded.all(ADD_ON):
        assert not any(other.startswith(ADD_ON) for other in recorded.behind(each))


def test_an_add_on_acts_as_a_role_that_only_its_own_pods_can_take(recorded: Recorded) -> None:
    assert recorded.one(ADD_ON, "main-logger").inputs["podIdentityAssociations"] == [
        {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/dev-main-logger", "serviceAccount": "agent"}
    ]
    (statement,) = json.loads(recorded.one(ROLE).inputs["assumeRolePolicy"])["Statement"]
    assert statement["Condition"]["StringEquals"] == {
        "aws:SourceAccount": ACCOUNT,
        "aws:RequestTag/eks-cluster-name": "dev-main",
        "aws:RequestTag/kubernetes-namespace": "logs",
        "aws:RequestTag/kubernetes-service-account": "agent",
    }
    assert "podIdentityAssociations" not in recorded.one(ADD_ON, "main-plain").inputs


def test_log_groups_are_there_first_encrypted_and_not_for_ever(recorded: Recorded) -> None:
    group = recorded.one(GROUP)
    assert group.inputs == {"name": "/aws/logger/dev-main/application", "retentionInDays": 30, "kmsKeyId": KEY}
    assert group.urn in recorded.one(ADD_ON, "main-logger").dependencies
