"""The whole program, assembled from the development stack file: what holds for every resource of it."""

import json

import pytest

from stacks.models import Settings
from tests.unit.registrations import UNKNOWN, Recorded, Registration

AWS, KUBERNETES = "pulumi:providers:aws", "pulumi:providers:kubernetes"
POOLS = ["main-platform", "feature-store", "serving", "training-cpu"]
IAM_DOCUMENTS = {"policy", "assumeRolePolicy", "permissionsBoundary"}


def of(package: str, recorded: Recorded) -> list[Registration]:
    found = [each for each in recorded.registrations if each.type.startswith(f"{package}:")]
    assert found, package
    return found


def test_every_aws_resource_uses_our_provider(dev: Recorded) -> None:
    assert {each.provider for each in of("aws", dev)} == {dev.one(AWS).urn}


def test_every_kubernetes_object_is_made_in_our_cluster(dev: Recorded) -> None:
    assert {each.provider for each in of("kubernetes", dev)} == {dev.one(KUBERNETES).urn}


def test_the_provider_is_pinned_to_the_account_and_the_region(dev: Recorded, settings: Settings) -> None:
    inputs = dev.one(AWS).inputs
    assert inputs["region"] == settings.region
    assert json.loads(inputs["allowedAccountIds"]) == [settings.account]


def test_everything_is_tagged(dev: Recorded) -> None:
    assert json.loads(dev.one(AWS).inputs["defaultTags"]) == {
        "tags": {
            "environment": "dev",
            "profile": "development",
            "owner": "ml-platform-team",
            "cost-centre": "ml-1000",
            "data-classification": "internal",
            "project": "ml-platform",
            "deployment": "ml-platform/dev",
        }
    }


def test_no_resource_overrides_a_tag_that_everything_has(dev: Recorded) -> None:
    shared = set(json.loads(dev.one(AWS).inputs["defaultTags"])["tags"])
    assert [each.name for each in of("aws", dev) if shared & set(each.inputs.get("tags", {}))] == []


@pytest.mark.parametrize("pool", POOLS)
def test_nodes_carry_the_tags_that_the_provider_cannot_give_them(dev: Recorded, pool: str) -> None:
    node_class = dev.one("kubernetes:eks.amazonaws.com/v1:NodeClass", f"{pool}-class")
    assert node_class.inputs["spec"]["tags"] == json.loads(dev.one(AWS).inputs["defaultTags"])["tags"]


def test_volumes_carry_the_tags_that_the_provider_cannot_give_them(dev: Recorded) -> None:
    parameters = dev.one("kubernetes:storage.k8s.io/v1:StorageClass").inputs["parameters"]
    tags = [value.partition("=") for name, value in parameters.items() if name.startswith("tagSpecification_")]
    assert {key: value for key, _, value in tags} == json.loads(dev.one(AWS).inputs["defaultTags"])["tags"]


def test_every_resource_belongs_to_a_tier(dev: Recorded) -> None:
    roots = {each.type for each in dev.registrations if not each.parent}
    assert roots == {
        AWS,
        *(f"ml-platform:tiers:{tier}" for tier in ("Foundation", "Network", "Clusters", "Ci", "FeatureStore", "Serving", "Training")),
    }


def test_no_two_resources_are_called_the_same(dev: Recorded) -> None:
    assert len({each.urn for each in dev.registrations}) == len(dev.registrations)


def test_nothing_is_given_a_secret_but_users_of_ours_and_what_holds_their_passwords(dev: Recorded) -> None:
    assert {(each.type, name) for each in dev.registrations for name in each.secret_inputs} == {
        ("aws:elasticache/user:User", "passwords"),
        ("aws:secretsmanager/secretVersion:SecretVersion", "secretString"),
    }


def test_no_password_is_given_to_anything_else_nor_published(dev: Recorded) -> None:
    passwords = [each for user in dev.all("aws:elasticache/user:User") for each in user.inputs["passwords"]]
    assert len(passwords) == 3
    holders = {"aws:elasticache/user:User", "aws:secretsmanager/secretVersion:SecretVersion"}
    others = str([each.inputs for each in dev.registrations if each.type not in holders]) + str(dev.outputs)
    assert [each for each in passwords if each in others] == []


def test_iam_documents_can_be_reviewed_at_preview(dev_preview: Recorded) -> None:
    unknown = {each.name for each in of("aws", dev_preview) if any(each.inputs.get(name) == UNKNOWN for name in IAM_DOCUMENTS)}
    # The statements about a key alone, about subnets alone, about a server's master secret and about logins to it: their names are AWS's
    # to choose.
    assert unknown == {
        "feature-store-event-writer-key",
        "feature-store-feature-reader-key",
        "feature-store-materializer-key",
        "feature-store-registry-admin-key",
        "feature-store-registry-admin-login",
        "feature-store-registry-admin-master",
        "serving-model-server-key",
        "training-trainer-key",
        "runner-interfaces",
        "feature-events-delivery-key",
        "decision-events-delivery-key",
    }
