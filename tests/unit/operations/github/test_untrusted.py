"""That nothing which a stranger's pull request leaves behind does more than be read, and only on that pull request."""

import io
import zipfile
from typing import Any

import pytest

from operations.github import untrusted
from operations.github.client import NotSaid
from operations.github.posts import Superseded
from tests.unit.operations.github.api import Api

SHA, FORK, OURS = "a" * 40, 42, 1
URL = "https://github.com/example/ml-platform/actions/runs/99"
RUN = untrusted.Run(99, SHA, "stranger", "main", FORK, URL, "2026-11-27T04:00:00Z")


def event(**other: Any) -> dict[str, Any]:
    """What GitHub writes of a run that a pull request from a fork started: no pull request is in it."""
    run = {
        "id": 99,
        "event": "pull_request",
        "path": untrusted.WORKFLOW,
        "head_sha": SHA,
        "html_url": URL,
        "run_started_at": RUN.started,
        "head_branch": "main",
        "head_repository": {"id": FORK, "owner": {"login": "stranger"}},
        "pull_requests": [],
    }
    return {"workflow_run": {**run, **other}}


def pull(
    number: int, *, sha: str = SHA, label: str = "stranger:main", repository: int | None = FORK, state: str = "open"
) -> dict[str, Any]:
    head = {"sha": sha, "label": label, "repo": None if repository is None else {"id": repository}}
    return {"number": number, "state": state, "head": head}


def zipped(**files: str | bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return held.getvalue()


def left(api: Api, archive: bytes, **other: Any) -> None:
    api.archives[5] = archive
    api.artifacts = [{"id": 5, "run": 99, "name": "preview", "expired": False, "created_at": "2026-11-27T04:30:00Z", **other}]


def test_the_run_is_read_from_what_github_says() -> None:
    assert untrusted.run_of(event()) == RUN


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "without `workflow_run`"),
        (event(event="push"), "on push; expected one of .github/workflows/preview.yaml"),
        (event(path=".github/workflows/evil.yaml"), "evil.yaml on pull_request; expected"),
        (event(head_sha="main"), "expected 40 hexadecimal digits"),
    ],
    ids=["no run", "another event", "another workflow", "no commit"],
)
def test_a_run_of_anything_else_posts_nothing(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(NotSaid, match=said):
        untrusted.run_of(wrong)


def test_the_pull_request_is_the_one_whose_head_was_run(api: Api) -> None:
    api.pulls = [pull(1, label="example:main", repository=OURS), pull(2), pull(3, sha="b" * 40), pull(4, state="closed")]
    assert untrusted.pull_request(api.github, RUN) == 2


@pytest.mark.parametrize(
    "other", [{"sha": "b" * 40}, {"repository": OURS}, {"repository": None}], ids=["newer commits", "another repository", "fork deleted"]
)
def test_a_run_of_what_is_no_head_any_more_is_superseded(api: Api, other: dict[str, Any]) -> None:
    api.pulls = [pull(2, **other)]
    with pytest.raises(Superseded, match="it was closed, or has newer commits"):
        untrusted.pull_request(api.github, RUN)


def test_of_two_pull_requests_with_the_commit_none_is_taken(api: Api) -> None:
    api.pulls = [pull(2), pull(3)]
    with pytest.raises(NotSaid, match=r"got 2.*close all but one"):
        untrusted.pull_request(api.github, RUN)


def test_the_text_of_the_artifact_is_read(api: Api) -> None:
    left(api, zipped(comment_md="nothing changes", preview_json="{}"))
    assert untrusted.of_attempt(api.github, RUN) == untrusted.of_job(api.github, 99, "5") == "nothing changes"


EARLIER = {"created_at": "2026-11-27T03:30:00Z"}


@pytest.mark.parametrize(
    "other", [{"name": "else"}, {"expired": True}, {"run": 98}, EARLIER], ids=["name", "expired", "another run", "an earlier attempt"]
)
def test_without_its_artifact_nothing_is_posted(api: Api, other: dict[str, Any]) -> None:
    left(api, zipped(comment_md="x"), **other)
    with pytest.raises(untrusted.Unusable, match="; expected one"):
        untrusted.of_attempt(api.github, RUN)


def test_what_an_earlier_attempt_left_does_not_stand_in_the_way(api: Api) -> None:
    left(api, zipped(comment_md="x"))
    api.artifacts.insert(0, {**api.artifacts[0], "id": 4, **EARLIER})
    assert untrusted.of_attempt(api.github, RUN) == "x"


@pytest.mark.parametrize(
    ("artifact", "other"), [("", {}), ("5", {"expired": True}), ("5", {"run": 98})], ids=["none", "expired", "another run"]
)
def test_what_no_job_of_the_run_left_is_not_posted(api: Api, artifact: str, other: dict[str, Any]) -> None:
    left(api, zipped(comment_md="x"), **other)
    with pytest.raises(untrusted.Unusable, match="; expected"):
        untrusted.of_job(api.github, 99, artifact)


LYING = zipped(comment_md="x" * 100).replace((100).to_bytes(4, "little"), (3).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        (b"no zip", "does not open"),
        (zipped(preview_json="{}"), "got 0 files"),
        (zipped(comment_md="x" * (untrusted.LARGEST_COMMENT_BYTES + 1)), "got more than 262,144 bytes"),
        (zipped(comment_md=b"\xff"), "not UTF-8"),
        (zipped(comment_md=" \n"), "an empty comment.md"),
        (zipped(comment_md="x" * 1000)[:40], "does not open"),
        (LYING, "does not open"),
    ],
    ids=["no zip", "other files", "a bomb", "bytes", "empty", "cut", "sizes that lie"],
)
def test_an_archive_that_is_not_what_the_preview_uploads_is_refused(archive: bytes, said: str) -> None:
    with pytest.raises(untrusted.Unusable, match=said):
        untrusted.unpacked(archive)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2], ids=["deflate", "lzma", "bzip2"])
