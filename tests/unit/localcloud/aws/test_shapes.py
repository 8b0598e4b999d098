"""Values between the provider's spelling and AWS's."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.model import Shape

from localcloud.aws.facts import facts
from localcloud.aws.shapes import to_property, to_request
from localcloud.provider.interface import Refused

_BUDGET, _REPOSITORY = facts("aws:budgets/budget:Budget"), facts("aws:ecr/repository:Repository")
_FILTERS = [{"name": "Service", "values": ["Amazon S3"]}, {"name": "Region", "values": ["eu-west-1", "eu-west-2"]}]


def _shape(service: str, name: str) -> Shape:
    return botocore.session.Session().get_service_model(service).shape_for(name)


def _sent(filters: list[dict[str, Any]]) -> Any:
    return to_request({"CostFilters": filters}, _shape("budgets", "Budget"), "Budget")


def test_entries_are_sent_as_the_map_that_aws_wants() -> None:
    assert _sent(_FILTERS) == {"CostFilters": {"Service": ["Amazon S3"], "Region": ["eu-west-1", "eu-west-2"]}}


def test_map_of_aws_is_read_as_entries() -> None:
    assert to_property(_sent(_FILTERS)["CostFilters"], _BUDGET.inputs["costFilters"]) == _FILTERS


def test_what_is_no_entry_is_not_sent_as_one() -> None:
    with pytest.raises(Refused, match=r"Budget.CostFilters: \['name', 'other', 'values'\] cannot be sent as an entry of a map"):
        _sent([{"name": "Service", "values": [], "other": 1}])


def test_only_object_is_read_as_the_only_element() -> None:
    encryption = {"encryptionType": "KMS", "kmsKey": "a"}
    assert to_property(encryption, _REPOSITORY.inputs["encryptionConfigurations"]) == [encryption]
