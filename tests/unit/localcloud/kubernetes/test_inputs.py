"""Inputs: names are generated as the official provider does, and nonsense is refused before anything is sent."""

from typing import Any

import pytest

from localcloud.kubernetes.inputs import complete, failures, is_autonamed, resource_id
from localcloud.kubernetes.kinds import TypeName
from localcloud.provider.values import UNKNOWN

CONFIG_MAP = TypeName("v1", "ConfigMap")


def config_map(**metadata: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}


def completed(new: dict[str, Any], old: dict[str, Any] | None = None, seed: bytes = b"seed") -> dict[str, Any]:
    return complete("settings", old or {}, new, seed, default_namespace="default")


def test_a_generated_name_is_the_logical_one_with_eight_hex_digits() -> None:
    name: str = completed(config_map())["metadata"]["name"]
    assert name.startswith("settings-")
    assert len(bytes.fromhex(name.removeprefix("settings-"))) == 4


def test_a_generated_name_follows_the_engines_seed() -> None:
    assert completed(config_map()) == completed(config_map())
    assert completed(config_map()) != completed(config_map(), seed=b"other")


def test_a_generated_name_is_kept_by_an_update() -> None:
    old = completed(config_map())
    assert completed(config_map(labels={"a": "b"}), old, b"other")["metadata"]["name"] == old["metadata"]["name"]


def test_a_given_name_that_is_taken_away_is_replaced_by_a_generated_one() -> None:
    assert completed(config_map(), completed(config_map(name="mine")))["metadata"]["name"] != "mine"


def test_a_given_name_is_left_alone() -> None:
    found = completed(config_map(name="mine", namespace="serving"))
    assert resource_id(found) == "serving/mine"
    assert not is_autonamed(found)


def test_an_unknown_name_stays_unknown() -> None:
    assert completed(config_map(name=UNKNOWN))["metadata"]["name"] is UNKNOWN
    assert complete("x", {}, {"metadata": UNKNOWN}, b"", default_namespace="default")["metadata"] is UNKNOWN


def test_sound_inputs_have_no_failures() -> None:
    assert failures(completed(config_map(labels={"a": "b", "c": UNKNOWN})), CONFIG_MAP, namespaced=True) == []


@pytest.mark.parametrize(
    ("inputs", "property", "namespaced"),
    [
        ({**config_map(name="a"), "kind": "Secret"}, "kind", True),
        ({**config_map(name="a"), "apiVersion": "v2"}, "apiVersion", True),
        ({**config_map(name="a"), "status": {}}, "status", True),
        ({**config_map(), "metadata": "a"}, "metadata", True),
        (config_map(generateName="a-"), "metadata.generateName", True),
        (config_map(name="a", namespace="b"), "metadata.namespace", False),
        (config_map(name="a", labels=["x"]), "metadata.labels", True),
        (config_map(name="a", labels={"x": True}), "metadata.labels['x']", True),
        (config_map(name="a", annotations={"pulumi.com/skipAwait": "true"}), "metadata.annotations['pulumi.com/skipAwait']", True),
    ],
)
def test_nonsense_is_refused_with_its_path(inputs: dict[str, Any], property: str, namespaced: bool) -> None:
    assert [failure.property for failure in failures(inputs, CONFIG_MAP, namespaced=namespaced)] == [property]


def job(annotations: Any) -> dict[str, Any]:
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j", "annotations": annotations}}


@pytest.mark.parametrize("annotations", [{"pulumi.com/skipAwait": "true"}, {"pulumi.com/skipAwait": UNKNOWN}, UNKNOWN])
def test_a_job_that_is_not_waited_for_is_taken(annotations: Any) -> None:
    assert failures(job(annotations), TypeName("batch/v1", "Job"), namespaced=True) == []


@pytest.mark.parametrize("annotations", [{}, {"pulumi.com/skipAwait": "false"}])
def test_a_job_that_would_be_waited_for_is_refused(annotations: Any) -> None:
    (failure,) = failures(job(annotations), TypeName("batch/v1", "Job"), namespaced=True)
    assert failure.property == "metadata.annotations"


def test_only_jobs_are_not_waited_for() -> None:
    (failure,) = failures(config_map(name="a", annotations={"pulumi.com/skipAwait": "true"}), CONFIG_MAP, namespaced=True)
    assert "not honoured" in failure.reason
