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
from operations.github.posts import LONGEST_BODY, Superseded

WORKFLOW = ".github/workflows/preview.yaml"
ARTIFACT, COMMENT = "preview", "comment.md"

LARGEST_ARTIFACT_BYTES = 20_000_000
"""Of the archive: comment.md and preview.json, which has whole previews."""
LARGEST_COMMENT_BYTES = 4 * LONGEST_BODY
"""UTF-8 takes at most four bytes for a character."""

_SHA = re.compile(r"[0-9a-f]{40}")
# C0 and C1 but for newline and tab, and what turns the direction of text round, so that it reads as what it is not.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# GitHub looks for mentions in what entities stand for. In a block of HTML a number needs no semicolon.
_ENTITY_OF_AT = re.compile(r"&(?=#0*64(?!\d)|#[xX]0*40(?![0-9A-Fa-f])|commat;)")
_MENTION = re.compile(r"@(?=[A-Za-z0-9&])")
# What makes a reader's browser, or GitHub for it, fetch something from elsewhere, or a quote look like a note of ours.
_IMAGE = re.compile(r"!(?=\[)|(?<=\[)!|<(?=\s*/?\s*(?:img|picture|source|video|audio|iframe|a|svg)\b)", re.IGNORECASE)
# HTML but for what previews are written with. `<code>` only with its end: what it leaves open, browsers open again in what follows
# (https://html.spec.whatwg.org/multipage/parsing.html#reconstruct-the-active-formatting-elements).
_HTML = re.compile(r"<(?=[A-Za-z/!?])(?!/?(?:details|summary)>|code>[^<>`\n\\]*</code>|/code>|br/>)")

# Footnotes and definitions of links are of the whole comment, wherever they stand: https://github.com/github/cmark-gfm/blob/master/src/blocks.c.
_DEFINITION = re.compile(r"\](?=:)|\[(?=\^)")


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
    started: str
    """When this attempt of it was: what an earlier one left is not of this one."""


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
    return Run(
        int(run["id"]), run["head_sha"], head["owner"]["login"], run["head_branch"], int(head["id"]), run["html_url"], run["run_started_at"]
    )


def pull_request(github: Github, run: Run) -> int:
    """The open pull request whose head is what was run; Superseded where it has moved on or was closed, NotSaid where there are several.

    A run that a newer push cancelled is of a commit that is no head any more; one that ran out of time, which GitHub calls cancelled too
    (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes), is of the head.

    It is asked for by branch: GitHub lists none by a commit of a fork, and none in the event
    (https://docs.github.com/en/rest/pulls/pulls#list-pull-requests, https://github.com/github/docs/issues/22501).
    """
    listed = list(github.pages("pulls", state="open", head=f"{run.head_owner}:{run.head_branch}"))
    found = [
        each for each in listed if each["head"]["sha"] == run.head_sha and (each["head"]["repo"] or {}).get("id") == run.head_repository
    ]
    if not found:
        raise Superseded(f"no open pull request is at {run.head_sha}: it was closed, or has newer commits, whose run posts instead")
    if len(found) > 1:
        raise NotSaid(f"got {len(found)} open pull requests with the commit {run.head_sha} as their head; expected one; close all but one")
    return int(found[0]["number"])


def of_attempt(github: Github, run: Run) -> str:
    """The text of the artifact of a run, as its newest attempt left it. Raises Unusable and NotSaid."""
    named = [each for each in github.pages(f"actions/runs/{run.number}/artifacts", name=ARTIFACT) if each["name"] == ARTIFACT]
    # Those of earlier attempts are kept, under the same name (https://github.com/actions/toolkit/issues/1592).
    own = [each for each in named if each["created_at"] >= run.started]
    if len(own) != 1:
        raise Unusable(f"got {len(own)} artifacts {ARTIFACT} of run {run.number}; expected one; the log of that run says why")
    return _downloaded(github, own[0])


def of_job(github: Github, run: int, artifact: str) -> str:
    """The text of the artifact with an id, which the job that left it says; empty where it left none. Raises Unusable and NotSaid.

    Not by its name: another job of the run may have left one of that name.
    """
    if not artifact.isdigit():
        raise Unusable(f"got artifact {artifact!r}; expected the id of what the job left; its log says why there is none")
    found = github.get(f"actions/artifacts/{int(artifact)}")
    if found["workflow_run"]["id"] != run:
        raise Unusable(f"got artifact {artifact} of run {found['workflow_run']['id']}; expected one of run {run}; nothing of it is posted")
    return _downloaded(github, found)


def _downloaded(github: Github, artifact: Item) -> str:
    if artifact["expired"]:
        raise Unusable(f"got artifact {artifact['id']}, which has expired; expected one that is kept; run the preview again")
    try:
        archive = github.download(f"actions/artifacts/{int(artifact['id'])}/zip", LARGEST_ARTIFACT_BYTES)
    except TooLarge as error:
        raise Unusable(str(error)) from error
    return unpacked(archive)


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
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unusable(f"got bytes that are not UTF-8; {expected}") from error
    if not text.strip():
        raise Unusable(f"got an empty {COMMENT}; {expected}")
    return text


def harmless(text: str) -> str:
    """Nobody is notified by it, nothing is fetched by it, and nothing in it is invisible but what stops a mention, a tag or a definition.

    It has no marker. Of HTML it has details, their summary, code and line breaks, which end where a quote does.
    """
    plain = _INVISIBLE.sub("\ufffd", text.replace("\r\n", "\n"))
    plain = _IMAGE.sub(lambda found: "&#33;" if found[0] == "!" else "&lt;", plain)
    plain = _DEFINITION.sub("\\g<0>\u200b", _HTML.sub("<\u200b", plain))
    return _MENTION.sub("@\u200b", _ENTITY_OF_AT.sub("&amp;", plain))
