#!/usr/bin/env python3
"""Puts what a job left on a pull request: a part of the one comment there, which is made the first time and edited in place after that.

    scripts/comment.py --of-run                                                        # what the preview that GitHub just finished left
    scripts/comment.py --pull-request 12 --part preview-dev --artifact 4711            # what an earlier job of this run left
    scripts/comment.py --pull-request 12 --part ephemeral --gone                       # its environment is there no more

It writes as a job of GitHub Actions, with GITHUB_TOKEN, to GITHUB_REPOSITORY, and needs no package. The other parts stay as they are, and
only what a job wrote itself is edited. `--of-run` takes the run from GITHUB_EVENT_PATH, and finds the pull request from what GitHub says of
it. Of an artifact, which a pull request's code wrote, it takes comment.md alone, as text, made harmless and quoted: docs/threat-model.md
says why. Above it is the commit that the run was of. Where there is no such artifact, the part says that, in place of what it said of an
older push. Nothing of an older commit replaces what is said of the one that the pull request is at.

Exit code: 0 it is there, or is of no use any more; 2 it could not be put there; 130 interrupted.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from operations.github import untrusted
from operations.github.client import Github, NotSaid, from_environment
from operations.github.comments import head_of, put_part
from operations.github.parts import EPHEMERAL, PLACES, PREVIEW, Part, part
from operations.github.posts import Posted, Superseded
from scripts.shown import INTERRUPTED

PUT, NOT_PUT = 0, 2

GONE = "It is destroyed."


@dataclass(frozen=True)
class Left:
    """What a run has to say, and of what."""

    commit: str
    url: str
    text: Callable[[], str]
    """Raises Unusable where there is nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is as `--help` says."""
    parser = _parser()
    options = parser.parse_args(arguments)
    given = {name for name in ("pull_request", "part", "artifact", "gone", "of_run") if getattr(options, name) not in (None, False)}
    if given not in ({"of_run"}, {"pull_request", "part", "artifact"}, {"pull_request", "part", "gone"}):
        parser.error("it takes --pull-request N --part NAME with --artifact ID or --gone, or --of-run alone")
    if options.gone and options.part != EPHEMERAL:
        parser.error(f"got --gone of {options.part}; of --part {EPHEMERAL} alone it is known what is gone")
    try:
        posted = _put(options, from_environment(os.environ))
    except Superseded as why:
        print(f"nothing to put there: {why}")
        return PUT
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


def _put(options: argparse.Namespace, github: Github) -> Posted:
    if options.of_run:
        return _of_run(github)
    if options.gone:
        return put_part(github, options.pull_request, part(options.part, GONE, None), replace_only=True)
    run = os.environ.get("GITHUB_RUN_ID", "")
    if not run.isdigit():
        raise NotSaid(f"got GITHUB_RUN_ID {run!r}; expected a number; run this in a job")
    found = github.get(f"actions/runs/{int(run)}")
    left = Left(found["head_sha"], found["html_url"], lambda: untrusted.of_job(github, int(run), options.artifact))
    return put_part(github, options.pull_request, _part(left, options.part, head_of(github, options.pull_request)))


def _of_run(github: Github) -> Posted:
    path = os.environ.get("GITHUB_EVENT_PATH")
    if not path:
        raise NotSaid("got no GITHUB_EVENT_PATH; expected the file that GitHub Actions writes; run this in a job of `workflow_run`")
    run = untrusted.run_of(json.loads(read(Path(path))))
    number = untrusted.pull_request(github, run)
    left = Left(run.head_sha, run.url, lambda: untrusted.of_attempt(github, run))
    return put_part(github, number, _part(left, PREVIEW, run.head_sha))


def _part(left: Left, name: str, head: str) -> Part:
    """What is said of what a run left; Superseded for nothing of an older commit, as a run leaves that a newer push cancelled."""
    try:
        return part(name, left.text(), left.commit)
    except untrusted.Unusable as nothing:
        if left.commit != head:
            raise Superseded(f"{nothing}; the pull request is at {head} now") from nothing
        print(f"comment: {nothing}", file=sys.stderr)
        return part(name, f"**{PLACES[name].unmade}**: {left.url}", left.commit)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pull-request", type=int, metavar="N", help="its number")
    parser.add_argument("--part", choices=PLACES, metavar="NAME", help=f"which part of the comment: {', '.join(PLACES)}")
    parser.add_argument("--artifact", metavar="ID", help="of the artifact of this run that has comment.md; empty where the job left none")
    parser.add_argument("--gone", action="store_true", help="say that it is gone, where the comment has such a part")
    parser.add_argument("--of-run", action="store_true", help="put what the run of the event `workflow_run` left")
    return parser


if __name__ == "__main__":
    sys.exit(main())
