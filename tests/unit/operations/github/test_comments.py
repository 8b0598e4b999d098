"""There is one comment with the parts of all who write it, however they meet, and nobody else's words are edited."""

import threading
from collections.abc import Callable

import pytest

from operations.github.client import Github, NotSaid
from operations.github.comments import LOOKS, PAUSE_SECONDS, put_part
from operations.github.parts import MARKER, Part, body, part, read
from operations.github.posts import BOT, Superseded, marked
from tests.unit.operations.github.api import REPOSITORY, TOKEN, Api, Fault

HEAD, OLDER = "a" * 40, "b" * 40
MARK = f"<!-- ml-platform: {MARKER} -->"
PREVIEW, DEV, PROD = (part(name, "said", HEAD) for name in ("preview", "preview-dev", "preview-prod"))


@pytest.fixture
def api(api: Api) -> Api:
    """With a pull request that nobody has commented on."""
    api.comments[7] = []
    api.pulls = [{"number": 7, "head": {"sha": HEAD}}]
    return api


def comment(*parts: Part) -> str:
    return marked(MARKER, body({each.name: each for each in parts}, HEAD))


def bodies(api: Api) -> list[str]:
    return [each["body"] for each in api.comments[7]]


def writer(api: Api, sleep: Callable[[float], None]) -> Github:
    return Github(REPOSITORY, TOKEN, api.url, sleep)


def changes(api: Api) -> list[str]:
    return [each.method for each in api.asked if each.method != "GET"]


class Meeting:
    """The first who come wait for one another; who comes after that goes through."""

    def __init__(self, parties: int) -> None:
        self._places, self._barrier = threading.Semaphore(parties), threading.Barrier(parties)

    def __call__(self) -> None:
        if self._places.acquire(blocking=False):
            self._barrier.wait(10)


def test_the_comment_is_made_the_first_time_and_edited_in_place_after_that(api: Api) -> None:
    api.comments[7] = [api.written("hello", by="somebody") for _ in range(3)]
    assert put_part(api.github, 7, part("preview", "one", HEAD)).made
    assert not put_part(api.github, 7, part("preview", "two", HEAD)).made
    assert bodies(api) == ["hello"] * 3 + [comment(part("preview", "two", HEAD))]


def test_a_part_is_replaced_and_the_others_stay_as_they_are(api: Api) -> None:
    for each in (PROD, DEV, PREVIEW, part("preview-dev", "other", HEAD)):
        put_part(api.github, 7, each)
    assert bodies(api) == [comment(PREVIEW, part("preview-dev", "other", HEAD), PROD)]


def test_it_is_looked_at_again_after_a_pause(api: Api) -> None:
    put_part(api.github, 7, PREVIEW)
    assert [each.method for each in api.asked] == ["GET", "GET", "POST", "GET"]
    assert api.waited == [PAUSE_SECONDS]


def test_what_is_there_already_is_not_written_again(api: Api) -> None:
    api.comments[7] = [api.written(comment(PREVIEW).replace("\n", "\r\n"))]
    put_part(api.github, 7, PREVIEW)
    assert changes(api) == []


@pytest.mark.parametrize(
    ("by", "text"),
    [("somebody", f"{MARK}\nmine"), (BOT, f"quoted:\n{MARK}\nx"), (BOT, "<!-- ml-platform: drift-dev -->\nx")],
    ids=["another's with the marker", "the marker further down", "another marker"],
)
def test_nothing_but_the_own_comment_is_edited_or_deleted(api: Api, by: str, text: str) -> None:
    api.comments[7] = [api.written(text, by=by)]
    assert put_part(api.github, 7, PREVIEW).made
    assert bodies(api) == [text, comment(PREVIEW)]


def test_a_comment_that_was_edited_in_a_browser_is_still_found(api: Api) -> None:
    api.comments[7] = [api.written(comment(DEV).replace("\n", "\r\n"))]
    assert not put_part(api.github, 7, PREVIEW).made
    assert bodies(api) == [comment(PREVIEW, DEV)]


def test_parts_of_another_commit_are_marked_when_one_of_the_new_head_is_written(api: Api) -> None:
    put_part(api.github, 7, DEV)
    api.pulls[0]["head"]["sha"] = OLDER
    put_part(api.github, 7, part("preview", "said", OLDER))
    assert f"**Of an older commit**, {HEAD}," in bodies(api)[0]
    assert f"Of commit {OLDER}:" in bodies(api)[0]


