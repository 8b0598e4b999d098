"""A plan is kept as it was approved, and held against what would be done now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from operations.deploy.plan import Plan, as_text, differences
from scripts.deployed import Refused
from tests.unit.operations.previews import BUCKET, GROUP, VPC, preview, step


def _vpc(owner: str) -> dict[str, Any]:
    return {"cidrBlock": "10.0.0.0/16", "tags": {"owner": owner}}


_UPDATE = step("update", VPC, _vpc("a"), _vpc("b"))
_REPLACE = step("create-replacement", VPC, {"cidrBlock": "10.0.0.0/16"}, {"cidrBlock": "10.1.0.0/16"}, replaceReasons=["cidrBlock"])
_DELETE_REPLACED = step("delete-replaced", VPC, {"cidrBlock": "10.0.0.0/16"}, None)
_CREATE, _DELETE = step("create", BUCKET, None, {"bucket": "models"}), step("delete", GROUP, {"description": "d"}, None)


def _plan(*steps: dict[str, Any]) -> Plan:
    return Plan.of("staging", preview(*steps))


def test_plan_that_was_written_is_read_as_it_was(tmp_path: Path) -> None:
    plan = _plan(_UPDATE, _CREATE, _DELETE)
    plan.write(tmp_path / "plan.json")
    assert Plan.read(tmp_path / "plan.json") == plan
    assert json.loads((tmp_path / "plan.json").read_text())["digest"] == plan.digest


def test_plan_whose_steps_were_changed_by_hand_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    _plan(_UPDATE, _CREATE).write(path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "steps": content["steps"][1:]}))
    with pytest.raises(Refused, match="it was changed by hand, plan again"):
        Plan.read(path)


@pytest.mark.parametrize(
    "text", [None, "", "[]", "{}", '{"stack": "staging", "digest": "x"}', '{"stack": "s", "digest": "d", "steps": [1]}']
)
def test_what_is_no_plan_is_refused_with_how_to_make_one(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "plan.json").write_text(text)
    with pytest.raises(Refused, match=r"expected a plan; write it with `scripts/deploy\.py plan`"):
        Plan.read(tmp_path / "plan.json")


def test_plan_names_each_step_with_what_changes() -> None:
    replaced_before = step("delete-replaced", f"{VPC}-2", {}, None)
    text = as_text(_plan(_UPDATE, _CREATE, _DELETE, replaced_before))
    assert text.splitlines() == [
        "staging: 1 to create, 1 to update, 1 to delete, 1 to delete that were replaced before",
        "  delete aws:ec2/securityGroup:SecurityGroup caches",
        "  update aws:ec2/vpc:Vpc main (tags.owner)",
        "  delete-replaced aws:ec2/vpc:Vpc main-2",
        "  create aws:s3/bucket:Bucket models",
    ]


def test_replacement_is_one_line_with_what_causes_it() -> None:
    assert as_text(_plan(_REPLACE, _DELETE_REPLACED)).splitlines() == [
        "staging: 1 to replace",
        "  create-replacement aws:ec2/vpc:Vpc main (cidrBlock)",
    ]


def test_plan_without_steps_says_so() -> None:
    assert as_text(_plan()) == "staging: nothing to do"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ([_UPDATE, _CREATE], []),
        ([_UPDATE], ["no longer to be done: create aws:s3/bucket:Bucket models"]),
        ([_UPDATE, _CREATE, _DELETE], ["not approved: delete aws:ec2/securityGroup:SecurityGroup caches"]),
        (
            [_REPLACE, _CREATE],
            [
                "no longer to be done: update aws:ec2/vpc:Vpc main (tags.owner)",
                "not approved: create-replacement aws:ec2/vpc:Vpc main (cidrBlock)",
            ],
        ),
        (
            [step("update", VPC, _vpc("a"), _vpc("c")), _CREATE],
            ["update aws:ec2/vpc:Vpc main: tags.owner would become something else than was approved"],
        ),
        (
            [step("update", VPC, _vpc("z"), _vpc("b")), _CREATE],
            ["update aws:ec2/vpc:Vpc main: tags.owner is something else than when it was approved"],
        ),
    ],
    ids=["nothing", "a step less", "a step more", "another operation", "another value", "another value before"],
)
def test_what_differs_from_what_was_approved_is_said(now: list[dict[str, Any]], said: list[str]) -> None:
    assert differences(_plan(_UPDATE, _CREATE), _plan(*now)) == said


def test_another_reason_to_replace_is_said() -> None:
    now = {**_REPLACE, "replaceReasons": ["instanceTenancy"]}
    assert differences(_plan(_REPLACE), _plan(now)) == [
        "create-replacement aws:ec2/vpc:Vpc main: it was replaced because of cidrBlock, and is because of instanceTenancy"
    ]
