"""A server that answers as GitHub's REST API does, where jobs ask it, and that fails as it is told to."""

import copy
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from operations.github.client import Github
from operations.github.posts import BOT

REPOSITORY, TOKEN = "example/ml-platform", "ghs_secret"


@dataclass(frozen=True)
class Fault:
    """What is answered once, in place of the answer. `after`: what was asked is done nevertheless, and the answer lost."""

    status: int
    headers: dict[str, str] = field(default_factory=dict[str, str])
    message: str = "no"
    after: bool = False


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    authorization: str | None
    body: Any


class Api:
    """What the repository has, by the words of GitHub: https://docs.github.com/en/rest."""

    def __init__(self) -> None:
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.issues: list[dict[str, Any]] = []
        self.pulls: list[dict[str, Any]] = []
        self.runs: dict[int, dict[str, Any]] = {}
        self.artifacts: list[dict[str, Any]] = []
        self.archives: dict[int, bytes] = {}
        self.faults: list[Fault | None] = []
        """Of the next requests, one each; None: none."""
        self.asked: list[Asked] = []
        self.waited: list[float] = []
        self.largest_page = 2
        self.listed: Callable[[], None] = lambda: None
        """Called when the comments of a pull request were read, before that is answered."""
        self.next_at: str | None = None
        self._number = 1000
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def github(self) -> Github:
        return Github(REPOSITORY, TOKEN, self.url, self.waited.append)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def number(self) -> int:
        self._number += 1
        return self._number

    def written(self, body: str, by: str = BOT, **more: Any) -> dict[str, Any]:
        """A comment or an issue that is there."""
        number = self.number()
        return {"id": number, "number": number, "body": body, "user": {"login": by}, "html_url": f"https://github.com/x/{number}", **more}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        """None: there is no such thing."""
        parts = path.removeprefix(f"/repos/{REPOSITORY}/").split("/")
        match method, parts:
            case "GET", ["issues", number, "comments"]:
                return self.comments.get(int(number))
            case "POST", ["issues", number, "comments"]:
                self.comments[int(number)].append(made := self.written(body["body"]))
                del made["number"]
                return made
            case "PATCH", ["issues", "comments", id_]:
                return self._over(int(id_), body)
            case "DELETE", ["issues", "comments", id_]:
                return self._deleted(int(id_))
            case "GET", ["issues"]:
                return [each for each in self.issues if each["state"] == query["state"] and query["labels"] in each["labels"]]
            case "POST", ["issues"]:
                self.issues.append(made := self.written(body["body"], title=body["title"], labels=body["labels"], state="open"))
                return made
            case "PATCH", ["issues", number]:
                found = next(each for each in self.issues if each["number"] == int(number))
                found.update(body)
                return found
            case "GET", ["pulls"]:
                owner, _, branch = query["head"].partition(":")
                return [each for each in self.pulls if each["head"]["label"] == f"{owner}:{branch}" and each["state"] == query["state"]]
            case "GET", ["pulls", number]:
                return next((each for each in self.pulls if each["number"] == int(number)), None)
            case "GET", ["actions", "runs", run]:
                return self.runs.get(int(run))
            case "GET", ["actions", "runs", run, "artifacts"]:
                mine = [each for each in self.artifacts if each["run"] == int(run)]
                return {"total_count": len(mine), "artifacts": mine}
            case "GET", ["actions", "artifacts", artifact]:
                found = next((each for each in self.artifacts if each["id"] == int(artifact)), None)
                return None if found is None else {**found, "workflow_run": {"id": found["run"]}}
            case _:
                return None

    def _over(self, id_: int, body: dict[str, Any]) -> dict[str, Any] | None:
        found = next((each for listed in self.comments.values() for each in listed if each["id"] == id_), None)
        if found is not None:
            found.update(body)
        return found

    def _deleted(self, id_: int) -> str | None:
        """No content: https://docs.github.com/en/rest/issues/comments#delete-an-issue-comment."""
        for listed in self.comments.values():
            for each in listed:
                if each["id"] == id_:
                    listed.remove(each)
                    return ""
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                pass

            def _do(self) -> None:
                address = urlsplit(self.path)
                query = {key: value[0] for key, value in parse_qs(address.query).items()}
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                api.asked.append(Asked(self.command, address.path, query, self.headers.get("Authorization"), body))
                fault = api.faults.pop(0) if api.faults else None
                if fault is not None and not fault.after:
                    return self._send(fault.status, json.dumps({"message": fault.message}).encode(), fault.headers)
                if address.path.startswith("/stored/"):
                    return self._send(200, api.archives[int(address.path.rpartition("/")[2])], {})
                if address.path.endswith("/zip"):
                    # Under another name, as GitHub keeps artifacts with somebody else.
                    elsewhere = f"{api.url.replace('127.0.0.1', 'localhost')}/stored/{address.path.split('/')[-2]}"
                    return self._send(302, b"", {"Location": elsewhere})
                found = api.answer(self.command, address.path, query, body)
                if self.command == "GET" and address.path.endswith("/comments"):
                    found = copy.deepcopy(found)
                    api.listed()
                if fault is not None:
                    return self._send(fault.status, json.dumps({"message": fault.message}).encode(), fault.headers)
                if found is None:
                    return self._send(404, b'{"message": "Not Found"}', {})
                if found == "":
                    return self._send(204, b"", {})
                headers: dict[str, str] = {}
                if isinstance(found, list):
                    found, headers = self._page(found, address.path, query)
                return self._send(200, json.dumps(found).encode(), headers)

            def _page(self, found: list[Any], path: str, query: dict[str, str]) -> tuple[list[Any], dict[str, str]]:
                size, page = min(int(query.get("per_page", 30)), api.largest_page), int(query.get("page", 1))
                more = "&".join(f"{key}={value}" for key, value in {**query, "page": page + 1}.items())
                link = f'<{api.next_at or api.url}{path}?{more}>; rel="next", <{api.url}{path}>; rel="last"'
                return found[(page - 1) * size : page * size], {"Link": link} if len(found) > page * size else {}

            def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = do_DELETE = _do  # noqa: N815

        return Handler
