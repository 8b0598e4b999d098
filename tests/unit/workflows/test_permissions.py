"""Who starts which job, what it may do, and whose code it runs: the whole of it in one table, and the rules that the table keeps."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from planning.documents import ci
from planning.names import Names
from stacks.models import Settings
from stacks.source import checked, read
from tests.unit.workflows import read as workflows
from tests.unit.workflows.read import ROOT, Job

READ = {"contents": "read"}
AWS = {**READ, "id-token": "write"}
GONE = {**READ, "pull-requests": "write"}
COMMENT = {**GONE, "actions": "read"}
ISSUE = {**AWS, "issues": "write"}
HOSTED = "ubuntu-24.04"
ACCOUNT = "111111111111"

# Workflow, file, job: triggers, permissions, environments, what is checked out, where it runs.
TABLE: dict[tuple[str, str, str], tuple[str, dict[str, str], str, str, str]] = {
    ("deploy", "deploy-stack", "plan"): ("push", AWS, "read-dev read-prod read-staging", "event", HOSTED),
    ("deploy", "deploy-stack", "apply"): ("push", AWS, "dev prod staging", "event", "runner"),
    ("drift", "drift", "stack"): ("schedule workflow_dispatch", ISSUE, "read-dev read-prod read-staging", "event", HOSTED),
    ("ephemeral", "ephemeral-create", "create"): ("pull_request", AWS, "ephemeral-dev", "event", "runner"),
    ("ephemeral", "ephemeral-create", "comment"): ("pull_request", COMMENT, "", "main", HOSTED),
    ("preview", "preview", "local"): ("pull_request", READ, "", "event", HOSTED),
    ("preview-account", "preview-stack", "account"): ("pull_request", AWS, "preview-dev preview-prod preview-staging", "event", HOSTED),
    ("preview-account", "preview-stack", "comment"): ("pull_request", COMMENT, "", "main", HOSTED),
    ("preview-comment", "preview-comment", "comment"): ("workflow_run", COMMENT, "", "main", HOSTED),
    ("reap", "reap", "comment"): ("pull_request_target schedule workflow_dispatch", GONE, "", "main", HOSTED),
    ("reap", "reap", "expired"): ("pull_request_target schedule workflow_dispatch", AWS, "reap-dev", "main", "runner"),
    ("reap", "reap", "unwanted"): ("pull_request_target schedule workflow_dispatch", AWS, "reap-dev", "main", "runner"),
    ("test", "test", "test"): ("pull_request push", READ, "", "event", HOSTED),
}

STACKS = {path.name.split(".")[1]: checked(read(path)) for path in sorted((ROOT / "stacks").glob("Pulumi.*.yaml"))}
DEPLOYED = {stack: settings.ci for stack, settings in STACKS.items() if isinstance(settings, Settings) and settings.ci is not None}


def environments(stack: str) -> Mapping[str, tuple[str, ...]]:
    """Of GitHub, by the role of the stack that their jobs become."""
    return ci.environments(stack, ephemeral=DEPLOYED[stack].ephemeral)


def those(chosen: Callable[[Job], object] = lambda job: True) -> pytest.MarkDecorator:
    """Jobs to which a rule applies, of which there must be one."""
    found = [job for job in workflows.jobs() if chosen(job)]
    assert found
    return pytest.mark.parametrize("job", found, ids=lambda job: f"{job}{sorted(job.inputs.values())}")


def found() -> dict[tuple[str, str, str], tuple[str, dict[str, str], str, str, str]]:
    rows: dict[tuple[str, str, str], tuple[str, dict[str, str], str, str, str]] = {}
    environments: dict[tuple[str, str, str], set[str]] = {}
    for job in workflows.jobs():
        key = (job.workflow.removesuffix(".yaml"), job.file.removesuffix(".yaml"), job.name)
        environments.setdefault(key, set()).update(job.environments)
        runner = "runner" if "codebuild-" in job.content["runs-on"] else job.content["runs-on"]
        rows[key] = (
            " ".join(sorted(job.triggers)),
            dict(job.permissions),
            " ".join(sorted(environments[key])),
            " ".join(job.checkouts),
            runner,
        )
    return rows


def test_the_table_has_every_job_as_it_is() -> None:
    assert found() == TABLE


@pytest.mark.parametrize("path", workflows.files(), ids=lambda path: path.name)
def test_what_no_job_asks_for_is_not_granted(path: Path) -> None:
    assert workflows.read(path.name)["permissions"] == {}


@those(lambda job: job.runs_a_pull_requests_code)
def test_who_runs_a_pull_requests_code_may_write_nothing(job: Job) -> None:
    assert {name for name, access in job.permissions.items() if access != "read"} <= {"id-token"}


@those(lambda job: job.runs_a_pull_requests_code)
def test_a_pull_requests_code_gets_no_token_of_github_in_its_steps(job: Job) -> None:
    assert [step for step in job.steps if "github.token" in str(step) or "secrets." in str(step)] == []


@those(lambda job: "id-token" in job.permissions)
def test_nobody_becomes_a_role_without_an_environment_that_may_be_guarded(job: Job) -> None:
    assert job.environments


@those(lambda job: "pull-requests" in job.permissions)
def test_who_may_write_to_pull_requests_runs_no_code_of_theirs(job: Job) -> None:
    assert set(job.checkouts) <= {"main"}
    assert "id-token" not in job.permissions


@those(lambda job: job.triggers & {"pull_request_target", "workflow_run"})
def test_a_trigger_that_strangers_pull_and_that_holds_more_checks_out_main(job: Job) -> None:
    assert set(job.checkouts) == {"main"}


@pytest.mark.parametrize("job", list(workflows.calls()), ids=str)
def test_who_calls_grants_what_is_asked_for_and_no_more(job: Job) -> None:
    asked: dict[str, str] = {}
    for each in workflows.jobs():
        if each.workflow == job.workflow and each.file == job.content["uses"].rpartition("/")[2]:
            asked |= each.permissions
    assert dict(job.permissions) == asked


@pytest.mark.parametrize("job", [each for each in workflows.calls() if "pull_request" in each.triggers], ids=str)
def test_a_fork_asks_nobody_for_approval(job: Job) -> None:
    """It has no token of OpenID Connect anyway: its workflows may only read."""
    assert "github.event.pull_request.head.repo.full_name == github.repository" in job.content["if"]


@those()
def test_there_are_no_secrets(job: Job) -> None:
    assert "secrets" not in re.findall(r"\$\{\{[^}]*\b(secrets)\b", str(job.content))


def test_environments_are_those_of_the_trust_of_the_roles_and_nothing_else() -> None:
    trusted = {name for stack in DEPLOYED for names in environments(stack).values() for name in names}
    assert {name for job in workflows.jobs() for name in job.environments} == trusted


@those(lambda job: job.environments)
def test_the_role_of_a_job_is_one_that_its_environment_becomes(job: Job) -> None:
    (role,) = re.findall(r"--role (\S+)", " ".join(job.runs))
    (stack,) = {each for each in DEPLOYED if each in job.inputs.values()} or {"dev"}
    allowed = {name for each in (DEPLOYED if "strategy" in job.content else [stack]) for name in environments(each)[role]}
    assert job.environments <= allowed


@those()
def test_every_job_with_a_role_asks_for_it_once(job: Job) -> None:
    configured = [step["with"]["role-to-assume"] for step in job.steps if "configure-aws-credentials" in step.get("uses", "")]
    assert configured == (["${{ steps.stack.outputs.role }}"] if "id-token" in job.permissions else [])


@those(lambda job: "id-token" in job.permissions)
def test_the_session_of_a_role_lasts_as_long_as_its_job(job: Job) -> None:
    """Without credentials the engine cannot save the state of what it has made: https://github.com/pulumi/pulumi/issues/19452."""
    (seconds,) = [int(step["with"]["role-duration-seconds"]) for step in job.steps if "configure-aws-credentials" in step.get("uses", "")]
    (role,) = re.findall(r"--role (\S+)", " ".join(job.runs))
    assert 60 * int(job.content["timeout-minutes"]) <= seconds <= ci.SESSION_SECONDS[role]


