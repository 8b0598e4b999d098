"""What is published can be read back, and is what was made."""

import gc
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

import contract
from planning.documents.keys import DOMAINS
from tests.unit.conftest import stack_file
from tests.unit.registrations import Recorded, record
from tiers.publication import publish

PARAMETER = "aws:ssm/parameter:Parameter"
ROOT = Path(__file__).parents[3]


def section(recorded: Recorded, name: str) -> Any:
    return contract.SECTIONS[name].model_validate_json(recorded.one(PARAMETER, name).inputs["insecureValue"])


@pytest.mark.parametrize("name", contract.SECTIONS)
def test_every_section_is_published_where_readers_look(dev: Recorded, name: str) -> None:
    parameter = dev.one(PARAMETER, name)
    assert parameter.inputs["name"] == contract.parameter_name("dev", name) == f"/ml-platform/dev/{name}"
    assert section(dev, name)


def test_the_foundation_says_where_images_and_alarms_go_and_what_encrypts(dev: Recorded) -> None:
    foundation = section(dev, "foundation")
    assert foundation.repositories["trainer"] == "111111111111.dkr.ecr.eu-west-1.amazonaws.com/ml-platform/dev/trainer"
    assert foundation.alarm_topic_arn.endswith("/dev-alarms")
    assert set(foundation.key_arns) == set(DOMAINS)
    assert foundation.boundary_arn == "arn:aws:iam::111111111111:policy/dev-boundary"


def test_the_network_is_the_one_that_was_made(dev: Recorded) -> None:
    network = section(dev, "network")
    assert network.cidr == dev.one("aws:ec2/vpc:Vpc").inputs["cidrBlock"]
    assert [subnet.removesuffix("-id") for subnet in network.data_subnet_ids] == ["main-data-eu-west-1a", "main-data-eu-west-1b"]


def test_the_feature_store_says_where_features_are(dev: Recorded) -> None:
    feature_store = section(dev, "feature_store")
    assert (feature_store.registry_host, feature_store.registry_port) == ("registry.example", 3306)
    assert (feature_store.online_store_host, feature_store.online_store_port) == ("online-store.example", 6379)
    assert feature_store.offline_bucket == dev.one("aws:s3/bucket:Bucket", "offline-features").inputs["bucket"]


def test_serving_says_how_many_replicas_the_peak_needs_with_a_zone_lost(prod: Recorded) -> None:
    serving = section(prod, "serving")
    # 2000 requests/s of 20 ms at 60 % on replicas of 2 vCPUs: 34, in each two of three zones (tests/unit/planning/test_capacity.py).
    assert (serving.replicas_min, serving.replicas_wanted, serving.replicas_max, serving.replica_cpus) == (6, 51, 120, 2)


def test_candidates_go_to_the_bucket_that_releases_come_from(dev: Recorded) -> None:
    assert section(dev, "training").models_bucket == section(dev, "serving").models_bucket


@pytest.mark.parametrize("fields", [{}, {"models_bucket": "b", "secret": "s"}])
def test_a_section_with_other_fields_than_the_contract_is_refused(fields: Mapping[str, Any]) -> None:
    with pytest.raises(TypeError, match="Training"):
        record(lambda: publish("training", "dev", fields, pulumi.ResourceOptions()))


def test_a_value_of_the_wrong_type_is_refused() -> None:
    fields = dict.fromkeys(contract.Training.model_fields, "x") | {"models_bucket": pulumi.Output.from_input(3)}
    with pytest.raises(Exception, match="models_bucket"):
        record(lambda: publish("training", "dev", fields, pulumi.ResourceOptions()))


def test_a_section_over_the_limit_of_a_parameter_is_refused() -> None:
    fields = dict.fromkeys(contract.Training.model_fields, "x" * 1000)
    with pytest.raises(Exception, match="holds 4096"):
        record(lambda: publish("training", "dev", fields, pulumi.ResourceOptions()))


def test_a_section_that_nobody_publishes_is_refused() -> None:
    with pytest.raises(KeyError, match="expected one of foundation"):
        contract.parameter_name("dev", "serve")


def test_the_program_exports_every_section_and_the_kubeconfigs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stacks.settings.get_root_directory", lambda: str(ROOT))

    def program() -> None:
        # The value as Pulumi hands it to a program.
        pulumi.runtime.set_config("ml-platform:settings", json.dumps(stack_file("dev")))
        exec(compile((ROOT / "__main__.py").read_text(encoding="utf-8"), "__main__.py", "exec"), {"__name__": "__main__"})

    try:
        recorded = record(program)
    finally:
        gc.enable()  # The program switches it off.
    (outputs,) = [outputs for urn, outputs in recorded.outputs.items() if "pulumi:pulumi:Stack" in urn]
    assert set(outputs) == {*contract.SECTIONS, "kubeconfigs"}
    assert set(outputs["kubeconfigs"]) == set(outputs["clusters"]["clusters"]) == {"main"}
