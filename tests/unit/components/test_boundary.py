import pulumi
import pulumi_aws as aws

from components.boundary import Boundary, BoundaryArgs
from tests.unit.registrations import ACCOUNT, Recorded, record

ARGS = BoundaryArgs(account=ACCOUNT, policy="dev-boundary", document='{"never": "more"}')


def used(*, preview: bool = False) -> Recorded:
    """The boundary, and a role that carries it."""

    def program() -> None:
        aws.iam.Role("role", assume_role_policy="{}", permissions_boundary=Boundary("b", ARGS).arn, opts=pulumi.ResourceOptions())

    return record(program, preview=preview)


def test_no_role_is_made_before_the_boundary_that_it_carries() -> None:
    recorded = used()
    assert recorded.one("aws:iam/policy:Policy").urn in recorded.one("aws:iam/role:Role").dependencies


def test_reviewers_see_at_preview_which_boundary_a_role_carries() -> None:
    recorded = used(preview=True)
    assert recorded.one("aws:iam/role:Role").inputs["permissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/dev-boundary"


def test_the_document_is_what_was_planned() -> None:
    policy = used().one("aws:iam/policy:Policy").inputs
    assert (policy["name"], policy["policy"]) == ("dev-boundary", '{"never": "more"}')