def test_an_archive_that_breaks_in_the_middle_is_refused(method: int) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        archive.writestr("comment.md", "".join(map(str, range(500))))
    start = len(b"comment.md") + 30 + (9 if method == zipfile.ZIP_LZMA else 0)
    broken = bytearray(held.getvalue())
    broken[start : start + 200] = b"\xff" * 200
    with pytest.raises(untrusted.Unusable, match="does not open"):
        untrusted.unpacked(bytes(broken))


def test_a_name_that_leads_elsewhere_is_not_the_comment() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("../comment.md", "x")
    with pytest.raises(untrusted.Unusable, match="got 0 files"):
        untrusted.unpacked(held.getvalue())


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("cc @example/owners", "cc @\u200bexample/owners"),
        ("&#64;octocat &#0064;o &#x40;o &#X0040;o", "&amp;#64;octocat &amp;#0064;o &amp;#x40;o &amp;#X0040;o"),
        ("<p>&#64octocat", "<\u200bp>&amp;#64octocat"),
        ("&#640; &#x40f;", "&#640; &#x40f;"),
        ("&commat;octocat", "&amp;commat;octocat"),
        ("@&#111;ctocat", "@\u200b&#111;ctocat"),
        ("a &amp; b &#33; &lt;", "a &amp; b &#33; &lt;"),
        ("![](https://x.example/pixel)", "&#33;[](https://x.example/pixel)"),
        ("![][1]", "&#33;[][1]"),
        ("<IMG src=x>", "&lt;IMG src=x>"),
        ("< img src=x>", "&lt; img src=x>"),
        ("<a href=x>", "&lt;a href=x>"),
        ("<!-- ml-platform: preview -->", "<\u200b!-- ml-platform: preview -->"),
        ("</blockquote><?x", "<\u200b/blockquote><\u200b?x"),
        ("<details open><code>a</code><code>", "<\u200bdetails open><code>a</code><\u200bcode>"),
        ("[!NOTE]", "[&#33;NOTE]"),
        ("safe\u202edegnahc", "safe\ufffddegnahc"),
        ("a\x1b[2Jb\r\nc\td", "a\ufffd[2Jb\nc\td"),
        ("<details><summary>9 × role</summary>\n\n| `a@1` |", "<details><summary>9 × role</summary>\n\n| `a@\u200b1` |"),
        ("a <br/> b-->c", "a <br/> b-->c"),
        ("a < b << c <= d", "a < b << c <= d"),
    ],
)
def test_text_is_made_harmless_and_otherwise_left_as_it_is(text: str, harmless: str) -> None:
    assert untrusted.harmless(text) == harmless
