"""What a comparison runs in which revision, what it keeps, and what it leaves when something fails; nothing here is a real cloud."""

import os
import signal
import tempfile
import threading
import time
from pathlib import Path

import pytest

from operations.preview.commands import Failed
from scripts.deployed import Refused
from tests.unit.operations.preview.compared_project import BUCKET, PASSWORD, URN, Project, stack_file

PREVIEW = "preview --json --show-sames --suppress-outputs --policy-pack policies --non-interactive --ignore-protect --event-log dev.events"
VIOLATION = {"resourceUrn": URN, "policyName": "s3-tls-only", "message": "<{%reset%}>no TLS<{%reset%}>"}


def verbs(calls: list[str]) -> list[str]:
    """Program, revision and first word of each call that does something."""
    return [" ".join(call.split()[:3]) for call in calls if " env " not in call and " gaps " not in call and "toolchain" not in call]


def changed_dev(project: Project) -> None:
    project.write("stacks/Pulumi.dev.yaml", stack_file("111111111111", owner="risk"))


def test_base_is_brought_up_and_head_is_previewed_against_it(project: Project) -> None:
    changed_dev(project)
    project.compare()
    assert project.calls == [
        "toolchain head",
        "localcloud head start",
        "localcloud head env dev --project base",
        "pulumi base stack init --no-select dev --non-interactive",
        "pulumi base up --yes --skip-preview --suppress-outputs --suppress-progress --stack dev --non-interactive",
        "localcloud head env dev --project base",
        "pulumi base stack export --show-secrets --stack dev --non-interactive",
        "localcloud head env dev --project head",
        f"pulumi head {PREVIEW} --stack dev",
        "localcloud head gaps --json",
        "localcloud head stop",
    ]


def test_second_preview_with_the_same_base_brings_nothing_up(project: Project) -> None:
    changed_dev(project)
    project.compare()
    assert project.kept == 1
    _ = project.calls
    project.write("stacks/Pulumi.dev.yaml", stack_file("111111111111", owner="others"))
    project.compare()
    assert verbs(project.calls) == [
        "localcloud head start",
        "pulumi base stack",
        "pulumi head preview",
        "localcloud head stop",
    ]


@pytest.mark.parametrize("path", ["tiers/network.py", "stacks/Pulumi.dev.yaml", "localcloud/__init__.py", "requirements/project.txt"])
def test_base_that_is_made_from_something_else_is_brought_up_again(project: Project, path: str) -> None:
    project.compare("dev")
    _ = project.calls
    project.git("switch", "--quiet", "main")
    text = (project.directory / path).read_text()
    project.write(path, f"{text}# changed\n")
    project.git("commit", "--quiet", "--all", "--message", "base moves on")
    project.git("switch", "--quiet", "topic")
    project.git("merge", "--quiet", "main")
    project.compare("dev")
    assert "pulumi base up" in verbs(project.calls)


def test_only_stacks_that_the_change_touches_are_previewed(project: Project) -> None:
    changed_dev(project)
    assert [each.stack for each in project.compare()] == ["dev"]


def test_a_change_of_the_program_is_previewed_for_every_stack_each_on_a_cloud_of_its_own(project: Project) -> None:
    project.write("tiers/network.py", "changed = True\n")
    assert [each.stack for each in project.compare(jobs=2)] == ["dev", "prod"]
    assert verbs(project.calls).count("localcloud head start") == 2


def test_a_change_that_nothing_is_made_from_starts_no_cloud(project: Project) -> None:
    project.write("docs/previews.md", "changed\n")
    assert project.compare() == []
    assert project.calls == []


def test_what_was_compared_is_said(project: Project) -> None:
    changed_dev(project)
    (preview,) = project.compare()
    assert (preview.base, preview.made, preview.kind, preview.before_exists) == (
        project.git("rev-parse", "main"),
        "local",
        "platform",
        True,
    )
    assert project.git("show", f"{preview.head}:stacks/Pulumi.dev.yaml").count("risk") == 1


def test_new_stack_is_previewed_from_nothing_and_forgotten(project: Project) -> None:
    project.write("stacks/Pulumi.risk.yaml", stack_file("444444444444"))
    (preview,) = project.compare()
    assert not preview.before_exists
    assert verbs(project.calls) == [
        "localcloud head start",
        "pulumi head stack",
        "pulumi head preview",
        "pulumi head stack",
        "localcloud head stop",
    ]