def test_a_part_of_the_head_is_not_replaced_by_one_of_an_older_commit(api: Api) -> None:
    put_part(api.github, 7, DEV)
    with pytest.raises(Superseded, match=r"is of a{40}, which is newer than b{40}"):
        put_part(api.github, 7, part("preview-dev", "late", OLDER))
    assert bodies(api) == [comment(DEV)]


def test_an_older_part_is_put_where_there_is_none_of_the_head(api: Api) -> None:
    put_part(api.github, 7, part("preview-dev", "late", OLDER))
    assert read(bodies(api)[0])["preview-dev"].commit == OLDER


@pytest.mark.parametrize("there", [[], [PREVIEW]], ids=["no comment", "no such part"])
def test_what_only_replaces_makes_nothing(api: Api, there: list[Part]) -> None:
    api.comments[7] = [api.written(comment(*there)) for _ in there]
    with pytest.raises(Superseded, match="no part 'ephemeral'"):
        put_part(api.github, 7, part("ephemeral", "gone", None), replace_only=True)
    assert changes(api) == []


def test_what_another_job_wrote_over_is_written_again(api: Api) -> None:
    """It had read before, and wrote after."""
    stale = [comment(DEV)]
    api.comments[7] = [api.written(comment())]
    put_part(writer(api, lambda _: api.comments[7][0].update(body=stale.pop()) if stale else None), 7, PREVIEW)
    assert bodies(api) == [comment(PREVIEW, DEV)]


def test_of_two_comments_made_at_once_the_oldest_stays_with_the_parts_of_both(api: Api) -> None:
    theirs = [{**api.written(comment(DEV)), "id": 1}]
    put_part(writer(api, lambda _: api.comments[7].append(theirs.pop()) if theirs else None), 7, PREVIEW)
    assert [(each["id"], each["body"]) for each in api.comments[7]] == [(1, comment(PREVIEW, DEV))]


def test_what_only_a_younger_comment_has_is_kept_before_it_is_deleted(api: Api) -> None:
    api.comments[7] = [api.written(comment(PREVIEW)), api.written(comment(DEV))]
    put_part(api.github, 7, PROD)
    assert bodies(api) == [comment(PREVIEW, DEV, PROD)]
    assert changes(api) == ["PATCH", "DELETE"]


@pytest.mark.parametrize("there", [[], [PROD]], ids=["none yet", "one"])
def test_two_that_read_before_either_writes_are_both_there_in_the_end(api: Api, there: list[Part]) -> None:
    api.comments[7] = [api.written(comment(*there)) for _ in there]
    read_by_both, written_by_both = Meeting(2), Meeting(2)
    api.listed = read_by_both

    def put(mine: Part) -> None:
        put_part(writer(api, lambda _: written_by_both()), 7, mine)

    threads = [threading.Thread(target=put, args=[each]) for each in (PREVIEW, DEV)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert bodies(api) == [comment(PREVIEW, DEV, *there)]


def test_a_comment_whose_answer_was_lost_is_not_made_twice(api: Api) -> None:
    api.faults = [None, None, Fault(502, after=True)]
    put_part(api.github, 7, PREVIEW)
    assert bodies(api) == [comment(PREVIEW)]
    assert changes(api) == ["POST"]


@pytest.mark.parametrize(
    "fault", [Fault(502), Fault(429, {"Retry-After": "7"}), Fault(404)], ids=["server", "too many requests", "deleted meanwhile"]
)
def test_a_change_that_failed_is_made_from_a_new_look(api: Api, fault: Fault) -> None:
    """Not sent again as it was: meanwhile others write."""
    api.comments[7] = [api.written(comment())]
    api.faults = [None, None, fault]
    put_part(writer(api, lambda _: api.comments[7][0].update(body=comment(DEV)) if len(changes(api)) == 1 else None), 7, PREVIEW)
    assert bodies(api) == [comment(PREVIEW, DEV)]


def test_it_gives_up_with_a_remedy(api: Api) -> None:
    api.comments[7] = [api.written(comment())]
    with pytest.raises(NotSaid, match=f"after {LOOKS} changes: other jobs wrote over it; run the job again"):
        put_part(writer(api, lambda _: api.comments[7][0].update(body=comment())), 7, PREVIEW)
    assert changes(api) == ["PATCH"] * LOOKS
