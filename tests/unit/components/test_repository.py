import pytest

from components.repository import Repository, RepositoryArgs
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/clusters"
REPOSITORY, LIFECYCLE = "aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"


def repository(*, destroyable: bool = False) -> Recorded:
    args = RepositoryArgs(repository="ml-platform/dev/trainer", key_arn=KEY, lifecycle='{"rules": []}', destroyable=destroyable)
    return record(lambda: Repository("trainer", args))


def test_a_tag_always_means_the_same_image() -> None:
    assert repository().one(REPOSITORY).inputs["imageTagMutability"] == "IMMUTABLE"


def test_images_are_scanned_when_they_are_pushed() -> None:
    assert repository().one(REPOSITORY).inputs["imageScanningConfiguration"] == {"scanOnPush": True}


def test_images_are_encrypted_with_the_key() -> None:
    assert repository().one(REPOSITORY).inputs["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": KEY}]


def test_images_expire() -> None:
    lifecycle = repository().one(LIFECYCLE).inputs
    assert (lifecycle["repository"], lifecycle["policy"]) == ("ml-platform/dev/trainer", '{"rules": []}')


@pytest.mark.parametrize("destroyable", [True, False])
def test_images_go_with_it_only_where_that_was_asked(destroyable: bool) -> None:
    assert repository(destroyable=destroyable).one(REPOSITORY).inputs["forceDelete"] is destroyable
