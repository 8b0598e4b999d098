#!/usr/bin/env python3
"""Puts a Markdown file on a pull request, as the one comment with a marker: made the first time, edited in place after that.

    scripts/comment.py --pull-request 12 --marker preview comment.md
    scripts/comment.py --pull-request 12 --marker preview-dev --artifact preview-dev   # what an earlier job of this run left
    scripts/comment.py --of-run                                                        # what the run that GitHub just finished left

It writes as a job of GitHub Actions, with GITHUB_TOKEN, to GITHUB_REPOSITORY, and needs no package. Readers do not see the marker. Only
what a job wrote itself is edited. `--of-run` takes the run from GITHUB_EVENT_PATH, and finds the pull request from what GitHub says of it.
Of an artifact, which a pull request's code wrote, it takes comment.md alone, as text, made harmless: docs/threat-model.md says why. Above
it is the commit that the run was of. Where there is no such artifact, the comment says that, in place of what it said of an older push.

Exit code: 0 it is there; 2 it could not be put there; 130 interrupted.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from operations.github import untrusted
from operations.github.client import Github, NotSaid, from_environment
from operations.github.posts import Posted, put_comment
from scripts.shown import INTERRUPTED

PUT, NOT_PUT = 0, 2

_WHERE = ("pull_request", "marker")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is as `--help` says."""
    parser = _parser()
    options = parser.parse_args(arguments)
    given = {name for name in ("pull_request", "marker", "file", "artifact") if getattr(options, name) is not None}
    complete = [set[str]()] if options.of_run else [{*_WHERE, "file"}, {*_WHERE, "artifact"}]
    if given not in complete:
        parser.error("it takes --pull-request N --marker NAME with FILE or --artifact NAME, or --of-run alone")
    try:
        github = from_environment(os.environ)
        posted = _of_run(github) if options.of_run else put_comment(github, options.pull_request, options.marker, _text(options, github))
    except NotSaid as failure:
        print(f"comment: {failure}", file=sys.stderr)
        return NOT_PUT
    except KeyboardInterrupt:
        print("comment: interrupted; run it again, and there is still one comment", file=sys.stderr)
        return INTERRUPTED
    print(f"{'made' if posted.made else 'edited'} {posted.url}")
    return PUT


def read(path: Path) -> str:
    """The text of a file. Raises NotSaid."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotSaid(f"got {path} ({error}); expected a file with Markdown; run first what writes it") from error


def _text(options: argparse.Namespace, github: Github) -> str:
    if options.file is not None:
        return read(options.file)
    run = os.environ.get("GITHUB_RUN_ID", "")
    if not run.isdigit():
        raise NotSaid(f"got GITHUB_RUN_ID {run!r}; expected a number; run this in a job, or give a FILE")
    found = github.get(f"actions/runs/{int(run)}")
    return _left(github, int(run), options.artifact, found["head_sha"], found["html_url"])


def _of_run(github: Github) -> Posted:
    path = os.environ.get("GITHUB_EVENT_PATH")
    if not path:
        raise NotSaid("got no GITHUB_EVENT_PATH; expected the file that GitHub Actions writes; run this in a job of `workflow_run`")
    run = untrusted.run_of(json.loads(read(Path(path))))
    number = untrusted.pull_request(github, run)
    return put_comment(github, number, untrusted.ARTIFACT, _left(github, run.number, untrusted.ARTIFACT, run.head_sha, run.url))


def _left(github: Github, run: int, artifact: str, head_sha: str, url: str) -> str:
    try:
        return f"Of commit {head_sha}:\n\n{untrusted.comment(github, run, artifact)}"
    except untrusted.Unusable as nothing:
        print(f"comment: {nothing}", file=sys.stderr)
        return f"**No preview of {head_sha} could be made**: {url}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="what the comment says, in Markdown")
    parser.add_argument("--pull-request", type=int, metavar="N", help="its number")
    parser.add_argument("--marker", metavar="NAME", help="which comment it is: lower-case letters, digits and hyphens")
    parser.add_argument("--artifact", metavar="NAME", help="in place of FILE: the artifact of this run that has comment.md")
    parser.add_argument("--of-run", action="store_true", help="post what the run of the event `workflow_run` left")
    return parser


if __name__ == "__main__":
    sys.exit(main())
