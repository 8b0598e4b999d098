"""What can be tagged has the tags by which it is found, paid for and handled."""

import json
from dataclasses import replace
from typing import get_args

import pytest

from localcloud.aws.generate_facts import FACTS_FILE
from policies.aws_types import takes_tags
from policies.rule import UNKNOWN
from policies.rules import required_tags
from stacks.models import Settings
from tests.policies.cases import BLOCK, BUCKET, TAGS, resource, unverified, violations


@pytest.mark.parametrize("name", required_tags.REQUIRED)
@pytest.mark.parametrize("value", [None, ""])
def test_absent_or_empty_tag_is_found(name: str, value: str | None) -> None:
    tags = {key: text for key, text in {**TAGS, name: value}.items() if text is not None}
    (found,) = violations(required_tags.RULE, replace(resource(BUCKET), default_tags=tags))
    assert f"no tag {name}:" in found


def test_tags_of_its_own_are_as_good_as_the_providers() -> None:
    assert violations(required_tags.RULE, replace(resource(BUCKET, tags=TAGS), default_tags={})) == []


def test_tag_of_its_own_wins_over_the_providers() -> None:
    (found,) = violations(required_tags.RULE, resource(BUCKET, tags={"data-classification": "secret"}))
    assert "'secret'" in found


def test_what_takes_no_tags_needs_none() -> None:
    assert violations(required_tags.RULE, replace(resource(BLOCK), default_tags={})) == []


def test_tag_that_is_not_known_yet_does_not_hide_one_that_is_absent() -> None:
    asked = replace(resource(BUCKET, tags={"owner": UNKNOWN}), default_tags={})
    (found,) = violations(required_tags.RULE, asked)
    assert "no tag environment, cost-centre, data-classification:" in found
    assert unverified(required_tags.RULE, asked) == ["the tag owner is not known yet."]


def test_type_that_the_sdk_does_not_have_is_not_passed_over() -> None:
    asked = replace(resource(BUCKET), type="aws:new/thing:Thing")
    assert "aws:new/thing:Thing" in unverified(required_tags.RULE, asked)[0]


def test_which_types_take_tags_is_known_of_every_type_with_facts() -> None:
    known = {type: fact for type, fact in json.loads(FACTS_FILE.read_text()).items() if type.startswith("aws:")}
    assert len(known) > 100
    assert {type: takes_tags(type) for type in known} == {type: "tags" in fact["inputs"] for type, fact in known.items()}


def test_classifications_are_those_that_a_stack_file_can_have() -> None:
    assert get_args(Settings.model_fields["data_classification"].annotation) == required_tags.CLASSIFICATIONS
