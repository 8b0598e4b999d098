"""What the other tests begin with is compliant: every rule is asked about every such resource."""

import pytest

from policies.pack import RULES
from policies.rule import ResourceRule, StackRule
from tests.policies.cases import (
    BLOCK,
    BUCKET,
    BUCKET_SETTINGS,
    COMPLIANT,
    DATABASE,
    DEFAULT_GROUP,
    EVENTS,
    FLOW_LOG,
    SELECTION,
    VPC,
    findings,
    resource,
)


@pytest.mark.parametrize("type", COMPLIANT)
def test_compliant_resource_has_no_findings(type: str) -> None:
    assert [found for rule in RULES if isinstance(rule, ResourceRule) for found in findings(rule, resource(type))] == []


def test_compliant_stack_has_no_findings() -> None:
    stack = [resource(each) for each in (BUCKET, BLOCK, *BUCKET_SETTINGS, VPC, FLOW_LOG, DEFAULT_GROUP, DATABASE, EVENTS, SELECTION)]
    assert [found for rule in RULES if isinstance(rule, StackRule) for found in rule.check(stack)] == []


def test_each_rule_has_a_name_of_its_own_and_a_type_that_is_tested() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert [rule.name for rule in RULES if rule.types is not None and not rule.types & set(COMPLIANT)] == []
