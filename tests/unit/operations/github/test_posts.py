"""One issue per stack, and nothing is sent that GitHub would not take."""

import pytest

from operations.github.client import NotSaid
from operations.github.posts import LONGEST_BODY, close_issue, marked, put_issue
from tests.unit.operations.github.api import Api, Fault

MARK = "<!-- ml-platform: preview -->"


@pytest.mark.parametrize(
    ("marker", "text", "said"),
    [
        ("a -->", "x", "expected up to 40 lower-case letters"),
        ("preview", " \n", "expected Markdown"),
        ("preview", "x" * LONGEST_BODY, "expected at most 65,536"),
    ],
    ids=["marker", "empty", "long"],
)
def test_what_github_would_not_take_is_not_sent(api: Api, marker: str, text: str, said: str) -> None:
    with pytest.raises(NotSaid, match=said):
        put_issue(api.github, "drift", marker, "x", text)
    assert api.asked == []


def test_the_longest_text_is_taken() -> None:
    assert len(marked("preview", "x" * (LONGEST_BODY - len(MARK) - 2))) == LONGEST_BODY


def test_there_is_one_issue_per_stack_and_it_is_closed_when_nothing_has_drifted(api: Api) -> None:
    for stack, text in (("dev", "one"), ("prod", "two"), ("dev", "three")):
        put_issue(api.github, "drift", f"drift-{stack}", f"{stack} has drifted", text)
    assert [(each["title"], each["body"].splitlines()[1], each["labels"]) for each in api.issues] == [
        ("dev has drifted", "three", ["drift"]),
        ("prod has drifted", "two", ["drift"]),
    ]
    assert close_issue(api.github, "drift", "drift-dev") == api.issues[0]["number"]
    assert [each["state"] for each in api.issues] == ["closed", "open"]
    assert close_issue(api.github, "drift", "drift-dev") is None


def test_an_issue_whose_answer_was_lost_is_not_opened_twice(api: Api) -> None:
    api.faults = [None, Fault(502, after=True)]
    put_issue(api.github, "drift", "drift-dev", "x", "one")
    assert len(api.issues) == 1


def test_nobody_elses_issue_is_edited(api: Api) -> None:
    api.issues = [api.written(marked("drift-dev", "mine"), by="somebody", state="open", labels=["drift"])]
    assert put_issue(api.github, "drift", "drift-dev", "x", "one").made


def test_a_new_drift_opens_a_new_issue_and_leaves_the_closed_one(api: Api) -> None:
    put_issue(api.github, "drift", "drift-dev", "x", "one")
    close_issue(api.github, "drift", "drift-dev")
    put_issue(api.github, "drift", "drift-dev", "x", "two")
    assert [(each["state"], each["body"].splitlines()[1]) for each in api.issues] == [("closed", "one"), ("open", "two")]


def test_a_pull_request_is_not_taken_for_the_issue(api: Api) -> None:
    body = marked("drift-dev", "one")
    api.issues = [api.written(body, state="open", labels=["drift"], pull_request={})]
    assert close_issue(api.github, "drift", "drift-dev") is None