def test_all_of_a_stack_whose_file_is_removed_is_deleted(project: Project) -> None:
    (project.directory / "stacks" / "Pulumi.dev.yaml").unlink()
    (preview,) = project.compare()
    assert preview.engine["changeSummary"] == {"delete": 1}
    assert [(each["op"], each["urn"]) for each in preview.engine["steps"]] == [("delete", URN)]
    assert "pulumi head preview" not in verbs(project.calls)


def test_a_tenant_is_previewed_on_the_platform_that_it_is_on(project: Project) -> None:
    project.git("switch", "--quiet", "main")
    project.write("stacks/Pulumi.team.yaml", stack_file("111111111111", kind="tenant", platform="dev"))
    project.git("add", ".")
    project.git("commit", "--quiet", "--message", "a tenant")
    project.git("switch", "--quiet", "topic")
    project.git("merge", "--quiet", "main")
    project.write("stacks/Pulumi.team.yaml", stack_file("111111111111", kind="tenant", platform="dev", owner="risk"))
    (preview,) = project.compare()
    assert (preview.stack, preview.kind) == ("team", "tenant")
    ups = [call.split()[-2] for call in project.calls if call.startswith("pulumi base up")]
    assert ups == ["dev", "team"]


def test_a_base_that_cannot_be_brought_up_is_said_and_not_kept(project: Project) -> None:
    changed_dev(project)
    project.make("fails", "pulumi base up")
    (preview,) = project.compare()
    assert preview.failure is not None
    assert preview.failure.startswith(f"The base revision {preview.base[:12]} could not be brought up to compare with.")
    assert project.kept == 0
    assert verbs(project.calls)[-1] == "localcloud head stop"


def test_a_head_that_fails_is_a_failure_with_what_was_said(project: Project) -> None:
    changed_dev(project)
    project.make("fails", "pulumi head preview")
    said = [("info", "of no use"), ("info#err", "  File x\n\n"), ("info#err", "no such key\n"), ("error", "error: preview failed\n")]
    project.preview = {"diagnostics": [{"severity": severity, "message": message} for severity, message in said]}
    (preview,) = project.compare()
    assert (preview.failure, preview.engine) == ("  File x\nno such key", {})
    assert (preview.cost, preview.cost_unknown) == (None, "there is no preview")


def test_a_failed_head_leaves_the_base_for_the_next_preview(project: Project) -> None:
    changed_dev(project)
    project.make("fails", "pulumi head preview")
    project.compare()
    assert project.kept == 1


def test_a_preview_that_a_policy_stops_is_complete(project: Project) -> None:
    changed_dev(project)
    project.make("fails", "pulumi head preview")
    project.events = [{"policyEvent": {**VIOLATION, "enforcementLevel": "mandatory"}}]
    project.preview["diagnostics"] = [{"severity": "error", "message": "error: preview failed\n"}]
    (preview,) = project.compare()
    assert preview.failure is None
    assert preview.engine["steps"]
    assert [(each.level, each.policy, each.urn, each.message) for each in preview.violations] == [
        ("mandatory", "s3-tls-only", URN, "no TLS")
    ]


@pytest.mark.parametrize("errors", [[], ["error: aws refuses it\n", "error: preview failed\n"]])
def test_a_violation_does_not_hide_that_a_program_or_a_provider_fails(project: Project, errors: list[str]) -> None:
    changed_dev(project)
    project.make("fails", "pulumi head preview")
    project.events = [{"policyEvent": {**VIOLATION, "enforcementLevel": "mandatory"}}]
    project.preview["diagnostics"] = [{"severity": "error", "message": each} for each in errors]
    (preview,) = project.compare()
    assert preview.failure
    assert [each.policy for each in preview.violations] == ["s3-tls-only"]


def test_a_document_is_the_same_in_whichever_order_the_engine_says_it(project: Project) -> None:
    changed_dev(project)
    project.preview = {"steps": [{"op": "same", "urn": urn, "newState": BUCKET} for urn in ("b", "a")]}
    project.events = [{"policyEvent": {**VIOLATION, "resourceUrn": urn, "enforcementLevel": "advisory"}} for urn in ("b", "a")]
    (preview,) = project.compare()
    assert [each["urn"] for each in preview.engine["steps"]] == ["a", "b"]
    assert [each.urn for each in preview.violations] == ["a", "b"]


