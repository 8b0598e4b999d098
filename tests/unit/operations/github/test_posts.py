"""One comment per marker, one issue per stack, whatever fails, and nobody else's words are edited."""

import pytest

from operations.github.client import NotSaid
from operations.github.posts import BOT, LONGEST_BODY, close_issue, marked, put_comment, put_issue
from tests.unit.operations.github.api import Api, Fault

MARK = "<!-- ml-platform: preview -->"


def bodies(api: Api) -> list[str]:
    return [each["body"] for each in api.comments[7]]


def test_the_comment_is_made_the_first_time_and_edited_in_place_after_that(api: Api) -> None:
    api.comments[7] = [api.written("hello", by="somebody") for _ in range(3)]
    assert put_comment(api.github, 7, "preview", "one").made
    assert not put_comment(api.github, 7, "preview", "two").made
    assert bodies(api) == ["hello"] * 3 + [f"{MARK}\ntwo\n"]


@pytest.mark.parametrize(
    ("by", "body"),
    [("somebody", f"{MARK}\nmine"), (BOT, f"quoted:\n{MARK}\nx"), (BOT, "<!-- ml-platform: preview-dev -->\nx")],
    ids=["another's with the marker", "the marker further down", "another marker"],
)
def test_nothing_but_its_own_comment_is_edited(api: Api, by: str, body: str) -> None:
    api.comments[7] = [api.written(body, by=by)]
    assert put_comment(api.github, 7, "preview", "one").made
    assert bodies(api) == [body, f"{MARK}\none\n"]


def test_a_comment_that_was_edited_in_a_browser_is_still_found(api: Api) -> None:
    api.comments[7] = [api.written(f"{MARK}\r\nolder\r\n")]
    assert not put_comment(api.github, 7, "preview", "one").made


def test_a_comment_whose_answer_was_lost_is_not_made_twice(api: Api) -> None:
    api.comments[7] = []
    api.faults = [None, Fault(502, after=True)]
    put_comment(api.github, 7, "preview", "one")
    assert bodies(api) == [f"{MARK}\none\n"]


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
        put_comment(api.github, 7, marker, text)
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


def test_a_new_drift_opens_a_new_issue_and_leaves_the_closed_one(api: Api) -> None:
    put_issue(api.github, "drift", "drift-dev", "x", "one")
    close_issue(api.github, "drift", "drift-dev")
    put_issue(api.github, "drift", "drift-dev", "x", "two")
    assert [(each["state"], each["body"].splitlines()[1]) for each in api.issues] == [("closed", "one"), ("open", "two")]


def test_a_pull_request_is_not_taken_for_the_issue(api: Api) -> None:
    body = marked("drift-dev", "one")
    api.issues = [api.written(body, state="open", labels=["drift"], pull_request={})]
    assert close_issue(api.github, "drift", "drift-dev") is None
