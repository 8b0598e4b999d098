"""Stack files for the tests of settings, and the way to change one key of them."""

from copy import deepcopy
from typing import Any

from tests.unit.conftest import stack_file

DEV = stack_file("dev")
STAGING = stack_file("staging")
PROD = stack_file("prod")
TENANT: dict[str, Any] = {
    "kind": "tenant",
    "platform": "dev",
    "account": "111111111111",
    "region": "eu-west-1",
    "owner": "risk-team",
    "cost_centre": "risk-7",
    "data_classification": "internal",
    "feast_project": "credit_risk",
    "namespaces": {"risk-models": {"cpu": 8, "memory_gib": 32, "gpus": 0, "pods": 20}},
    "roles": {"trainer": {"namespace": "risk-models", "actions": ["s3:GetObject", "s3:PutObject"]}},
}


def changed(given: dict[str, Any], *changes: tuple[str, object]) -> dict[str, Any]:
    """The same stack file with keys set: each by its path, such as `network.zones`."""
    given = deepcopy(given)
    for path, value in changes:
        *parents, key = path.split(".")
        here = given
        for parent in parents:
            here = here.setdefault(parent, {})
        here[key] = value
    return given
