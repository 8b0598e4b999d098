import json

import pulumi
import pytest

from components.workload_role import WorkloadRole, WorkloadRoleArgs
from planning.documents.buckets import Access
from tests.unit.registrations import ACCOUNT, REGION, Recorded, record

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/dev-boundary"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    def program() -> None:
        args = WorkloadRoleArgs(
            role="dev-serving-model-server",
            boundary_arn=BOUNDARY,
            account=ACCOUNT,
            region=REGION,
            cluster=pulumi.Output.from_input("dev-main"),
            namespace="serving",
            service_account="model-server",
            access=[Access(bucket="models", read=True, prefix="release/")],
            key_arn=pulumi.Output.from_input(KEY),
        )
        WorkloadRole("serving-model-server", args)

    return record(program)


def test_the_role_is_bound_to_one_service_account(recorded: Recorded) -> None:
    association = recorded.one("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs
    assert association["clusterName"] == "dev-main"
    assert (association["namespace"], association["serviceAccount"]) == ("serving", "model-server")
    assert association["roleArn"] == f"arn:aws:iam::{ACCOUNT}:role/dev-serving-model-server"


def test_the_role_carries_the_boundary(recorded: Recorded) -> None:
    assert recorded.one("aws:iam/role:Role").inputs["permissionsBoundary"] == BOUNDARY


def test_no_other_service_account_is_trusted(recorded: Recorded) -> None:
    trust = json.loads(recorded.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"][0]
    asked = trust["Condition"]["StringEquals"]
    assert asked["aws:RequestTag/eks-cluster-name"] == "dev-main"
    assert asked["aws:RequestTag/kubernetes-namespace"] == "serving"
    assert asked["aws:RequestTag/kubernetes-service-account"] == "model-server"


def test_the_role_may_do_what_was_listed_and_nothing_else(recorded: Recorded) -> None:
    granted = [json.loads(policy.inputs["policy"])["Statement"] for policy in recorded.all("aws:iam/rolePolicy:RolePolicy")]
    assert {resource for statements in granted for statement in statements for resource in [statement["Resource"]]} == {
        "arn:aws:s3:::models",
        "arn:aws:s3:::models/release/*",
        KEY,
    }


def test_a_service_account_without_buckets_reaches_none() -> None:
    def program() -> None:
        WorkloadRole(
            "reader",
            WorkloadRoleArgs(
                role="dev-reader",
                boundary_arn=BOUNDARY,
                account=ACCOUNT,
                region=REGION,
                cluster=pulumi.Output.from_input("dev-main"),
                namespace="n",
                service_account="reader",
                secrets=["dev-secret"],
                key_arn=pulumi.Output.from_input(KEY),
            ),
        )

    policies = record(program).all("aws:iam/rolePolicy:RolePolicy")
    assert {each.inputs["name"] for each in policies} == {"secrets", "key"}
    assert not any("s3" in each.inputs["policy"] for each in policies)