def test_advice_does_not_hide_that_a_program_fails(project: Project) -> None:
    changed_dev(project)
    project.make("fails", "pulumi head preview")
    project.events = [{"policyEvent": {**VIOLATION, "enforcementLevel": "advisory"}}]
    (preview,) = project.compare()
    assert preview.failure


def test_what_the_local_cloud_does_not_prove_of_a_change_is_said(project: Project) -> None:
    changed_dev(project)
    project.preview = {"steps": [{"op": "create", "urn": URN, "newState": BUCKET}]}
    (preview,) = project.compare()
    assert preview.unverified == ("aws:s3/bucket:Bucket.acl: the emulator drops it",)


def test_other_packages_are_said_to_be_the_heads(project: Project) -> None:
    project.write("requirements/project.txt", "pulumi==2\n")
    preview = project.compare()[0]
    assert [line.partition(":")[0] for line in preview.unverified] == ["requirements/project.txt"]


def test_no_secret_of_the_state_is_in_a_document(project: Project) -> None:
    changed_dev(project)
    project.preview = {"steps": [{"op": "update", "urn": URN, "newState": {**BUCKET, "inputs": {"acl": f"was {PASSWORD}"}}}]}
    project.events = [{"policyEvent": {**VIOLATION, "message": PASSWORD, "enforcementLevel": "advisory"}}]
    (preview,) = project.compare()
    assert PASSWORD not in repr(preview)
    assert "was [secret]" in repr(preview)


def test_no_secret_is_in_the_preview_of_a_stack_that_goes(project: Project) -> None:
    (project.directory / "stacks" / "Pulumi.dev.yaml").unlink()
    (preview,) = project.compare()
    assert PASSWORD not in repr(preview)


def test_key_of_the_stacks_state_is_not_asked_on_this_machine(project: Project, tmp_path: Path) -> None:
    changed_dev(project)
    seen = tmp_path / "seen"
    project.write("scripts/cost.py", f"import shutil\nshutil.copy('stacks/Pulumi.dev.yaml', {str(seen)!r})\nprint('{{}}')\n")
    project.compare()
    lines = seen.read_text().splitlines()
    assert [line for line in lines if "secretsprovider" in line or "encryptedkey" in line] == []
    assert len(lines) == len(stack_file("111111111111", owner="risk").splitlines())


def test_the_callers_credentials_reach_no_local_run(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-caller")
    text = (project.directory / "localcloud/__main__.py").read_text()
    project.write(
        "localcloud/__main__.py",
        f"import os\nopen({str(seen)!r}, 'a').write(os.environ.get('AWS_SECRET_ACCESS_KEY', ''))\n{text[text.index('import json') :]}",
    )
    project.compare("dev")
    assert seen.read_text() == ""


def test_a_cloud_that_does_not_start_is_a_failure_of_the_run(project: Project) -> None:
    project.make("fails", "localcloud head start")
    with pytest.raises(Failed, match="the cloud says no"):
        project.compare("dev")
    assert project.kept == 0


def test_a_cloud_that_does_not_stop_in_order_is_not_used_again(project: Project) -> None:
    project.make("fails", "localcloud head stop")
    project.compare("dev")
    assert project.kept == 0


def test_stack_that_has_no_file_is_refused(project: Project) -> None:
    with pytest.raises(Refused, match="got stack staging; expected one that has a file before or after: dev, prod"):
        project.compare("staging")


@pytest.mark.parametrize(("during", "kept"), [("pulumi base up", 0), ("pulumi head preview", 1), ("localcloud head start", 0)])
def test_an_interrupt_stops_the_cloud_and_leaves_nothing_half_made(project: Project, during: str, kept: int) -> None:
    project.make("sleeps", during)

    def interrupt() -> None:
        while not project.asleep:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    before = set(Path(tempfile.gettempdir()).glob("preview-*"))
    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        project.compare("dev")
    assert verbs(project.calls)[-1] == "localcloud head stop"
    assert project.kept == kept
    assert set(Path(tempfile.gettempdir()).glob("preview-*")) == before


def test_an_interrupt_ends_previews_that_run_beside_each_other(project: Project) -> None:
    project.make("sleeps", "pulumi base up")

    def interrupt() -> None:
        while not project.asleep:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        project.compare("dev", "prod", jobs=2)
    calls = verbs(project.calls)
    # The interrupt can end a start before it is on record; its cloud is stopped as the other one.
    assert calls.count("localcloud head stop") >= calls.count("localcloud head start") > 0
