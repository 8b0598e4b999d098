import pulumi
import pulumi_aws as aws
import pytest

from components.cache_users import CacheUser, CacheUsers, CacheUsersArgs
from tests.unit.registrations import Recorded, record

USER, GROUP = "aws:elasticache/user:User", "aws:elasticache/userGroup:UserGroup"
ASSOCIATION = "aws:elasticache/userGroupAssociation:UserGroupAssociation"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    """A writer and a reader, and something that is made with their group."""

    def user(access: str, *passwords: str) -> CacheUser:
        return CacheUser(access=access, passwords=pulumi.Output.secret(list(passwords)))

    def program() -> None:
        users = {"dev-writer": user("on ~*a +hset", "new", "old"), "dev-reader": user("on %R~*a +hmget", "other")}
        made = CacheUsers("store", CacheUsersArgs(group="dev-store", nobody="dev-default", users=users))
        aws.ssm.Parameter("cache", type="String", value=made.group)

    return record(program)


def test_clients_that_name_no_user_are_refused(recorded: Recorded) -> None:
    nobody = recorded.one(USER, "store-default").inputs
    assert (nobody["userName"], nobody["userId"], nobody["accessString"]) == ("default", "dev-default", "off resetchannels -@all")


def test_the_password_that_nobody_uses_is_kept_by_later_runs(recorded: Recorded) -> None:
    assert recorded.one(USER, "store-default").ignored == {"passwords"}


@pytest.mark.parametrize("name", ["store-default", "dev-writer", "dev-reader"])
def test_passwords_are_secrets(recorded: Recorded, name: str) -> None:
    assert "passwords" in recorded.one(USER, name).secret_inputs


def test_a_user_has_one_name_and_its_own_rights_and_passwords(recorded: Recorded) -> None:
    writer = recorded.one(USER, "dev-writer").inputs
    assert (writer["userName"], writer["userId"], writer["engine"]) == ("dev-writer", "dev-writer", "valkey")
    assert (writer["accessString"], writer["passwords"]) == ("on ~*a +hset", ["new", "old"])


def test_the_group_begins_with_the_user_that_is_off(recorded: Recorded) -> None:
    group = recorded.one(GROUP).inputs
    assert (group["userGroupId"], group["engine"], group["userIds"]) == ("dev-store", "valkey", ["dev-default"])


def test_users_that_others_add_to_the_group_stay(recorded: Recorded) -> None:
    assert recorded.one(GROUP).ignored == {"userIds"}


def test_users_join_the_group_one_after_the_other(recorded: Recorded) -> None:
    joined = {each.inputs["userId"]: each for each in recorded.all(ASSOCIATION)}
    assert {user: each.inputs["userGroupId"] for user, each in joined.items()} == {"dev-writer": "dev-store", "dev-reader": "dev-store"}
    assert joined["dev-writer"].urn in joined["dev-reader"].dependencies


def test_what_is_made_with_the_group_waits_for_all_its_members(recorded: Recorded) -> None:
    assert {each.urn for each in recorded.all(ASSOCIATION)} <= set(recorded.one("aws:ssm/parameter:Parameter").dependencies)
