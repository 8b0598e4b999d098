from typing import Any

import pulumi
import pytest

from components.cluster_access import ClusterAccess, ClusterAccessArgs
from planning.cluster_access import DEPLOYER_RULES, FENCE_HOLDS_FOR, FENCE_STANDS, VIEWER_RULES
from tests.unit.registrations import ACCOUNT, Recorded, record

ENTRY, ASSOCIATION = "aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
ROLE, BINDING = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"


POLICY = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"


def arn(role: str) -> pulumi.Output[str]:
    return pulumi.Output.from_input(f"arn:aws:iam::{ACCOUNT}:role/{role}")


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    args = ClusterAccessArgs(
        cluster="dev-main",
        deployer_role_arn=arn("dev-cluster-deployer"),
        viewer_role_arn=arn("dev-cluster-viewer"),
        team_role_arns={"risk": arn("dev-team-risk")},
    )
    return record(lambda: ClusterAccess("main", args))


@pytest.mark.parametrize(
    ("name", "role", "group"),
    [
        ("main-deployer", "dev-cluster-deployer", "ml-platform:deployers"),
        ("main-viewer", "dev-cluster-viewer", "ml-platform:viewers"),
        ("main-team-risk", "dev-team-risk", "ml-platform:team:risk"),
    ],
)
def test_each_role_gets_in_with_a_group_of_its_own_and_nothing_else(recorded: Recorded, name: str, role: str, group: str) -> None:
    entry = recorded.one(ENTRY, name).inputs
    assert (entry["principalArn"], entry["type"], entry["kubernetesGroups"]) == (
        f"arn:aws:iam::{ACCOUNT}:role/{role}",
        "STANDARD",
        [group],
    )
    assert recorded.all(ASSOCIATION) == []


def test_only_viewers_are_bound_in_the_whole_cluster(recorded: Recorded) -> None:
    binding = recorded.one(BINDING).inputs
    assert binding["roleRef"]["name"] == "ml-platform:viewer"
    assert binding["subjects"] == [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "ml-platform:viewers"}]


def test_a_role_is_there_before_it_is_bound(recorded: Recorded) -> None:
    assert recorded.one(ROLE, "main-viewer").urn in recorded.one(BINDING).dependencies


@pytest.mark.parametrize(("role", "rules"), [("deployer", DEPLOYER_RULES), ("viewer", VIEWER_RULES)])
def test_the_roles_are_those_that_were_decided(recorded: Recorded, role: str, rules: object) -> None:
    made = recorded.one(ROLE, f"main-{role}").inputs
    assert made["metadata"]["name"] == f"ml-platform:{role}"
    assert made["rules"] == list(rules) if isinstance(rules, tuple) else False


def test_the_fence_is_about_changes_of_network_policies_as_it_was_decided(recorded: Recorded) -> None:
    spec: dict[str, Any] = recorded.one(POLICY).inputs["spec"]
    (rule,) = spec["matchConstraints"]["resourceRules"]
    assert (rule["apiGroups"], rule["resources"], rule["operations"]) == (["networking.k8s.io"], ["networkpolicies"], ["UPDATE", "DELETE"])
    assert [each["expression"] for each in spec["matchConditions"]] == [FENCE_HOLDS_FOR]
    assert [each["expression"] for each in spec["validations"]] == [FENCE_STANDS]
    assert spec["failurePolicy"] == "Fail"


def test_the_fence_refuses(recorded: Recorded) -> None:
    spec = recorded.one(f"{POLICY}Binding").inputs["spec"]
    assert spec == {"policyName": recorded.one(POLICY).inputs["metadata"]["name"], "validationActions": ["Deny"]}
    assert recorded.one(POLICY).urn in recorded.one(f"{POLICY}Binding").dependencies
