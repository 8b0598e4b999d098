import pytest

from components.ci_role import CiRole, CiRoleArgs
from tests.unit.registrations import ACCOUNT, Recorded, record

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/dev-boundary"
ROLE, POLICY, ATTACHMENT = "aws:iam/role:Role", "aws:iam/policy:Policy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    args = CiRoleArgs(
        role="dev-ci-preview",
        description="Previews",
        trust='{"trust": "github"}',
        boundary_arn=BOUNDARY,
        session_seconds=7200,
        policies={"read": '{"read": "all"}', "state": '{"read": "state"}'},
    )
    return record(lambda: CiRole("ci-preview", args))


def test_it_carries_the_boundary(recorded: Recorded) -> None:
    assert recorded.one(ROLE).inputs["permissionsBoundary"] == BOUNDARY


def test_only_who_was_named_becomes_it(recorded: Recorded) -> None:
    assert recorded.one(ROLE).inputs["assumeRolePolicy"] == '{"trust": "github"}'


def test_a_session_may_be_as_long_as_a_job(recorded: Recorded) -> None:
    assert recorded.one(ROLE).inputs["maxSessionDuration"] == 7200


def test_it_has_every_policy_and_no_other(recorded: Recorded) -> None:
    documents = {each.inputs["name"]: each.inputs["policy"] for each in recorded.all(POLICY)}
    assert documents == {"dev-ci-preview-read": '{"read": "all"}', "dev-ci-preview-state": '{"read": "state"}'}
    attached = recorded.all(ATTACHMENT)
    assert {each.inputs["role"] for each in attached} == {"dev-ci-preview"}
    assert {dependency for each in attached for dependency in each.dependencies} >= {each.urn for each in recorded.all(POLICY)}
