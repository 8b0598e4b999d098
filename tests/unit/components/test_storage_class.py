import pytest

from components.storage_class import StorageClass, StorageClassArgs
from tests.unit.registrations import Recorded, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/k"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    args = StorageClassArgs(storage_class="gp3", key_arn=KEY, tags={"deployment": "ml-platform/dev", "owner": "a=b"})
    return record(lambda: StorageClass("main", args))


@pytest.mark.parametrize(
    ("property_", "value"),
    [("provisioner", "ebs.csi.eks.amazonaws.com"), ("volumeBindingMode", "WaitForFirstConsumer"), ("allowVolumeExpansion", True)],
)
def test_volumes_are_auto_modes_made_where_the_pod_is_and_can_grow(recorded: Recorded, property_: str, value: object) -> None:
    assert recorded.one("kubernetes:storage.k8s.io/v1:StorageClass").inputs[property_] == value


def test_it_is_what_a_claim_gets_that_names_none(recorded: Recorded) -> None:
    metadata = recorded.one("kubernetes:storage.k8s.io/v1:StorageClass").inputs["metadata"]
    assert metadata == {"name": "gp3", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}


def test_volumes_are_encrypted_with_our_key_and_carry_the_deployments_tags(recorded: Recorded) -> None:
    assert recorded.one("kubernetes:storage.k8s.io/v1:StorageClass").inputs["parameters"] == {
        "type": "gp3",
        "encrypted": "true",
        "kmsKeyId": KEY,
        "tagSpecification_1": "deployment=ml-platform/dev",
        "tagSpecification_2": "owner=a=b",
    }
