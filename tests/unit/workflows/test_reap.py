"""When an environment of a pull request is made and deleted: the conditions of jobs, evaluated as GitHub does, and which jobs wait."""

import re
from typing import Any

import pytest

from tests.unit.workflows import read as workflows

SLICE, FULL = "preview-slice", "preview-full"
EPHEMERAL, REAP = "ephemeral.yaml", "reap.yaml"


def holds(condition: str, github: dict[str, Any]) -> bool:
    """Of what these conditions are written with: comparisons, `contains`, and, or, not."""
    inner = condition.strip().removeprefix("${{").removesuffix("}}").replace("&&", " and ").replace("||", " or ")
    inner = re.sub(r"!(?!=)", " not ", inner.replace("\n", " "))
    filled = re.sub(r"\bgithub((?:\.[\w*]+)+)", lambda found: repr(_value(github, found[1][1:].split("."))), inner)
    return bool(eval(filled.strip(), {"contains": _contains}))


def _contains(listed: list[str], item: str) -> bool:
    return item in listed


def _value(found: Any, path: list[str]) -> Any:
    """None for what the event has not, and a list after `*`."""
    if not path:
        return found
    if path[0] == "*":
        return [_value(each, path[1:]) for each in found or []]
    return _value((found or {}).get(path[0]), path[1:])


def event(name: str, action: str, left: list[str], label: str | None = None, head: str = "example/ml-platform") -> dict[str, Any]:
    """`left`: the labels of the pull request after it."""
    of_a_pull_request = {
        "action": action,
        "label": None if label is None else {"name": label},
        "pull_request": {"labels": [{"name": each} for each in left], "head": {"repo": {"full_name": head}}},
    }
    return {"event_name": name, "repository": "example/ml-platform", "event": of_a_pull_request}


@pytest.mark.parametrize(
    ("action", "label", "left", "deleted"),
    [
        ("unlabeled", SLICE, [], True),
        ("unlabeled", FULL, ["docs"], True),
        ("unlabeled", SLICE, [FULL], False),
        ("unlabeled", FULL, [SLICE], False),
        ("unlabeled", "docs", [], False),
        ("unlabeled", "docs", [SLICE], False),
        ("closed", None, [SLICE], True),
        ("closed", None, [FULL, SLICE], True),
        ("closed", None, ["docs"], False),
    ],
)
def test_an_environment_is_deleted_when_nobody_wants_it_any_more(action: str, label: str | None, left: list[str], deleted: bool) -> None:
    jobs = workflows.read(REAP)["jobs"]
    happened = event("pull_request_target", action, left, label)
    assert (holds(jobs["unwanted"]["if"], happened), holds(jobs["expired"]["if"], happened)) == (deleted, False)
    assert not holds(jobs["unwanted"]["if"], event("pull_request_target", action, left, label, head="stranger/ml-platform"))


@pytest.mark.parametrize(("labels", "made"), [([SLICE], {"slice"}), ([FULL], {"full"}), ([SLICE, FULL], {"slice"}), (["docs"], set[str]())])
def test_a_push_makes_one_environment_whatever_the_labels(labels: list[str], made: set[str]) -> None:
    jobs = workflows.read(EPHEMERAL)["jobs"]
    assert {name for name, job in jobs.items() if holds(job["if"], event("pull_request", "synchronize", labels))} == made


def test_that_an_environment_is_gone_is_said_when_it_is_and_by_a_job_that_holds_no_role() -> None:
    """A job without a condition runs when what it needs has succeeded, and is skipped when that is."""
    said = workflows.read(REAP)["jobs"]["comment"]
    assert (said["needs"], "if" in said, "id-token" in said["permissions"]) == ("unwanted", False, False)
    assert [step["run"].split("--", 2)[2] for step in said["steps"] if "run" in step] == ["part ephemeral --gone"]


@pytest.mark.parametrize("name", ["schedule", "workflow_dispatch"])
def test_what_has_expired_is_deleted_on_time(name: str) -> None:
    jobs = workflows.read(REAP)["jobs"]
    assert {job: holds(jobs[job]["if"], event(name, "", [])) for job in ("expired", "unwanted")} == {"expired": True, "unwanted": False}


@pytest.mark.parametrize(
    ("file", "groups"),
    [
        (REAP, {"expired": "reap-expired", "unwanted": "reap-${{ github.event.pull_request.number }}"}),
        (EPHEMERAL, dict.fromkeys(("slice", "full"), "ephemeral-${{ github.event.pull_request.number }}")),
    ],
)
def test_a_job_that_waits_is_not_dropped_for_one_of_another_pull_request(file: str, groups: dict[str, str]) -> None:
    """Of a group one runs and one waits, and a third takes the place of the one that waits; a job that is skipped joins none."""
    assert "concurrency" not in workflows.read(file)
    said = {name: content["concurrency"] for name, content in workflows.read(file)["jobs"].items() if "concurrency" in content}
    assert said == {name: {"group": group, "cancel-in-progress": "false"} for name, group in groups.items()}
