"""GitHub's REST API, as far as jobs use it. It needs nothing but Python, so that a job that may write installs no packages."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

# https://docs.github.com/en/rest/about-the-rest-api/api-versions
VERSION = "2022-11-28"
PAGE = 100
"""The most that GitHub lists at once: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api."""
ATTEMPTS = 4
LONGEST_WAIT_SECONDS = 90.0
"""A secondary limit is over in a minute, where GitHub does not say when:
https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""
TIMEOUT_SECONDS = 30

_BUSY_SECONDS = 60.0
_REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9_.-]+")
_LOCAL = ("127.0.0.1", "localhost")

Item = Mapping[str, Any]


class NotSaid(RuntimeError):
    """GitHub was not told, or did not answer; the message says why, and what to do."""


class TooLarge(NotSaid):
    """More than was to be read."""


class Missing(NotSaid):
    """There is no such thing, or not any more."""


class Unsure(NotSaid):
    """Whether GitHub did what it was asked is unknown: look before it is asked again."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: "Message[str, str]"
    body: bytes


@dataclass(frozen=True)
class Github:
    """One repository, as whoever the token is of. What fails for a while is tried again; a token is sent to the API and to nobody else."""

    repository: str
    token: str = field(repr=False)
    api: str = "https://api.github.com"
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def get(self, path: str, **query: str | int) -> Any:
        """What is under `path` of the repository. Raises NotSaid."""
        return json.loads(self._tried("GET", self._url(path, query)).body)

    def pages(self, path: str, **query: str | int) -> Iterator[Item]:
        """Each item of a list, all pages of it. Raises NotSaid."""
        url: str | None = self._url(path, {**query, "per_page": PAGE})
        while url is not None:
            reply = self._tried("GET", url)
            found: Any = json.loads(reply.body)
            # Lists of actions are in an object with their number: https://docs.github.com/en/rest/actions/artifacts.
            if isinstance(found, dict):
                found = next(each for each in cast("dict[str, Any]", found).values() if isinstance(each, list))
            yield from found
            url = self._next(reply)

    def change(self, path: str, body: Item, *, once: bool = False) -> Any:
        """Puts `body` over what is there. Raises NotSaid; `once`, Unsure in place of trying again what was made from an older look."""
        return json.loads(self._tried("PATCH", self._url(path, {}), body, once=once).body)

    def remove(self, path: str) -> None:
        """Deletes something. Raises NotSaid, and Missing where it is not there."""
        self._tried("DELETE", self._url(path, {}))

    def make(self, path: str, body: Item) -> Any:
        """Makes something, once. Raises Unsure where it may have been made, NotSaid where it was not."""
        return json.loads(self._tried("POST", self._url(path, {}), body).body)

    def download(self, path: str, limit_bytes: int) -> bytes:
        """What GitHub keeps elsewhere. Raises NotSaid, and TooLarge for more than `limit_bytes`."""
        return self._tried("GET", self._url(path, {}), limit_bytes=limit_bytes).body

    def _url(self, path: str, query: Mapping[str, str | int]) -> str:
        return f"{self.api}/repos/{self.repository}/{path}{'?' if query else ''}{urlencode(query)}"

    def _next(self, reply: Reply) -> str | None:
        """The next page's address, which must be the API's: the token is sent there."""
        found = re.search(r'<([^<>]+)>;\s*rel="next"', reply.headers.get("Link") or "")
        if found is None:
            return None
        if urlsplit(found[1])[:2] != urlsplit(self.api)[:2]:
            raise NotSaid(f"got a next page at {urlsplit(found[1]).netloc}; expected one of {self.api}; nothing was sent there")
        return found[1]

    def _tried(self, method: str, url: str, body: Item | None = None, limit_bytes: int | None = None, once: bool = False) -> Reply:
        what = f"{method} {urlsplit(url).path}"
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                reply = self._sent(method, url, body, limit_bytes)
            except (OSError, HTTPException) as error:
                if method == "POST" or once:
                    raise Unsure(f"{what}: {error}; it may have been done") from error
                if last:
                    raise NotSaid(f"{what}: {error}, {ATTEMPTS} times; run the job again when GitHub answers") from error
                self.sleep(2.0**attempt)
                continue
            if reply.status < 300:
                return reply
            wait = _wait(reply, attempt)
            if (method == "POST" or once) and reply.status >= 500:
                raise Unsure(f"{what}: GitHub answered {reply.status}; it may have been done")
            if wait is None or wait > LONGEST_WAIT_SECONDS or last:
                raise (Missing if reply.status == 404 else NotSaid)(f"{what}: {_refusal(reply, wait)}")
            self.sleep(wait)
            if once:
                raise Unsure(f"{what}: {_refusal(reply, wait)}")
        raise AssertionError(what)

    def _sent(self, method: str, url: str, body: Item | None, limit_bytes: int | None) -> Reply:
        request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
        request.add_header("Accept", "application/vnd.github+json")
        request.add_header("X-GitHub-Api-Version", VERSION)
        request.add_header("User-Agent", "ml-platform")
        # Not to where an artifact is kept, to which GitHub redirects.
        request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                content = answer.read() if limit_bytes is None else answer.read(limit_bytes + 1)
                if limit_bytes is not None and len(content) > limit_bytes:
                    raise TooLarge(f"{method} {urlsplit(url).path}: got more than {limit_bytes:,} bytes, the limit; it is not read")
                return Reply(answer.status, answer.headers, content)
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())


def from_environment(environment: Mapping[str, str]) -> Github:
    """As GitHub Actions describes itself to a job, whose step gives GITHUB_TOKEN. Raises NotSaid for what is missing or does not fit."""
    missing = [name for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN") if not environment.get(name)]
    if missing:
        remedy = "in a job, give the step `GITHUB_TOKEN: ${{ github.token }}`; by hand, `export GITHUB_REPOSITORY=OWNER/NAME` too"
        raise NotSaid(f"got no {' and no '.join(missing)} in the environment; expected both; {remedy}")
    repository, api = environment["GITHUB_REPOSITORY"], environment.get("GITHUB_API_URL") or Github.api
    if not _REPOSITORY.fullmatch(repository):
        raise NotSaid(f"got repository {repository!r}; expected OWNER/NAME; correct GITHUB_REPOSITORY")
    address = urlsplit(api)
    if address.scheme != "https" and address.hostname not in _LOCAL:
        raise NotSaid(f"got GITHUB_API_URL {api}; expected https, because the token is sent there; correct it")
    return Github(repository, environment["GITHUB_TOKEN"], api.rstrip("/"))


def _wait(reply: Reply, attempt: int) -> float | None:
    """How long until it may be asked again; None where asking again does not help."""
    if reply.status >= 500:
        return 2.0**attempt
    after, remaining = reply.headers.get("Retry-After"), reply.headers.get("X-RateLimit-Remaining")
    if reply.status not in {403, 429}:
        return None
    if after is not None and after.isdigit():
        return float(after)
    if remaining == "0":
        return max(float(reply.headers.get("X-RateLimit-Reset") or 0) - time.time(), 1.0)
    return _BUSY_SECONDS if reply.status == 429 or b"secondary rate limit" in reply.body.lower() else None


def _refusal(reply: Reply, wait: float | None) -> str:
    if wait is not None and wait > LONGEST_WAIT_SECONDS:
        return f"GitHub's limit of requests is used up for {wait:.0f} s more; run the job again after that"
    try:
        said = str(json.loads(reply.body).get("message", ""))[:200]
    except (ValueError, AttributeError):
        said = ""
    remedies = {
        401: "the token is none, or no longer; a job's ends with the job",
        403: "give the job the permission that this takes: pull-requests, issues or actions in its `permissions`",
        404: "correct the number or the repository, or give the job a token that sees it",
        410: "issues are off for this repository, or it is deleted; turn them on",
        422: "GitHub does not take what was sent",
    }
    remedy = remedies.get(reply.status, "run the job again when GitHub answers")
    return f"GitHub answered {reply.status}{f' ({said!r})' if said else ''}; {remedy}"
