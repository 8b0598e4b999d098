"""An update begins only when it would do what was approved, and its end is told as it was."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from operations.deploy.plan import Plan
from scripts import deploy
from tests.unit.operations.fake_pulumi import Project, project
from tests.unit.operations.previews import BUCKET, VPC, preview, step, urn

_BEFORE = preview(step("update", VPC, {"tags": {"owner": "a"}}, {"tags": {"owner": "b"}}))
_AFTER = preview(step("update", VPC, {"tags": {"owner": "a"}}, {"tags": {"owner": "c"}}))
_LOCKED = "error: the stack is currently locked by 1 lock(s).\n  s3://state/x.json: created by ci@runner-7 (pid 42) at 2026-11-26T20:11:12Z"


def _events(*kinds: str) -> list[dict[str, Any]]:
    return [{kind: {"metadata": {"op": "update", "urn": urn(VPC), "new": {"custom": True}}}} for kind in kinds]


_APPLIED = _events("resourcePreEvent", "resOutputsEvent")


@pytest.fixture
def staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A stack with one change to be applied; `plan.json` is approved."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with project(tmp_path, monkeypatch) as made:
        made.answer("preview", _BEFORE)
        made.answer("up", events=_APPLIED)
        assert deploy.main(["plan", "staging", "--output", "plan.json"]) == 0
        yield made


def _apply(approved: str = "plan.json") -> int:
    return deploy.main(["apply", "staging", "--approved", approved])


def _digest() -> str:
    return json.loads(Path("plan.json").read_text())["digest"]


def test_plan_prints_the_digest_that_it_writes(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    deploy.main(["plan", "staging", "--output", "plan.json"])
    assert f"digest: {_digest()}\n" in capsys.readouterr().out


@pytest.mark.parametrize("by", ["file", "digest"])
def test_what_was_approved_is_applied(staging: Project, by: str) -> None:
    assert _apply("plan.json" if by == "file" else _digest()) == 0
    assert staging.calls == ["preview", "preview", "up", "stack export"]


@pytest.mark.parametrize(
    ("by", "said"),
    [("file", "tags.owner would become something else than was approved"), ("digest", "update aws:ec2/vpc:Vpc main (tags.owner)")],
)
def test_another_digest_stops_it_before_anything_is_begun(staging: Project, by: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    staging.answer("preview", _AFTER)
    assert _apply("plan.json" if by == "file" else _digest()) == 1
    assert "up" not in staging.calls
    assert said in capsys.readouterr().err


def test_plan_of_another_stack_is_refused(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    Plan("prod", Plan.read(Path("plan.json")).steps).write(Path("prod.json"))
    assert _apply("prod.json") == 2
    assert "got a plan of prod; expected one of staging" in capsys.readouterr().err


def test_plan_with_the_digest_that_was_approved_is_applied(staging: Project) -> None:
    assert deploy.main(["apply", "staging", "--approved", "plan.json", "--digest", _digest()]) == 0
    assert "up" in staging.calls


@pytest.mark.parametrize("by", ["file", "digest"])
def test_plan_with_another_digest_than_was_approved_is_refused(staging: Project, by: str, capsys: pytest.CaptureFixture[str]) -> None:
    given, approved = "plan.json" if by == "file" else _digest(), f"sha256:{64 * '0'}"
    assert deploy.main(["apply", "staging", "--approved", given, "--digest", approved]) == 2
    assert staging.calls == ["preview"]
    assert f"got {given} with the digest {_digest()}; approved is {approved}" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["plan", "staging", "--output", "new.json"], ["apply", "staging", "--approved", f"sha256:{64 * '0'}"]])
def test_another_accounts_credentials_are_refused_before_pulumi_is_asked_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with project(tmp_path, monkeypatch, account="333333333333") as other:
        assert deploy.main(command) == 2
        assert other.calls == []
    assert "the stack file of staging says 333333333333" in capsys.readouterr().err


def test_mandatory_policy_stops_a_plan_and_is_named(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    violation = {"enforcementLevel": "mandatory", "policyName": "s3-tls", "resourceUrn": urn(BUCKET), "message": "no TLS"}
    staging.answer("preview", _BEFORE, events=[{"policyEvent": violation}], code=1)
    assert deploy.main(["plan", "staging", "--output", "new.json"]) == 1
    assert "s3-tls: models: no TLS" in capsys.readouterr().err
    assert not Path("new.json").exists()


def test_advisory_policy_stops_nothing(staging: Project) -> None:
    staging.answer("preview", _BEFORE, events=[{"policyEvent": {"enforcementLevel": "advisory", "policyName": "x", "message": "y"}}])
    assert _apply() == 0


def test_preview_that_fails_is_no_plan_and_says_why(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"severity": "error", "message": "stacks/Pulumi.staging.yaml: network.cidr is too small"}
    staging.answer("preview", "", events=[{"diagnosticEvent": said}], code=1)
    assert deploy.main(["plan", "staging", "--output", "new.json"]) == 2
    assert "network.cidr is too small" in capsys.readouterr().err


def test_locked_state_is_said_with_its_holder(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    staging.answer("up", errors=_LOCKED, events=None, code=1)
    assert _apply() == 2
    assert "by ci on runner-7, process 42, since 2026-11-26T20:11:12Z" in capsys.readouterr().err


def test_update_that_failed_says_what_was_not_applied(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    staging.answer("up", events=_events("resourcePreEvent", "resOpFailedEvent"), code=1)
    assert _apply() == 1
    assert "Failed: update aws:ec2/vpc:Vpc main" in capsys.readouterr().err


def test_update_that_was_cut_short_is_no_success_though_it_ends_with_0(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    staging.answer("up", events=[], cut_short='{"resourcePreEve')
    assert _apply() == 1
    assert "0 applied, 0 failed, 0 not known, 1 not begun" in capsys.readouterr().err


def test_what_was_done_beyond_the_plan_is_no_success(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    more = {"resOutputsEvent": {"metadata": {"op": "delete", "urn": urn(BUCKET), "old": {"custom": True}}}}
    staging.answer("up", events=[*_APPLIED, more])
    assert _apply() == 1
    assert "delete aws:s3/bucket:Bucket models" in capsys.readouterr().err


def test_state_that_cannot_be_read_after_an_update_is_no_success(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    staging.answer("stack", errors="error: failed to load checkpoint: EOF", code=255)
    assert _apply() == 1
    assert "it is unknown how far it came: `pulumi stack export` said error: failed to load checkpoint: EOF" in capsys.readouterr().err


def test_interrupted_preview_begins_nothing(staging: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERRUPT", "preview")
    assert _apply() == 130
    assert "up" not in staging.calls


def test_interrupted_update_says_how_far_it_came(
    staging: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTERRUPT", "up")
    staging.answer("up", events=[], code=1)
    assert _apply() == 130
    assert "Not begun:\n  update aws:ec2/vpc:Vpc main" in capsys.readouterr().err
