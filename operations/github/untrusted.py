"""What a job that ran a pull request's own code left behind, read by a job that may write: every byte of it may be a lie.

The pull request is found from the run, which GitHub describes, never from the artifact, which the pull request wrote.
"""

import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, cast

from operations.github.client import Github, Item, NotSaid, TooLarge
from operations.github.posts import LONGEST_BODY

WORKFLOW = ".github/workflows/preview.yaml"
ARTIFACT, COMMENT = "preview", "comment.md"

LARGEST_ARTIFACT_BYTES = 20_000_000
"""Of the archive: comment.md and preview.json, which has whole previews."""
LARGEST_COMMENT_BYTES = 4 * LONGEST_BODY
"""UTF-8 takes at most four bytes for a character."""

WARNING = (
    "> [!NOTE]\n"
    "> This was made by the pull request's own code, which could have written anything here. "
    "The difference to review is the one on *Files changed*.\n\n"
)

CUT = "\n\n*Cut here: the whole of it is in the artifact of the run.*"
_ROOM = LONGEST_BODY - 200
"""The marker and the commit take the rest."""

_SHA = re.compile(r"[0-9a-f]{40}")
# C0 and C1 but for newline and tab, and what turns the direction of text round, so that it reads as what it is not.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# GitHub looks for mentions in what entities stand for. In a block of HTML a number needs no semicolon.
_ENTITY_OF_AT = re.compile(r"&(?=#0*64(?!\d)|#[xX]0*40(?![0-9A-Fa-f])|commat;)")
_MENTION = re.compile(r"@(?=[A-Za-z0-9&])")
# What makes a reader's browser, or GitHub for it, fetch something from elsewhere.
_IMAGE = re.compile(r"!(?=\[)|<(?=\s*/?\s*(?:img|picture|source|video|audio|iframe|a|svg)\b)", re.IGNORECASE)


class Unusable(NotSaid):
    """A run left nothing that may be shown; asking again does not help."""


@dataclass(frozen=True)
class Run:
    """A finished run of the preview, as GitHub describes it in the event `workflow_run`."""

    number: int
    head_sha: str
    head_owner: str
    head_branch: str
    head_repository: int
    """Its id: a fork, or the repository itself."""
    url: str


def run_of(event: object) -> Run:
    """Raises NotSaid unless the event is of a run of WORKFLOW that a pull request started."""
    found = cast("dict[str, Any]", event).get("workflow_run") if isinstance(event, dict) else None
    if not isinstance(found, dict):
        raise NotSaid("got an event without `workflow_run`; expected the one that GitHub Actions wrote; run this in that job")
    run = cast("Item", found)
    if run["event"] != "pull_request" or run["path"].partition("@")[0] != WORKFLOW:
        raise NotSaid(f"got a run of {run['path']} on {run['event']}; expected one of {WORKFLOW} on pull_request; nothing is posted")
    if not _SHA.fullmatch(run["head_sha"]):
        raise NotSaid("got a run without the commit that it ran; expected 40 hexadecimal digits; nothing is posted")
    head = run["head_repository"]
    return Run(int(run["id"]), run["head_sha"], head["owner"]["login"], run["head_branch"], int(head["id"]), run["html_url"])


def pull_request(github: Github, run: Run) -> int:
    """The open pull request whose head is what was run; NotSaid where there is none, or more than one, or it has moved on.

    It is asked for by branch: GitHub lists none by a commit of a fork, and none in the event
    (https://docs.github.com/en/rest/pulls/pulls#list-pull-requests, https://github.com/github/docs/issues/22501).
    """
    listed = list(github.pages("pulls", state="open", head=f"{run.head_owner}:{run.head_branch}"))
    found = [
        each for each in listed if each["head"]["sha"] == run.head_sha and (each["head"]["repo"] or {}).get("id") == run.head_repository
    ]
    if len(found) != 1:
        why = "it was closed, or has newer commits, whose run posts instead" if not found else "close all but one"
        raise NotSaid(f"got {len(found)} open pull requests with the commit {run.head_sha} as their head; expected one; {why}")
    return int(found[0]["number"])


def comment(github: Github, run: int, artifact: str = ARTIFACT) -> str:
    """The text of an artifact of a run, made harmless. Raises Unusable for an artifact that is not what such a job uploads, and NotSaid."""
    kept = [each for each in github.pages(f"actions/runs/{run}/artifacts", name=artifact) if each["name"] == artifact]
    if len(kept) != 1 or kept[0]["expired"]:
        raise Unusable(f"got {len(kept)} artifacts {artifact} of run {run}; expected one that is kept; the log of that run says why")
    try:
        archive = github.download(f"actions/artifacts/{int(kept[0]['id'])}/zip", LARGEST_ARTIFACT_BYTES)
    except TooLarge as error:
        raise Unusable(str(error)) from error
    text = WARNING + harmless(unpacked(archive))
    return text if len(text) <= _ROOM else f"{text[: _ROOM - len(CUT)]}{CUT}"


def unpacked(archive: bytes) -> str:
    """COMMENT of the archive, read in memory: no name in it ever becomes a path. Raises Unusable."""
    expected = f"expected a zip with one {COMMENT} of at most {LARGEST_COMMENT_BYTES:,} bytes of UTF-8; nothing is posted"
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            entries = [each for each in opened.infolist() if each.filename == COMMENT]
            if len(entries) != 1:
                raise Unusable(f"got {len(entries)} files {COMMENT}; {expected}")
            # A header can say less than there is, so that what is said is not believed.
            with opened.open(entries[0]) as file:
                content = file.read(LARGEST_COMMENT_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, Unusable):
            raise
        raise Unusable(f"got an archive that does not open ({type(error).__name__}); {expected}") from error
    if len(content) > LARGEST_COMMENT_BYTES:
        raise Unusable(f"got more than {LARGEST_COMMENT_BYTES:,} bytes; {expected}")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unusable(f"got bytes that are not UTF-8; {expected}") from error


def harmless(text: str) -> str:
    """Nobody is notified by it, nothing is fetched by it, nothing in it is invisible but what stops a mention, and it has no marker."""
    plain = _INVISIBLE.sub("\ufffd", text.replace("\r\n", "\n"))
    plain = _IMAGE.sub(lambda found: "&#33;" if found[0] == "!" else "&lt;", plain)
    return _MENTION.sub("@\u200b", _ENTITY_OF_AT.sub("&amp;", plain)).replace("<!--", "&lt;!--")
