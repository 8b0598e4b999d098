"""That steps are scripts which tests run too, and actions whose code is known."""

import importlib
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from localcloud.toolchain.catalogue import GO_VERSION, PULUMI_VERSION
from operations.github import parts
from tests.unit.workflows import read as workflows
from tests.unit.workflows.read import ROOT, WORKFLOWS, Job

# Whose code runs beside ours, and in which version: the commit is what GitHub checks out, whatever the tag is moved to.
ACTIONS = {
    "actions/checkout": ("3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "actions/download-artifact": ("3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1"),
    "actions/setup-go": ("b7ad1dad31e06c5925ef5d2fc7ad053ef454303e", "v7.0.0"),
    "actions/setup-python": ("5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
    "actions/upload-artifact": ("043fb46d1a93c77aae656e7c1c64a875d1fc6a0a", "v7.0.1"),
    "aws-actions/configure-aws-credentials": ("e6de054238d6b7531b4efff3b6587d9aade6a06c", "v6.2.3"),
    "pulumi/actions": ("8e5e406f4007fca908480587cb9893c07090f58d", "v7.0.0"),
}
TARGETS = {"setup", "test", ".venv/.installed"}
PYTHONS = {".venv/bin/python", "python3"}

every_job = pytest.mark.parametrize("job", workflows.jobs(), ids=lambda job: f"{job}{sorted(job.inputs.values())}")
every_file = pytest.mark.parametrize("path", workflows.files(), ids=lambda path: path.name)


@every_file
def test_every_action_is_pinned_to_a_commit_of_the_table(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert {name: (commit, version) for name, commit, version in workflows.actions(text)}.items() <= ACTIONS.items()
    assert len(workflows.actions(text)) == len(re.findall(r"uses: (?!\./)", text))


def test_every_action_of_the_table_is_used() -> None:
    assert {name for path in workflows.files() for name, *_ in workflows.actions(path.read_text(encoding="utf-8"))} == set(ACTIONS)


@every_job
def test_no_expression_is_pasted_into_a_command(job: Job) -> None:
    assert [run for run in job.runs if "${{" in run] == []


@every_job
def test_a_checkout_leaves_no_token_behind(job: Job) -> None:
    checkouts = [step["with"] for step in job.steps if step.get("uses", "").startswith("actions/checkout@")]
    assert [each["persist-credentials"] for each in checkouts] == ["false"] * len(checkouts)
    assert checkouts


@every_job
def test_every_step_is_a_target_of_make_or_one_call_of_a_script_with_what_it_takes(job: Job) -> None:
    for step in job.steps:
        if "run" not in step:
            continue
        program, *arguments = words(step["run"], step.get("env") or {})
        if program == "make":
            assert set(arguments) <= TARGETS
            continue
        script, *given = arguments
        assert program in PYTHONS
        assert (ROOT / script).is_file()
        module: Any = importlib.import_module(f"scripts.{Path(script).stem}")
        try:
            module._parser().parse_args(given)
        except SystemExit as refused:
            pytest.fail(f"{step['run']}: {script} takes no such arguments ({refused})")


def words(command: str, environment: dict[str, str]) -> list[str]:
    """The words of one simple command; a name in it is given something that fits. Anything that would need a shell is refused."""
    assert re.fullmatch(r'[\w./" $=^-]+', command), command
    assert set(re.findall(r"\$(\w+)", command)) <= set(environment), command
    values = {"NUMBER": "7", "DIGEST": f"sha256:{'0' * 64}"}
    return [re.sub(r"\$(\w+)", lambda name: values.get(name[1], "dev"), word) for word in shlex.split(command)]


@pytest.mark.parametrize("job", [job for job in workflows.jobs() if "scripts/preview.py" in str(job.runs)], ids=str)
def test_a_preview_is_compared_to_what_its_checkout_was_merged_into(job: Job) -> None:
    """Of a pull request GitHub checks out the merge into its base, whose first parent is that base: decision 0019."""
    assert job.triggers == {"pull_request"}
    assert job.checkouts == ["event"]
    assert [step["with"]["fetch-depth"] for step in job.steps if "actions/checkout@" in step.get("uses", "")] == ["0"]
    assert re.findall(r"--base (\S+)", " ".join(job.runs)) == ["HEAD^1"]


@every_job
def test_a_job_ends_by_itself(job: Job) -> None:
    assert 0 < int(job.content["timeout-minutes"]) <= 180


def test_targets_of_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\nsetup:" in makefile
    assert "\ntest:" in makefile
    assert "\n$(STAMP):" in makefile
    assert "STAMP := $(VENV)/.installed" in makefile


def test_tools_are_the_versions_that_are_tested() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in workflows.files())
    assert set(re.findall(r"pulumi-version: (\S+)", text)) == {PULUMI_VERSION}
    assert set(re.findall(r'go-version: "(\S+)"', text)) == {GO_VERSION}
    assert set(re.findall(r'python-version: "(\S+)"', text)) == {"3.11"}


def test_the_comment_of_a_pull_request_is_made_from_what_its_preview_leaves() -> None:
    from operations.github import untrusted

    assert (ROOT / untrusted.WORKFLOW).parent == WORKFLOWS
    uploads = [step["with"] for step in workflows.read("preview.yaml")["jobs"]["local"]["steps"] if "upload" in step.get("uses", "")]
    assert [(each["name"], each["path"].split()) for each in uploads] == [
        (untrusted.ARTIFACT, ["preview/preview.json", f"preview/{untrusted.COMMENT}"])
    ]
    assert workflows.read("preview-comment.yaml")["on"]["workflow_run"]["workflows"] == [workflows.read("preview.yaml")["name"]]


COMMENTS = [job for job in workflows.jobs() if "scripts/comment.py" in str(job.runs)]


def test_the_comment_of_a_pull_request_has_a_place_for_each_part_that_is_put_there_and_no_other() -> None:
    named = {name for job in COMMENTS for step in job.steps for name in parts_of(job, step)}
    assert named | {parts.PREVIEW} == set(parts.PLACES)


def parts_of(job: Job, step: workflows.Step) -> list[str]:
    """The parts that a step puts, with what its variables are given."""
    named = re.findall(r"--part \"?([\w$-]+)", step.get("run", ""))
    environment: dict[str, str] = step.get("env") or {}
    return [each for name in named for each in job.filled(re.sub(r"\$(\w+)", lambda found: environment[found[1]], name))]


@pytest.mark.parametrize("job", [job for job in COMMENTS if "--gone" not in str(job.runs)], ids=str)
def test_what_ran_out_of_time_is_said(job: Job) -> None:
    """To GitHub it is cancelled: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes."""
    assert "cancelled" not in job.content["if"]
    assert "needs" not in job.content or job.content["if"].startswith("${{ always() && ")
