import pytest

from components.ingress_class import IngressClass, IngressClassArgs
from tests.unit.registrations import Recorded, record

CLASS, PARAMS = "kubernetes:networking.k8s.io/v1:IngressClass", "kubernetes:eks.amazonaws.com/v1:IngressClassParams"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    args = IngressClassArgs(ingress_class="alb", tags={"deployment": "ml-platform/dev", "owner": "a"})
    return record(lambda: IngressClass("main", args))


def test_it_is_what_an_ingress_gets_that_names_none(recorded: Recorded) -> None:
    metadata = recorded.one(CLASS).inputs["metadata"]
    assert metadata == {"name": "alb", "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"}}


def test_load_balancers_are_auto_modes(recorded: Recorded) -> None:
    assert recorded.one(CLASS).inputs["spec"] == {
        "controller": "eks.amazonaws.com/alb",
        "parameters": {"apiGroup": "eks.amazonaws.com", "kind": "IngressClassParams", "name": "alb"},
    }


def test_load_balancers_carry_the_deployments_tags(recorded: Recorded) -> None:
    params = recorded.one(PARAMS).inputs
    assert params["metadata"] == {"name": "alb"}
    assert params["spec"] == {"tags": [{"key": "deployment", "value": "ml-platform/dev"}, {"key": "owner", "value": "a"}]}


def test_the_tags_are_there_before_the_class_that_puts_them_on(recorded: Recorded) -> None:
    assert recorded.one(PARAMS).urn in recorded.one(CLASS).dependencies
