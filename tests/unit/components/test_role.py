import pulumi
import pulumi_aws as aws

from components.role import ManagedRole, ManagedRoleArgs
from tests.unit.registrations import ACCOUNT, Recorded, record

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/dev-boundary"
ARGS = ManagedRoleArgs(
    description="What EKS acts as",
    trust='{"trust": "eks"}',
    managed_policies=("AmazonEKSClusterPolicy", "AmazonEKSComputePolicy"),
    inline_policies=(("custom-tags", '{"tags": "own"}'),),
    role="dev-eks-cluster",
    boundary_arn=BOUNDARY,
)


def used() -> Recorded:
    """The role, and something that takes its ARN."""

    def program() -> None:
        role = ManagedRole("clusters", ARGS)
        aws.ssm.Parameter("user", type="String", value=role.arn, opts=pulumi.ResourceOptions())

    return record(program)


def test_it_carries_the_boundary() -> None:
    assert used().one("aws:iam/role:Role").inputs["permissionsBoundary"] == BOUNDARY


def test_its_managed_policies_are_attached() -> None:
    attached = used().all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert {each.inputs["policyArn"] for each in attached} == {
        "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
        "arn:aws:iam::aws:policy/AmazonEKSComputePolicy",
    }
    assert {each.inputs["role"] for each in attached} == {"dev-eks-cluster"}


def test_its_inline_policies_are_put() -> None:
    assert used().one("aws:iam/rolePolicy:RolePolicy").inputs["policy"] == '{"tags": "own"}'


def test_whoever_uses_its_arn_waits_for_its_permissions() -> None:
    recorded = used()
    permissions = [
        *recorded.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
        *recorded.all("aws:iam/rolePolicy:RolePolicy"),
    ]
    assert {each.urn for each in permissions} < recorded.one("aws:ssm/parameter:Parameter").dependencies
