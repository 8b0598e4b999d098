"""What of a plan was applied, and what was not, is told from what the engine reported and what the state still waits for."""

from __future__ import annotations

from typing import Any

from operations.deploy import outcome
from operations.deploy.plan import Plan
from tests.unit.operations.previews import BUCKET, GROUP, VPC, preview, step, urn

_PLAN = Plan.of(
    "staging",
    preview(
        step("create", BUCKET, None, {"bucket": "models"}),
        step("update", VPC, {"tags": {}}, {"tags": {"owner": "a"}}),
        step("create-replacement", GROUP, {"description": "a"}, {"description": "b"}),
        step("delete-replaced", GROUP, {"description": "a"}, None),
        step("same", f"{VPC}-2", {}, {}, oldState={"custom": True, "protect": True}, newState={"custom": True}),
    ),
)


def _event(kind: str, op: str, resource: str, *, custom: bool = True) -> dict[str, Any]:
    return {kind: {"metadata": {"op": op, "urn": urn(resource), "old": None, "new": {"custom": custom}}}}


def _begun(op: str, resource: str) -> dict[str, Any]:
    return _event("resourcePreEvent", op, resource)


def _ended(op: str, resource: str) -> list[dict[str, Any]]:
    return [_begun(op, resource), _event("resOutputsEvent", op, resource)]


def _failed(op: str, resource: str, message: str) -> list[dict[str, Any]]:
    said = {"diagnosticEvent": {"urn": urn(resource), "severity": "error", "message": message}}
    return [_begun(op, resource), said, _event("resOpFailedEvent", op, resource)]


_ALL = [
    *_ended("create", BUCKET),
    *_ended("update", VPC),
    *_ended("create-replacement", GROUP),
    *_ended("replace", GROUP),
    *_ended("delete-replaced", GROUP),
    *_ended("same", f"{VPC}-2"),
    _event("resourcePreEvent", "create", "ml-platform:tiers:Cache::x", custom=False),
]


def test_plan_that_was_applied_leaves_nothing_to_say() -> None:
    found = outcome.of(_PLAN, _ALL, [])
    assert len(found.applied) == 4
    assert found.is_whole


def test_each_step_is_said_once_as_what_became_of_it() -> None:
    events = [*_ended("create", BUCKET), *_failed("update", VPC, "AccessDenied: no"), _begun("create-replacement", GROUP)]
    assert outcome.as_text("staging", outcome.of(_PLAN, events, [])).splitlines() == [
        "staging: 1 applied, 1 failed, 1 not known, 1 not begun",
        "Applied, and in the state:",
        "  create aws:s3/bucket:Bucket models",
        "Failed: update aws:ec2/vpc:Vpc main",
        "    AccessDenied: no",
        "Begun, and it is not known how they went; look at AWS before anything is deployed again:",
        "  create-replacement aws:ec2/securityGroup:SecurityGroup caches",
        "Not begun:",
        "  delete-replaced aws:ec2/securityGroup:SecurityGroup caches",
    ]


def test_what_the_state_still_waits_for_is_not_known() -> None:
    pending = [{"type": "creating", "resource": {"urn": urn(GROUP)}}]
    found = outcome.of(_PLAN, [], pending)
    assert found.unknown == [("create-replacement", urn(GROUP))]
    assert ("create-replacement", urn(GROUP)) not in found.not_begun


def test_what_an_earlier_update_has_left_begun_is_no_failure_of_this_one_and_is_said() -> None:
    pending = [
        {"type": "creating", "resource": {"urn": urn(resource)}} for resource in (BUCKET, f"{BUCKET}-2", "pulumi:providers:aws::aws")
    ]
    found = outcome.of(_PLAN, _ALL, pending)
    assert found.is_whole
    assert outcome.earlier_text("staging", found).splitlines()[1:] == [
        "  create aws:s3/bucket:Bucket models",
        "  create aws:s3/bucket:Bucket models-2",
    ]
    assert outcome.earlier_text("staging", outcome.of(_PLAN, _ALL, [])) == ""


def test_what_was_refused_before_it_was_begun_has_failed() -> None:
    refused = {"diagnosticEvent": {"urn": urn(VPC), "severity": "error", "message": "cidrBlock: expected a range"}}
    found = outcome.of(_PLAN, [refused], [])
    assert found.failed == {("update", urn(VPC)): "cidrBlock: expected a range"}


def test_old_one_of_a_replacement_that_was_refused_was_not_begun() -> None:
    refused = {"diagnosticEvent": {"urn": urn(GROUP), "severity": "error", "message": "no"}}
    found = outcome.of(_PLAN, [refused], [])
    assert found.failed == {("create-replacement", urn(GROUP)): "no"}
    assert ("delete-replaced", urn(GROUP)) in found.not_begun


def test_old_one_of_a_replacement_that_failed_was_not_begun() -> None:
    found = outcome.of(_PLAN, _failed("create-replacement", GROUP, "no"), [])
    assert found.failed == {("create-replacement", urn(GROUP)): "no"}
    assert ("delete-replaced", urn(GROUP)) in found.not_begun


def test_warnings_are_no_failures() -> None:
    warning = {"diagnosticEvent": {"urn": urn(VPC), "severity": "warning", "message": "deprecated"}}
    assert outcome.of(_PLAN, [warning], []).failed == {}


def test_what_was_done_beyond_the_plan_is_said() -> None:
    found = outcome.of(_PLAN, [*_ALL, *_ended("delete", f"{BUCKET}-2")], [])
    assert not found.is_whole
    assert outcome.as_text("staging", found).splitlines()[-2:] == [
        "Not in the plan that was approved; something has changed since the last preview:",
        "  delete aws:s3/bucket:Bucket models-2",
    ]
