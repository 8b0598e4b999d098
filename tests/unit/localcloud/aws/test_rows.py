"""Every row, held against botocore's model of the service and against the facts of the official provider."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3
import jmespath
import pytest

from localcloud.aws.check import carried
from localcloud.aws.compare import within
from localcloud.aws.expressions import evaluate, root_fields
from localcloud.aws.facts import facts
from localcloud.aws.generate_facts import FACTS_FILE, sdk_inputs
from localcloud.aws.row import Read, Row
from localcloud.aws.rows import ROWS
from localcloud.aws.tags import TAGGING
from localcloud.aws.wired import leaves, property_at, wired

rows = pytest.mark.parametrize("row", [pytest.param(row, id=row.type) for row in ROWS.values()])


def _client(service: str) -> Any:
    session: Any = boto3
    return session.client(service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


def _returned(expression: str) -> set[str]:
    """The names of the properties that a result expression makes."""
    parsed: Any = jmespath.compile(expression).parsed
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node["type"] == "multi_select_dict":
                found.extend(pair["value"] for pair in node["children"])
                return
            for child in node.get("children", []):
                walk(child)

    walk(parsed)
    return set(found)


@rows
def test_operations_exist_in_botocore(row: Row) -> None:
    client = _client(row.service)
    calls = [*row.create, *row.update, *row.delete, *row.read, *(gap.call for gap in row.not_changed.values())]
    calls += [each for gap in row.not_kept.values() for each in (gap.refused, gap.elsewhere, gap.after_delete) if each is not None]
    tagging = TAGGING.get(row.tags)
    if tagging is not None:
        calls += [each for each in (tagging.tag, tagging.untag, tagging.read) if each is not None]
    calls += [call.each for call in calls if isinstance(call.each, Read)]
    assert [call.operation for call in calls if call.operation not in client.meta.method_to_api_mapping] == []


@rows
def test_top_level_parameters_exist_in_botocore(row: Row) -> None:
    client = _client(row.service)
    every_name = dict.fromkeys(facts(row.type).inputs, "1")
    for call in [*row.create, *row.update, *row.delete]:
        model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[call.operation])
        known = set(model.input_shape.members)
        sent = set(evaluate(call.request, {**every_name, "id": "1", "tagsAll": {"a": "b"}, "old": {}, "state": {}, "response": {}}) or {})
        assert sent <= known, call.operation


@rows
def test_what_is_sent_is_read_back_or_listed_as_a_gap(row: Row) -> None:
    read = {name for each in row.read for name in _returned(each.state)}
    gaps = {path.split(".")[0] for path in row.not_kept}
    lost = carried(row) & facts(row.type).inputs.keys() - read - gaps - {path.split(".")[0] for path in row.unread} - {"tags", "region"}
    assert lost == set()


def _answers(shape: Any, path: str) -> bool:
    """Whether an answer of this shape can hold something at `path`."""
    for part in path.split("."):
        name, element = part.removesuffix("[0]"), part.endswith("[0]")
        if name not in getattr(shape, "members", {}):
            return False
        shape = shape.members[name].member if element else shape.members[name]
    return True


def _have_one_name(path: str, answer: str) -> bool:
    """`securityGroupIds` is Groups[0].GroupId, and `policy` a PolicyDocument."""
    ours, aws = (each.split(".")[-1].lower().removesuffix("s") for each in (path, answer))
    return ours.endswith(aws) or aws.startswith(ours)


@rows
def test_a_gap_is_looked_for_where_aws_would_answer(row: Row) -> None:
    client = _client(row.service)
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[row.read[0].operation])
    looked_for = {path: gap.answer for path, gap in row.not_kept.items() if gap.answer}
    assert [path for path, answer in looked_for.items() if not _answers(model.output_shape, answer)] == []
    assert [path for path, answer in looked_for.items() if not _have_one_name(path, answer)] == []


@rows
def test_a_gap_has_one_proof(row: Row) -> None:
    assert [
        path
        for path, gap in row.not_kept.items()
        if [bool(gap.answer), *(each is not None for each in (gap.refused, gap.elsewhere, gap.after_delete))].count(True) != 1
    ] == []


@rows
def test_a_stand_in_is_an_output_and_is_looked_up_in_botocore(row: Row) -> None:
    known = facts(row.type)
    for path, each in row.stand_ins.items():
        assert property_at(known.inputs | known.outputs, path) is not None, path
        assert each.real.operation in _client(each.service).meta.method_to_api_mapping


@rows
def test_a_gap_is_a_property_that_the_row_sends(row: Row) -> None:
    fact = facts(row.type)
    paths = {*row.not_kept, *row.not_heeded, *row.not_changed, *row.unread}
    assert [path for path in paths if not leaves(fact.inputs, path) & wired(row, fact)] == []


@rows
def test_every_update_call_belongs_to_a_property(row: Row) -> None:
    # A call that only looks at `old` is never made: which calls are made is decided by what they take from the scope.
    assert [call for call in row.update if not root_fields(call.request) | root_fields(call.when)] == []


@rows
def test_every_change_in_place_has_a_call_or_is_refused(row: Row) -> None:
    fact = facts(row.type)
    called = {name for call in row.update for name in root_fields(call.request) | root_fields(call.when)} | {"tags"}
    stated = (*row.not_changed, *row.not_kept, *row.unread, *row.replaced_when)
    open_paths = {
        path
        for path in wired(row, fact)
        if not _replaces(fact.inputs, path) and path.split(".")[0] not in called and not any(within(path, each) for each in stated)
    }
    assert open_paths == set()


def _replaces(inputs: dict[str, Any], path: str) -> bool:
    parts = path.split(".")
    above = [property_at(inputs, ".".join(parts[: index + 1])) for index in range(len(parts))]
    return inputs[parts[0]].force_new or any(each is not None and each.force_new for each in above)


@rows
def test_properties_of_a_row_are_in_the_facts(row: Row) -> None:
    known = facts(row.type)
    names = carried(row) | {name for each in row.read for name in _returned(each.state)} | set(row.same) | set(row.suppressed)
    assert names - known.inputs.keys() - known.outputs.keys() - {"region", "table"} == set()


@rows
def test_facts_have_the_inputs_of_the_sdk(row: Row) -> None:
    assert {name: each.required for name, each in facts(row.type).inputs.items()} == sdk_inputs(row.type)


@rows
def test_replacement_deletes_first_where_the_official_provider_does(row: Row) -> None:
    notes = json.loads(FACTS_FILE.read_text())[row.type].get("notes", [])
    assert row.deletes_first is ("a replace deletes before it creates (set in pulumi-aws)" in notes)


@rows
def test_no_negation_is_read_as_one_of_the_first_name_only(row: Row) -> None:
    # In JMESPath `!a.b` is `(!a).b`, which is always null.
    calls, reads = [*row.create, *row.update, *row.delete], list(row.read)
    expressions = [
        *(call.request + call.when for call in calls),
        *(each.request + each.state for each in (*reads, *(each.each for each in (*calls, *reads) if isinstance(each.each, Read)))),
        *row.replaced_when.values(),
    ]
    assert [each for each in expressions if re.search(r"!\w+\.", each)] == []


def test_root_fields_are_what_an_expression_takes_from_the_scope() -> None:
    assert root_fields("{A: added.one, B: dropped.two[*].inner}") == {"one", "two"}
    assert root_fields("{A: one, B: [two.inner], C: three[*].{X: four}, D: id, E: five || `null`}") == {"one", "two", "three", "five"}
