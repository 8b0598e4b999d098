"""The one comment on a pull request, which several jobs write at once.

GitHub changes a comment whatever became of it since it was read (it has no conditional requests for that:
https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests), and keeps one waiting of
the jobs of a `concurrency` group; more with `queue`, which actionlint does not know (https://github.com/rhysd/actionlint/issues/657). So
the comment is looked at again after each change, until what was written is there. Of comments that were made at once the oldest stays: what
only another has goes into it, and the other is deleted.
"""

from collections.abc import Mapping, Sequence

from operations.github.client import Github, Item, Missing, NotSaid, Unsure
from operations.github.parts import MARKER, Part, body, read, stamps
from operations.github.posts import Posted, Superseded, marked, with_marker

LOOKS = 12
"""Each round of jobs that write over one another leaves the part of one of them, and there are five; the rest is for what GitHub fails."""
PAUSE_SECONDS = 5.0
"""More than GitHub takes to answer, and than it asks for between changes:
https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests."""


def put_part(github: Github, pull_request: int, part: Part, *, replace_only: bool = False) -> Posted:
    """Puts a part into the comment on a pull request, which is made where there is none, and leaves the others as they are.

    Raises Superseded where the part there is of the head and this one is not, or where there is none to replace and `replace_only` says so;
    and NotSaid.

    What remains possible: a change that is on its way for longer than PAUSE_SECONDS undoes what another job wrote and saw there meanwhile.
    That part is then missing, or an older one that names its commit, until it is written again.
    """
    path, made, problem = f"issues/{pull_request}/comments", False, "other jobs wrote over it"
    head = head_of(github, pull_request)
    for _ in range(LOOKS):
        found = sorted(with_marker(MARKER, github.pages(path)), key=lambda each: int(each["id"]))
        there = _parts(found)
        _must_be_wanted(part, there.get(part.name), head, replace_only)
        wanted = marked(MARKER, body({**there, part.name: part}, head))
        if len(found) == 1 and stamps(found[0]["body"]) == stamps(wanted):
            return Posted(found[0]["html_url"], None, made)
        made = made or not found
        try:
            _nearer(github, path, found, wanted)
        except (Unsure, Missing) as error:
            problem = str(error)
        github.sleep(PAUSE_SECONDS)
    raise NotSaid(f"the part {part.name!r} was not in the comment after {LOOKS} changes: {problem}; run the job again when they have ended")


def head_of(github: Github, pull_request: int) -> str:
    """The commit that a pull request is at. Raises NotSaid."""
    return str(github.get(f"pulls/{pull_request}")["head"]["sha"])


def _parts(found: Sequence[Item]) -> Mapping[str, Part]:
    """Of all of them; what several have, as the oldest has it."""
    return {name: part for each in reversed(found) for name, part in read(each["body"]).items()}


def _must_be_wanted(part: Part, there: Part | None, head: str, replace_only: bool) -> None:
    if there is None and replace_only:
        raise Superseded(f"there is no part {part.name!r} in a comment on the pull request")
    if there is not None and there.commit == head and part.commit not in {None, head}:
        raise Superseded(f"the part {part.name!r} is of {head}, which is newer than {part.commit}")


def _nearer(github: Github, path: str, found: Sequence[Item], wanted: str) -> None:
    """One change towards the one comment that is wanted."""
    if not found:
        github.make(path, {"body": wanted})
    elif stamps(found[0]["body"]) != stamps(wanted):
        github.change(f"issues/comments/{int(found[0]['id'])}", {"body": wanted}, once=True)
    else:
        github.remove(f"issues/comments/{int(found[-1]['id'])}")