@those(lambda job: job.content["runs-on"] != HOSTED)
def test_jobs_in_the_network_run_on_the_runner_that_the_stack_makes(job: Job) -> None:
    stack = job.inputs.get("stack", "dev")
    settings = DEPLOYED[stack]
    assert settings.runner
    project = Names(environment=stack, account=ACCOUNT).build_project("runner")
    # https://docs.aws.amazon.com/codebuild/latest/userguide/sample-github-action-runners-update-labels.html
    assert job.filled(job.content["runs-on"]) == [f"codebuild-{project}-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}"]


RULES: list[tuple[str, Callable[[], object], object]] = [
    ("deploys go one after the other", lambda: {n: c.get("needs") for n, c in workflows.read("deploy.yaml")["jobs"].items()},
     {"dev": None, "staging": "dev", "prod": "staging"}),
    ("a deploy waits for the one before it, and is not cut short",
     lambda: {n: c["concurrency"] for n, c in workflows.read("deploy.yaml")["jobs"].items()},
     {stack: {"group": f"deploy-{stack}", "cancel-in-progress": "false"} for stack in ("dev", "staging", "prod")}),
    ("only main is deployed", lambda: workflows.read("deploy.yaml")["on"], {"push": {"branches": ["main"]}}),
    ("what is applied is what was planned", lambda: workflows.read("deploy-stack.yaml")["jobs"]["apply"]["needs"], "plan"),
    ("the plan that is handed on is that of the stack, and held against its digest",
     lambda: re.findall(r"plan-\$\{\{ inputs\.stack \}\}|--approved \S+ --digest \"\$DIGEST\"|digest: \$.*|DIGEST: \$.*",
                        (workflows.WORKFLOWS / "deploy-stack.yaml").read_text()),
     ["digest: ${{ steps.digest.outputs.digest }}", "plan-${{ inputs.stack }}", "plan-${{ inputs.stack }}",
      '--approved approved/plan.json --digest "$DIGEST"', "DIGEST: ${{ needs.plan.outputs.digest }}"]),
    ("drift is looked for where its role may look",
     lambda: re.findall(r"drift\.py \S+ (.*) --output", (workflows.WORKFLOWS / "drift.yaml").read_text()),
     ["--without-clusters --without-secrets"]),
    ("drift is of every stack", lambda: set(workflows.read("drift.yaml")["jobs"]["stack"]["strategy"]["matrix"]["stack"]), set(DEPLOYED)),
    ("previews are of every stack",
     lambda: set(workflows.read("preview-account.yaml")["jobs"]["stack"]["strategy"]["matrix"]["stack"]), set(DEPLOYED)),
    ("no rule of zizmor is off but one", lambda: workflows.yaml.safe_load((ROOT / ".github/zizmor.yml").read_text())["rules"],
     {"self-repository": {"disable": True}, "unpinned-uses": {"config": {"policies": {"*": "hash-pin"}}}}),
]  # fmt: skip


@pytest.mark.parametrize(("got", "expected"), [rule[1:] for rule in RULES], ids=[rule[0] for rule in RULES])
def test_the_order_and_the_reach_of_workflows(got: Callable[[], object], expected: object) -> None:
    assert got() == expected
