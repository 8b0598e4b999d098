"""How GitHub is asked: all pages, again after what passes, and with a token that nobody else gets to see."""

import pytest

from operations.github.client import ATTEMPTS, Github, Missing, NotSaid, Unsure, from_environment
from tests.unit.operations.github.api import REPOSITORY, TOKEN, Api, Fault

COMMENTS = "issues/7/comments"


def test_all_pages_of_a_list_are_read(api: Api) -> None:
    api.comments[7] = [api.written(str(number)) for number in range(5)]
    assert [each["body"] for each in api.github.pages(COMMENTS)] == ["0", "1", "2", "3", "4"]
    assert [each.query.get("page", "1") for each in api.asked] == ["1", "2", "3"]
    assert {each.authorization for each in api.asked} == {f"Bearer {TOKEN}"}


def test_a_next_page_elsewhere_does_not_get_the_token(api: Api) -> None:
    api.comments[7] = [api.written(str(number)) for number in range(5)]
    api.next_at = api.url.replace("127.0.0.1", "localhost")
    with pytest.raises(NotSaid, match="nothing was sent there"):
        list(api.github.pages(COMMENTS))
    assert len(api.asked) == 1


def test_where_an_artifact_is_kept_does_not_get_the_token(api: Api) -> None:
    api.archives[3] = b"content"
    assert api.github.download("actions/artifacts/3/zip", 7) == b"content"
    assert [(each.path.split("/")[1], each.authorization) for each in api.asked] == [("repos", f"Bearer {TOKEN}"), ("stored", None)]


def test_more_than_the_limit_is_not_read(api: Api) -> None:
    api.archives[3] = b"content"
    with pytest.raises(NotSaid, match="more than 6 bytes"):
        api.github.download("actions/artifacts/3/zip", 6)


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (Fault(502), 2.0),
        (Fault(403, {"Retry-After": "7"}, "You have exceeded a secondary rate limit"), 7.0),
        (Fault(429, {"Retry-After": "8"}), 8.0),
        (Fault(403, {}, "You have exceeded a secondary rate limit and have been temporarily blocked"), 60.0),
        (Fault(429), 60.0),
        (Fault(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}), 1.0),
    ],
    ids=["server", "secondary, says when", "429, says when", "secondary", "429", "used up, and over"],
)
def test_what_passes_is_tried_again_after_as_long_as_github_says(api: Api, fault: Fault, waits: float) -> None:
    api.comments[7] = []
    api.faults = [fault]
    assert list(api.github.pages(COMMENTS)) == []
    assert api.waited == [waits]


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        (Fault(401), "the token is none, or no longer"),
        (Fault(403, {}, "Resource not accessible by integration"), "'Resource not accessible by integration'.*give the job the permission"),
        (Fault(404, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}), "correct the number or the repository"),
        (Fault(422), "does not take what was sent"),
        (Fault(429, {"Retry-After": "3600"}), "for 3600 s more; run the job again"),
    ],
    ids=["no token", "no permission", "nothing there", "wrong", "used up for long"],
)
def test_what_does_not_pass_is_said_at_once_with_the_remedy(api: Api, fault: Fault, remedy: str) -> None:
    api.faults = [fault]
    with pytest.raises(NotSaid, match=remedy):
        list(api.github.pages(COMMENTS))
    assert (len(api.asked), api.waited) == (1, [])


def test_it_gives_up_after_a_few_times(api: Api) -> None:
    api.faults = [Fault(502)] * ATTEMPTS
    with pytest.raises(NotSaid, match="502"):
        list(api.github.pages(COMMENTS))
    assert (len(api.asked), api.waited) == (ATTEMPTS, [2.0, 4.0, 8.0])


def test_what_may_have_been_made_is_not_asked_for_again_unseen(api: Api) -> None:
    api.comments[7] = []
    api.faults = [Fault(502, after=True)]
    with pytest.raises(Unsure):
        api.github.make(COMMENTS, {"body": "x"})
    assert len(api.asked) == 1


def test_what_was_refused_for_a_while_is_made_once(api: Api) -> None:
    api.comments[7] = []
    api.faults = [Fault(403, {"Retry-After": "5"})]
    api.github.make(COMMENTS, {"body": "x"})
    assert (api.waited, [each["body"] for each in api.comments[7]]) == ([5.0], ["x"])


@pytest.mark.parametrize(("fault", "waits"), [(Fault(502), []), (Fault(429, {"Retry-After": "5"}), [5.0])], ids=["server", "busy"])
def test_what_is_to_be_changed_once_is_not_sent_again(api: Api, fault: Fault, waits: list[float]) -> None:
    api.comments[7] = [api.written("x")]
    api.faults = [fault]
    with pytest.raises(Unsure):
        api.github.change(f"issues/comments/{api.comments[7][0]['id']}", {"body": "y"}, once=True)
    assert (len(api.asked), api.waited) == (1, waits)


def test_what_is_deleted_is_gone_and_what_is_gone_is_missing(api: Api) -> None:
    api.comments[7] = [api.written("x")]
    path = f"issues/comments/{api.comments[7][0]['id']}"
    api.github.remove(path)
    assert api.comments[7] == []
    with pytest.raises(Missing):
        api.github.remove(path)


def test_a_server_that_is_not_there_is_tried_again_and_named(api: Api) -> None:
    gone = Github(REPOSITORY, TOKEN, "http://127.0.0.1:1", api.waited.append)
    with pytest.raises(NotSaid, match=r"GET /repos/example/ml-platform/issues/7/comments: .*refused.*4 times"):
        list(gone.pages(COMMENTS))
    assert api.waited == [2.0, 4.0, 8.0]


def test_the_token_is_shown_nowhere(api: Api) -> None:
    assert TOKEN not in repr(api.github)


GIVEN = {"GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "no GITHUB_REPOSITORY and no GITHUB_TOKEN"),
        ({"GITHUB_REPOSITORY": REPOSITORY}, "no GITHUB_TOKEN in"),
        ({**GIVEN, "GITHUB_REPOSITORY": "../x"}, "expected OWNER/NAME"),
        ({**GIVEN, "GITHUB_API_URL": "http://api.example.com"}, "expected https"),
    ],
)
def test_a_job_without_what_it_takes_is_refused_before_anything_is_sent(environment: dict[str, str], said: str) -> None:
    with pytest.raises(NotSaid, match=said):
        from_environment(environment)


def test_without_an_address_it_is_githubs_own() -> None:
    assert from_environment(GIVEN).api == "https://api.github.com"
